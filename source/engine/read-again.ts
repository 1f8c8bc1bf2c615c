// Reads files once more as an earlier run did.

import {statSync} from 'node:fs';
import type {RunEvent} from '../model/events.ts';
import type {FileReport} from '../model/report.ts';
import {remoteLocationOf} from '../remote/remote-location.ts';
import type {ResultStore} from './backend/keep-results.ts';
import {type BatchSettings, startBatch} from './batch.ts';
import type {PlanEntry} from './plan/plan.ts';

/** A file with the name that its report is to have. */
export interface NamedFile {
	readonly file: string;
	/** Absolute, in the bytes of the file system. */
	readonly path: Uint8Array;
	/** Whether it was found in a folder, see `SourceLocation`. Default: no. */
	readonly isFound?: boolean;
}

export interface ReadAgainOptions {
	readonly signal?: AbortSignal | undefined;
	readonly onEvent?: (event: RunEvent) => void;
	/** See `BatchOptions`. */
	readonly results?: ResultStore | undefined;
}

/**
@param settings - Those of the earlier run.
@returns The reports, each with the hash of its content; in no order.
*/
export async function readAgain(
	files: readonly NamedFile[],
	settings: BatchSettings,
	{signal, onEvent, results}: ReadAgainOptions = {},
): Promise<readonly FileReport[]> {
	const reports = new Map<string, FileReport>();
	await startBatch({
		plan: {entries: files.map(toEntry), unmatched: []},
		paths: files.map(({file}) => file),
		settings: {...settings, hash: settings.hash ?? 'xxh3'},
		signal,
		results,
		onEvent(event) {
			if ('report' in event) reports.set(event.file, event.report);
			onEvent?.(event);
		},
	}).done;
	return [...reports.values()];
}

function toEntry({file, path, isFound = false}: NamedFile): PlanEntry {
	const object = remoteLocationOf(Buffer.from(path).toString());
	const found = isFound ? ({isFound} as const) : {};
	if (object !== null) return {type: 'file', file, source: object, bytesTotal: null, ...found};
	return {type: 'file', file, source: {kind: 'file', path}, bytesTotal: sizeOf(path), ...found};
}

/** `null` where it is not known: reading the file says why. */
function sizeOf(path: Uint8Array): number | null {
	try {
		return statSync(Buffer.from(path)).size;
	} catch {
		return null;
	}
}
