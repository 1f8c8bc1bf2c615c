// Which run of a ledger was of the same files as another one, before it.

import type {DatabaseSync} from 'node:sqlite';
import {wholePath} from '../text/whole-path.ts';

/** Where a run took its files from. */
export interface RunPlace {
	readonly id: string;
	/** Milliseconds since 1970. */
	readonly startedAt: number;
	/** The working folder, which the paths start from. */
	readonly folder: string;
	readonly paths: readonly string[];
}

export function readPlace(database: DatabaseSync, id: string): RunPlace | null {
	const row = database.prepare('SELECT id, started_at AS startedAt, folder, paths FROM runs WHERE id = ?').get(id);
	return row === undefined ? null : toPlace(row);
}

/** Only a run that has completed: of any other one it is not known what became of the rest of its files. */
export function findEarlierRun(database: DatabaseSync, run: RunPlace): string | null {
	const wanted = whereabouts(run);
	const rows = database
		.prepare(
			`SELECT id, started_at AS startedAt, folder, paths FROM runs
			WHERE status = 'completed' AND id <> ? AND started_at <= ? ORDER BY started_at DESC, number DESC`,
		)
		.iterate(run.id, run.startedAt);
	for (const row of rows) {
		const place = toPlace(row);
		if (whereabouts(place) === wanted) return place.id;
	}
	return null;
}

/** The same for `./data` and `data/`, in any order, from anywhere. */
const whereabouts = ({folder, paths}: RunPlace): string =>
	JSON.stringify(paths.map(path => wholePath(path, folder)).sort());

function toPlace(row: Readonly<Record<string, unknown>>): RunPlace {
	const {id, startedAt, folder, paths} = row as Readonly<Record<string, string | number>>;
	const list = JSON.parse(String(paths)) as readonly string[];
	return {id: String(id), startedAt: Number(startedAt), folder: String(folder), paths: list};
}
