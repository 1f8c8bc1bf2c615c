// Files that were being read when a process died: how often, since there was last a checkpoint or a result of them.

import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {bytesOfDisplayName, pathBytes, pathText} from '../text/path-text.ts';
import {wholePath} from '../text/whole-path.ts';
import {isProcessThere} from './process-name.ts';
import type {CutFile} from './protocol.ts';

interface CutRow {
	readonly run: number;
	readonly process: string;
	readonly folder: string;
	readonly file: string;
	readonly startedAt: number;
}

/** @param settings - Digest of the settings that checkpoints and results are of. */
export function findCutFiles(database: DatabaseSync, settings: Uint8Array): CutFile[] {
	const rows = database
		.prepare(
			`SELECT runs.number AS run, process, folder, file, attempts.started_at AS startedAt
			FROM attempts JOIN runs ON runs.number = attempts.run
			WHERE attempts.ended_at IS NULL AND runs.status = 'running' ORDER BY runs.number`,
		)
		.all() as unknown as CutRow[];
	const byPath = new Map<string, CutRow[]>();
	for (const row of rows) {
		if (isProcessThere(row.process)) continue;
		const path = wholePath(pathText(bytesOfDisplayName(row.file)), row.folder);
		byPath.set(path, [...(byPath.get(path) ?? []), row]);
	}
	const findCheckpoint = database.prepare('SELECT run FROM checkpoints WHERE settings = ? AND path = ?');
	const findSource = database.prepare('SELECT run FROM sources WHERE settings = ? AND path = ?');
	const runOf = (statement: StatementSync, path: string): number =>
		Number(statement.get(settings, pathBytes(path))?.run ?? 0);
	return Array.from(byPath).flatMap(([path, cuts]) => {
		const [checkpoint, result] = [runOf(findCheckpoint, path), runOf(findSource, path)];
		const since = cuts.filter(({run}) => run > Math.max(checkpoint, result));
		const last = since.at(-1);
		if (last === undefined) return [];
		return [{path, deaths: since.length, lastStartedAt: last.startedAt, hasCheckpoint: checkpoint > 0}];
	});
}
