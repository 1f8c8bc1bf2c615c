// What a finished claim has left in the folders.
import type {DatabaseSync} from 'node:sqlite';
import {pathText} from '../text/path-text.ts';

export interface FinishedClaim {
	readonly id: string;
	/** Below `unprocessed/`, as a text of `text/path-text.ts`. */
	readonly name: string;
	readonly storedName: string;
	readonly destination: 'processed' | 'failed' | null;
	/** Names of what its steps have written. */
	readonly outputs: readonly string[];
	/** Milliseconds since 1970, of a file that was taken up again those of that claim, too; `null`: it is not finished. */
	readonly finishedAt: number | null;
}

/** `null`: there is no such claim. Of one that is not finished it says so. */
export function findFinished(ledger: DatabaseSync, id: string): FinishedClaim | null {
	const row = ledger
		.prepare(
			`SELECT name, stored_name, state, destination, outputs, retried_by,
				(SELECT finished_at FROM claims AS retry WHERE retry.id = first.retried_by AND retry.state = 'finished') AS retried_at,
				finished_at FROM claims AS first WHERE id = ?`,
		)
		.get(id);
	if (row === undefined) return null;
	const {name, stored_name, state, destination, outputs, finished_at, retried_by, retried_at} = row;
	const overAt = retried_by === null ? finished_at : retried_at;
	return {
		id,
		name: textOf(name),
		storedName: textOf(stored_name),
		destination: destination === 'processed' || destination === 'failed' ? destination : null,
		outputs: outputs === null ? [] : namesIn(String(outputs)),
		finishedAt: state === 'finished' && typeof overAt === 'number' ? overAt : null,
	};
}

/** Whether somebody still needs what it came to: a claim with the same content that is not finished, or was so from that moment on. */
export function hasLaterDuplicate(ledger: DatabaseSync, id: string, fromMs: number): boolean {
	return (
		ledger
			.prepare(
				`SELECT 1 FROM claims AS first JOIN claims AS other ON other.result = first.result AND other.duplicate_of = first.id
				WHERE first.id = ? AND (other.finished_at IS NULL OR other.finished_at >= ?) LIMIT 1`,
			)
			.get(id, fromMs) !== undefined
	);
}

const textOf = (value: unknown): string => pathText(Buffer.from(value as Uint8Array));

/** Names without folders: a path must not lead out of the folder of results. */
function namesIn(json: string): string[] {
	const names: unknown = JSON.parse(json);
	if (!Array.isArray(names)) return [];
	return names.filter((name): name is string => typeof name === 'string' && name !== '..' && !name.includes('/'));
}
