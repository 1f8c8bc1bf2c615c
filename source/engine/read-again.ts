// Reads files once more as an earlier run did, to compare what comes of them.
import {statSync} from 'node:fs';
import type {FileReport} from '../model/report.ts';
import {type BatchSettings, startBatch} from './batch.ts';

/** A file with the name that its report is to have. */
export interface NamedFile {
	readonly file: string;
	/** Absolute, in the bytes of the file system. */
	readonly path: Uint8Array;
}

/**
@param settings - Those of the earlier run.
@returns The reports, each with the hash of its content; in no order.
*/
export async function readAgain(
	files: readonly NamedFile[],
	settings: BatchSettings,
	signal?: AbortSignal,
): Promise<readonly FileReport[]> {
	const reports = new Map<string, FileReport>();
	await startBatch({
		plan: {entries: files.map(toEntry), unmatched: []},
		paths: [],
		settings: {...settings, hashesContent: true},
		signal,
		onEvent(event) {
			if ('report' in event) reports.set(event.file, event.report);
		},
	}).done;
	return [...reports.values()];
}

/** The plan of one file, under the name that its report is to have. */
export const toEntry = ({file, path}: NamedFile) =>
	({type: 'file', file, source: {kind: 'file', path}, bytesTotal: sizeOf(path)}) as const;

/** `null` where it is not known: reading the file says why. */
function sizeOf(path: Uint8Array): number | null {
	try {
		return statSync(Buffer.from(path)).size;
	} catch {
		return null;
	}
}
