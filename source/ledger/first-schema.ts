// The tables as they were first; see `schema.ts` for what has changed since.
/**
One row a run, one narrow row a file, and the events of a run in compressed segments: they hold all that an output was told, so
that a past run can be shown as it was. Times are milliseconds since 1970.

An attempt has a row where it failed, or had not ended when something else was written; one without an end was cut off, or is under way. Rejects are
counted by their reasons, of those that the report lists.

What files came to is kept once for each content and way to read it, many in one compressed segment; `sources` says which file had
which content, and in which state the file was. A checkpoint is there while a large file is read.

A file that a watched folder has taken is a claim. It is intended before the file is moved to `underprocess/`, claimed when it lies there, decided
together with what it came to, and finished when it lies at its destination. An attempt without an end was cut off: its process has died,
or is at it. Commits are of one owner at a time, see `owners`. A file in `failed/` that is tried again becomes another claim (`retry_of`); from then
on the first one has no file any more, and does not count (`retried_by`).

What has been done with a server is in `audit`, each line with a hash of itself and the one in front of it (`audit-chain.ts`); line 0 is what the first one is
chained to.

A server keeps its accounts, their tokens, recovery codes and invitations to make one (only what they hash to), their second factors (the secret itself,
of which codes are made; `used_step` is the time of the last code that was used), what they are sending (`uploads`) and have sent in (`datasets`), what is made of it (`tasks`), what happened to
these (`server_events`), and answers that are given again where the same is asked twice (`answers`). A data set has a checkpoint for each way to
read it while a task is at it; `deaths` of a task are those of processes that were at it, since the last checkpoint.

An action on all files that match is a bulk, with the files that matched when it was asked for, and what became of each.

What happened is a notice where an account has an endpoint that wants it: written in the transaction of what happened, with one delivery for each
of these endpoints. A delivery is pending until the endpoint has taken it, or it has failed too often; it keeps the notice's id over all attempts.
*/
export const VERSION_1 = `
CREATE TABLE runs (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	started_at INTEGER NOT NULL,
	ended_at INTEGER,
	status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'cancelled')),
	folder TEXT NOT NULL,
	paths TEXT NOT NULL,
	settings TEXT NOT NULL,
	reading TEXT NOT NULL DEFAULT '',
	totals TEXT,
	process TEXT NOT NULL,
	version TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_start ON runs (started_at, number);
CREATE TABLE files (
	run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
	position INTEGER NOT NULL,
	file TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('completed', 'failed', 'cancelled', 'skipped')),
	no_record TEXT,
	code TEXT,
	analyses TEXT,
	attempts INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	rows INTEGER NOT NULL,
	rejected_rows INTEGER NOT NULL,
	content_hash BLOB,
	PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (
	run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
	position INTEGER NOT NULL,
	number INTEGER NOT NULL,
	file TEXT NOT NULL,
	started_at INTEGER NOT NULL,
	ended_at INTEGER,
	code TEXT,
	PRIMARY KEY (run, position, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE rejects (
	run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
	position INTEGER NOT NULL,
	reason TEXT NOT NULL,
	count INTEGER NOT NULL,
	line INTEGER NOT NULL,
	PRIMARY KEY (run, position, reason)
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
	run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
	number INTEGER NOT NULL,
	lines BLOB NOT NULL,
	PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE segments (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	results BLOB NOT NULL
) STRICT;
CREATE TABLE results (
	number INTEGER PRIMARY KEY,
	settings BLOB NOT NULL,
	hash TEXT NOT NULL CHECK (hash IN ('xxh3-128', 'sha256', 'sha256-tree')),
	content BLOB NOT NULL,
	kind TEXT NOT NULL,
	segment INTEGER NOT NULL REFERENCES segments,
	start INTEGER NOT NULL,
	length INTEGER NOT NULL,
	UNIQUE (settings, hash, content, kind)
) STRICT;
CREATE TABLE sources (
	settings BLOB NOT NULL,
	path BLOB NOT NULL,
	identity TEXT NOT NULL,
	result INTEGER NOT NULL REFERENCES results,
	run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
	PRIMARY KEY (settings, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_by_run ON sources (run);
CREATE INDEX sources_by_result ON sources (result);
CREATE TABLE owners (
	epoch INTEGER PRIMARY KEY AUTOINCREMENT,
	process TEXT NOT NULL,
	started_at INTEGER NOT NULL,
	ended_at INTEGER
) STRICT;
CREATE TABLE claims (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	name BLOB NOT NULL,
	stored_name BLOB NOT NULL,
	source TEXT NOT NULL,
	route TEXT,
	retry_of TEXT,
	retried_by TEXT,
	state TEXT NOT NULL CHECK (state IN ('intended', 'claimed', 'decided', 'finished')),
	status TEXT CHECK (status IN ('completed', 'failed', 'duplicate')),
	destination TEXT CHECK (destination IN ('processed', 'failed')),
	duplicate_of TEXT,
	code TEXT,
	message TEXT,
	tag TEXT,
	step TEXT,
	attempts INTEGER NOT NULL DEFAULT 0,
	bytes INTEGER NOT NULL,
	rows INTEGER,
	rejected_rows INTEGER,
	identity TEXT,
	content_hash BLOB,
	arrived_at INTEGER NOT NULL,
	claimed_at INTEGER NOT NULL,
	started_at INTEGER,
	decided_at INTEGER,
	finished_at INTEGER,
	outputs TEXT,
	result INTEGER REFERENCES results
) STRICT;
CREATE INDEX claims_by_state ON claims (state) WHERE state <> 'finished';
CREATE INDEX claims_by_end ON claims (decided_at);
CREATE INDEX failed_claims ON claims (decided_at) WHERE status = 'failed' AND retried_by IS NULL;
CREATE INDEX retried_claims ON claims (retried_by) WHERE retried_by IS NOT NULL;
CREATE INDEX claims_by_result ON claims (result);
CREATE TABLE claim_attempts (
	claim INTEGER NOT NULL REFERENCES claims ON DELETE CASCADE,
	number INTEGER NOT NULL,
	epoch INTEGER NOT NULL REFERENCES owners,
	started_at INTEGER NOT NULL,
	ended_at INTEGER,
	code TEXT,
	PRIMARY KEY (claim, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE processor_states (
	processor TEXT PRIMARY KEY,
	state BLOB NOT NULL,
	claim INTEGER NOT NULL REFERENCES claims
) STRICT, WITHOUT ROWID;
CREATE TABLE accounts (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL UNIQUE COLLATE NOCASE,
	password TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'user', 'uploader', 'viewer')),
	is_disabled INTEGER NOT NULL DEFAULT 0 CHECK (is_disabled IN (0, 1)),
	must_change_password INTEGER NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1)),
	created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tokens (
	hash BLOB PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
	kind TEXT NOT NULL CHECK (kind IN ('session', 'api')),
	name TEXT NOT NULL,
	scopes TEXT NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL,
	expires_at INTEGER,
	used_at INTEGER,
	used_from TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_account ON tokens (account);
CREATE TABLE second_factors (
	account TEXT PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
	secret BLOB NOT NULL,
	created_at INTEGER NOT NULL,
	confirmed_at INTEGER,
	used_step INTEGER NOT NULL DEFAULT -1
) STRICT, WITHOUT ROWID;
CREATE TABLE recovery_codes (
	hash BLOB PRIMARY KEY,
	account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_codes_by_account ON recovery_codes (account);
CREATE TABLE invitations (
	hash BLOB PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	role TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'user', 'uploader', 'viewer')),
	created_by TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
	number INTEGER PRIMARY KEY,
	record TEXT NOT NULL,
	hash BLOB NOT NULL
) STRICT;
INSERT INTO audit VALUES (0, '', zeroblob(32));
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TABLE datasets (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL,
	name TEXT NOT NULL,
	relative_path TEXT,
	source TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('stored', 'deleted')),
	bytes INTEGER NOT NULL,
	sha256 BLOB NOT NULL,
	received_at INTEGER NOT NULL,
	expires_at INTEGER
) STRICT;
CREATE INDEX datasets_by_account ON datasets (account, number);
CREATE TABLE uploads (
	id TEXT PRIMARY KEY,
	account TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	received_bytes INTEGER NOT NULL DEFAULT 0,
	metadata TEXT NOT NULL,
	touched_at INTEGER NOT NULL,
	dataset TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_by_account ON uploads (account);
CREATE TABLE tasks (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL,
	dataset INTEGER NOT NULL REFERENCES datasets,
	task TEXT NOT NULL,
	analyses TEXT NOT NULL,
	options TEXT NOT NULL DEFAULT '{}',
	state TEXT NOT NULL CHECK (state IN ('QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')),
	attempts INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	started_at INTEGER,
	ended_at INTEGER,
	rows INTEGER,
	rejected_rows INTEGER,
	error TEXT,
	report BLOB,
	deaths INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX tasks_by_account ON tasks (account, number);
CREATE INDEX tasks_by_dataset ON tasks (dataset);
CREATE INDEX open_tasks ON tasks (state, account, number) WHERE state IN ('QUEUED', 'PROCESSING');
CREATE TABLE task_checkpoints (
	dataset TEXT NOT NULL,
	reading BLOB NOT NULL,
	identity TEXT NOT NULL,
	state BLOB NOT NULL,
	PRIMARY KEY (dataset, reading)
) STRICT, WITHOUT ROWID;
CREATE TABLE server_events (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	account TEXT NOT NULL,
	task TEXT,
	line TEXT NOT NULL
) STRICT;
CREATE INDEX server_events_by_account ON server_events (account, number);
CREATE TABLE answers (
	account TEXT NOT NULL,
	key TEXT NOT NULL,
	fingerprint BLOB NOT NULL,
	status INTEGER NOT NULL,
	answer TEXT NOT NULL,
	answered_at INTEGER NOT NULL,
	PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE bulks (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL,
	action TEXT NOT NULL CHECK (action IN ('cancel', 'retry', 'delete', 'run')),
	q TEXT NOT NULL,
	task TEXT,
	state TEXT NOT NULL CHECK (state IN ('RUNNING', 'COMPLETED', 'CANCELLED')),
	created_at INTEGER NOT NULL,
	ended_at INTEGER
) STRICT;
CREATE INDEX bulks_by_account ON bulks (account, number);
CREATE TABLE bulk_files (
	bulk INTEGER NOT NULL REFERENCES bulks ON DELETE CASCADE,
	position INTEGER NOT NULL,
	file TEXT NOT NULL,
	state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'skipped', 'failed')),
	reason TEXT,
	PRIMARY KEY (bulk, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_files_by_state ON bulk_files (bulk, state, position);
CREATE TABLE endpoints (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL,
	url TEXT NOT NULL,
	secret TEXT NOT NULL,
	old_secret TEXT,
	old_secret_until INTEGER,
	types TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('unconfirmed', 'on', 'off')),
	off_reason TEXT,
	failures INTEGER NOT NULL DEFAULT 0,
	rests_until INTEGER,
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX endpoints_by_account ON endpoints (account, number);
CREATE TABLE notices (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL,
	type TEXT NOT NULL,
	body TEXT NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE deliveries (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	notice INTEGER NOT NULL REFERENCES notices ON DELETE CASCADE,
	endpoint INTEGER NOT NULL REFERENCES endpoints ON DELETE CASCADE,
	state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
	attempts INTEGER NOT NULL DEFAULT 0,
	failures INTEGER NOT NULL DEFAULT 0,
	next_at INTEGER NOT NULL,
	ended_at INTEGER
) STRICT;
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint, number);
CREATE INDEX deliveries_by_notice ON deliveries (notice);
CREATE INDEX pending_deliveries ON deliveries (next_at) WHERE state = 'pending';
CREATE TABLE delivery_attempts (
	delivery INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
	number INTEGER NOT NULL,
	begun_at INTEGER NOT NULL,
	ms INTEGER NOT NULL,
	status INTEGER,
	error TEXT,
	PRIMARY KEY (delivery, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (
	settings BLOB NOT NULL,
	path BLOB NOT NULL,
	identity TEXT NOT NULL,
	state BLOB NOT NULL,
	run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
	PRIMARY KEY (settings, path)
) STRICT, WITHOUT ROWID;
`;
