// The tables of a shared log in PostgreSQL. One database has one log.

/** Whoever holds it writes; it ends with the transaction. */
export const WRITE_LOCK = '(1718637644, 1)';
/** Whoever holds it begins: makes tables, or a copy. */
export const BEGIN_LOCK = '(1718637644, 2)';

export const NEW_ENTRIES = 'fileproc_entries';
export const PROGRESS = 'fileproc_progress';

/**
`log` has one row. `format` says what entries mean: they are changes by their names, so all instances must mean the same by these.

An instance says from time to time that it is there. What only one of them is to do at a time is done by the keeper: who has the row of `keeper`, until then. All by
the clock of the database.

A snapshot is a copy as a file, in parts; entries that all copies have, and the newest snapshot has, are removed.
*/
export const LOG_TABLES = `
CREATE SCHEMA IF NOT EXISTS fileproc;
CREATE TABLE IF NOT EXISTS fileproc.log (
	only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
	id text NOT NULL,
	secret text NOT NULL,
	format text NOT NULL,
	version text NOT NULL
);
CREATE TABLE IF NOT EXISTS fileproc.entries (
	number bigint PRIMARY KEY,
	id text NOT NULL UNIQUE,
	instance text NOT NULL,
	changed_rows integer NOT NULL,
	changes bytea NOT NULL,
	written_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS fileproc.instances (
	id text PRIMARY KEY,
	version text NOT NULL,
	position bigint NOT NULL,
	seen_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS fileproc.keeper (
	only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
	instance text NOT NULL,
	until timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS fileproc.snapshots (
	position bigint NOT NULL,
	part integer NOT NULL,
	bytes bytea NOT NULL,
	PRIMARY KEY (position, part)
);
`;
