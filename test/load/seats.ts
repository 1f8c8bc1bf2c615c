// Accounts with a session each, written to a ledger directly: to hash a thousand passwords would take minutes.
import type {DatabaseSync} from 'node:sqlite';
import {createId, createSecret, hashSecret} from '../../source/server/ids.ts';

export interface Seat {
	/** Of the account. */
	readonly id: string;
	readonly token: string;
}

const SESSION_MS = 24 * 60 * 60 * 1000;

export function writeSeats(database: DatabaseSync, count: number): readonly Seat[] {
	const account = database.prepare(
		`INSERT INTO accounts (id, name, password, role, created_at) VALUES (?, ?, '', 'user', ?)`,
	);
	const session = database.prepare(
		`INSERT INTO tokens (hash, id, account, kind, name, created_at, expires_at, used_at, used_from)
		VALUES (?, ?, ?, 'session', '', ?, ?, ?, '127.0.0.1')`,
	);
	const now = Date.now();
	database.exec('BEGIN IMMEDIATE');
	const seats = Array.from({length: count}, (_, number) => {
		const [id, token] = [createId('u'), createSecret('fps_')];
		account.run(id, `load-${number}`, now);
		session.run(hashSecret(token), createId('t'), id, now, now + SESSION_MS, now);
		return {id, token};
	});
	database.exec('COMMIT');
	return seats;
}
