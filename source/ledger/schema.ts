// The tables of a ledger. A change of them is a step in `MIGRATIONS`; files of any earlier version are brought up to date when they
// are opened to be written.
import {VERSION_1} from './first-schema.ts';

/** "fpTL" in ASCII: what the file format calls the application id. */
export const APPLICATION_ID = 0x6670544c;

/**
What one process of a server writes to its log of events is an epoch: `after` is the newest event when it began. Where a ledger is replaced by an
earlier copy, what had been written since is of an epoch that it does not know, or behind the end of one. A task that is paused is QUEUED, and its turn does not come.
*/
const VERSION_2 = `
CREATE TABLE event_epochs (
	number INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	after INTEGER NOT NULL
) STRICT;
ALTER TABLE tasks ADD COLUMN is_paused INTEGER NOT NULL DEFAULT 0;
CREATE INDEX waiting_tasks ON tasks (account, number) WHERE state = 'QUEUED' AND is_paused = 0;
`;

/**
A mapping that is removed keeps its numbers, so that a version named by a task is never another one. `tasks.mapping` is JSON; NULL: the server chooses.
`bulks.of_account` is the account whose files are meant, `*`: of all; NULL: one's own. `datasets.corrects` is the id of the file whose rejected records this one has, corrected.
*/
const VERSION_3 = `
CREATE TABLE mappings (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	account TEXT NOT NULL,
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	headings TEXT NOT NULL,
	map TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	is_removed INTEGER NOT NULL DEFAULT 0 CHECK (is_removed IN (0, 1)),
	UNIQUE (account, name, version)
) STRICT;
ALTER TABLE tasks ADD COLUMN mapping TEXT;
ALTER TABLE bulks ADD COLUMN of_account TEXT;
ALTER TABLE datasets ADD COLUMN corrects TEXT;
CREATE INDEX corrected_datasets ON datasets (corrects) WHERE corrects IS NOT NULL;
`;

/**
A program that asks to be let in has a device code, and shows a person a user code; both are kept as what they hash to. The login that lets it in (`allowed_by`)
must still be there when the program comes for its own.

A drop link lets others send files to an account, and nothing else; what came by it says so (`link`), also when the link is gone.
*/
const VERSION_4 = `
CREATE TABLE device_logins (
	device_hash BLOB PRIMARY KEY,
	user_hash BLOB NOT NULL UNIQUE,
	client TEXT NOT NULL,
	asked_from TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('pending', 'allowed', 'denied')),
	account TEXT REFERENCES accounts ON DELETE CASCADE,
	allowed_by BLOB,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX device_logins_by_account ON device_logins (account);
CREATE TABLE drop_links (
	hash BLOB PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
	name TEXT NOT NULL,
	max_bytes INTEGER NOT NULL,
	max_files INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX drop_links_by_account ON drop_links (account);
ALTER TABLE datasets ADD COLUMN link TEXT;
ALTER TABLE uploads ADD COLUMN link TEXT;
CREATE INDEX datasets_by_link ON datasets (link) WHERE link IS NOT NULL;
CREATE INDEX uploads_by_link ON uploads (link) WHERE link IS NOT NULL;
`;

/**
Whom a provider of logins has sent is an account by the provider's name for them. A login by it is asked about again when its time is over (`check_at`).

A data set waits for a scanner before it is read; NULL: there was none when it came.
*/
const VERSION_5 = `
CREATE TABLE identities (
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
	PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_by_account ON identities (account);
CREATE TABLE oidc_logins (
	token BLOB PRIMARY KEY REFERENCES tokens ON DELETE CASCADE,
	refresh_token TEXT NOT NULL,
	check_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX oidc_logins_by_time ON oidc_logins (check_at);
ALTER TABLE datasets ADD COLUMN scan TEXT CHECK (scan IN ('waiting', 'clean', 'skipped', 'blocked'));
CREATE INDEX scanning_datasets ON datasets (number) WHERE scan = 'waiting';
`;

/**
What a provider has granted is asked about on as long as anything is there that was made by it: logins, also of programs, tokens and drop links. All of it goes
with the grant.
*/
const VERSION_6 = `
CREATE TABLE provider_grants (
	id TEXT PRIMARY KEY,
	account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
	refresh_token TEXT NOT NULL,
	check_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_grants_by_account ON provider_grants (account);
CREATE INDEX provider_grants_by_time ON provider_grants (check_at);
ALTER TABLE tokens ADD COLUMN provider_grant TEXT REFERENCES provider_grants ON DELETE CASCADE;
ALTER TABLE drop_links ADD COLUMN provider_grant TEXT REFERENCES provider_grants ON DELETE CASCADE;
CREATE INDEX tokens_by_grant ON tokens (provider_grant) WHERE provider_grant IS NOT NULL;
CREATE INDEX drop_links_by_grant ON drop_links (provider_grant) WHERE provider_grant IS NOT NULL;
INSERT INTO provider_grants SELECT lower(hex(token)), account, refresh_token, check_at FROM oidc_logins JOIN tokens ON hash = token;
UPDATE tokens SET provider_grant = lower(hex(hash)) WHERE hash IN (SELECT token FROM oidc_logins);
DROP TABLE oidc_logins;
`;

/** What a completed task came to, in a form that can be added to that of others; NULL: it is too large, or is not kept any more. */
const VERSION_7 = `
ALTER TABLE tasks ADD COLUMN partials BLOB;
`;

/** What was put into the watched folder that is served beside counts for the quota of who has sent it, for a time. */
const VERSION_8 = `
CREATE TABLE inbox_drops (
	number INTEGER PRIMARY KEY,
	account TEXT NOT NULL,
	name TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	dropped_at INTEGER NOT NULL
) STRICT;
CREATE INDEX inbox_drops_by_account ON inbox_drops (account, dropped_at);
`;

/**
A ledger may be a copy of a log that several servers share: of which one, how far, and by which entry it is known there. `tasks.instance` is the one of them that works on
a task; `uploads.holder` is the one that writes to an upload. NULL: there is none, or there is one server only.
*/
const VERSION_9 = `
CREATE TABLE shared_copy (
	only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
	log TEXT NOT NULL,
	place TEXT NOT NULL,
	position INTEGER NOT NULL,
	entry TEXT NOT NULL
) STRICT;
ALTER TABLE tasks ADD COLUMN instance TEXT;
ALTER TABLE uploads ADD COLUMN holder TEXT;
`;

/** The step at index n leads from version n to n + 1. */
export const MIGRATIONS: readonly string[] = [
	VERSION_1,
	VERSION_2,
	VERSION_3,
	VERSION_4,
	VERSION_5,
	VERSION_6,
	VERSION_7,
	VERSION_8,
	VERSION_9,
];
