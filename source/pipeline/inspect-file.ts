// What is wrong with a file by what can be seen before its data is read: whether it is what its name says, and what an archive lists.
import type {BatchSettings} from '../engine/batch.ts';
import {archiveFileName} from '../engine/plan/list-folder.ts';
import {toErrorReport} from '../engine/shared/errors.ts';
import {startOfFile} from '../engine/shared/start-of-file.ts';
import {PACKING_BYTES, packingOf} from '../engine/unpacking/packing.ts';
import {assertIsText, FORMAT_BYTES, mayBeParquet} from '../input/foreign-formats.ts';
import {InputError} from '../input/input-error.ts';
import type {ErrorReport} from '../model/report.ts';
import {entriesOf} from './entries-of.ts';
import type {PipelineFile} from './pipeline.ts';

type InspectedFile = Pick<PipelineFile, 'path' | 'name' | 'bytes'>;

/** @returns What it would fail by; `null` where nothing is to be seen. */
export async function findFileFault(
	file: InspectedFile,
	limits: BatchSettings,
	maxMembers: number,
): Promise<ErrorReport | null> {
	const start = await startOfFile(file.path, START_BYTES);
	if (archiveFileName.test(file.name)) {
		// To list a packed one it must be unpacked: that is seen to when it is read.
		return packingOf(start.subarray(0, PACKING_BYTES), file.name) === null
			? findArchiveFault(file, limits, maxMembers)
			: null;
	}
	if (packingOf(start.subarray(0, PACKING_BYTES), file.name) !== null || mayBeParquet(start)) return null;
	try {
		assertIsText(start);
		return null;
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return toErrorReport(error);
	}
}

async function findArchiveFault(
	file: InspectedFile,
	limits: BatchSettings,
	maxMembers: number,
): Promise<ErrorReport | null> {
	const entries = await entriesOf(file, limits);
	const [first] = entries;
	// Of the archive itself: members have names of their own.
	if (first?.type === 'unreadable' && entries.length === 1 && !first.file.includes('!')) return first.error;
	return entries.length > maxMembers ? tooManyFiles(entries.length, maxMembers) : null;
}

export const tooManyFiles = (count: number, most: number): ErrorReport => ({
	code: 'TOO_MANY_MEMBERS',
	message: `The archive has ${count} files, and at most ${most} are read (--max-archive-members): split it`,
	line: null,
	byte_offset: null,
});

/** More than any mark of a format takes. */
const START_BYTES = Math.max(FORMAT_BYTES, 64 * 1024);
