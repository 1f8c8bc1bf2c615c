// Sample files of any size: a generator fills one buffer, and the writer requests the next chunk only after it has written
// the last. So ten gigabytes need one megabyte of memory, and a slow disk slows the generator down.
//
// The same options give the same bytes on any machine. Each file has its own random sequence from (seed, index), so that file
// 7 does not change when more files are requested.

import {open, readdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {makeFolders} from '../../../report/make-folders.ts';
import {removeAtExit} from '../../../report/temporary-files.ts';
import {generateChunks} from './chunks.ts';
import {FilesExistError, GenerateError} from './generate-error.ts';
import type {GenerateKind} from './kinds.ts';
import {KINDS} from './kinds.ts';

export interface GenerateOptions {
	/** Created where it is missing. Other files in it are not touched. */
	readonly directory: string;
	readonly fileCount: number;
	/** Up to a billion. */
	readonly rowsPerFile: number;
	/** A whole number from 0 to 2^53 - 1. */
	readonly seed: number;
	readonly kind: GenerateKind;
	/** The share of malformed records, from 0 to 1, in millionths. */
	readonly malformedFraction: number;
	/** Whether existing files of these names are overwritten. @default false */
	readonly isForced?: boolean | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Called for each file once it is complete under its name. */
	readonly onFile?: ((file: GeneratedFile) => void) | undefined;
}

export interface GeneratedFile {
	readonly path: string;
	/** 0-based. */
	readonly index: number;
	readonly rowCount: number;
	readonly malformedCount: number;
	readonly bytesWritten: number;
}

export interface GenerateSummary {
	readonly fileCount: number;
	readonly rowCount: number;
	readonly malformedCount: number;
	readonly bytesWritten: number;
}

/**
Writes sample files, one after the other.

@throws {GenerateError} When the folder or a file cannot be written. If a file exists already, nothing is written; otherwise
files that were finished stay.
@throws The reason of the signal when it is aborted; the unfinished file is removed.
*/
export async function generateFiles(options: GenerateOptions): Promise<GenerateSummary> {
	const {directory, fileCount, rowsPerFile, signal, onFile} = options;
	await attempt(directory, () => makeFolders(directory));
	if (!options.isForced) await assertNoFileExists(options);
	let malformedCount = 0;
	let bytesWritten = 0;
	for (let index = 0; index < fileCount; index++) {
		signal?.throwIfAborted();
		const path = join(directory, formatFileName(options.kind, index, fileCount));
		const file = await writeFile(path, index, options);
		malformedCount += file.malformedCount;
		bytesWritten += file.bytesWritten;
		onFile?.(file);
	}
	return {fileCount, rowCount: fileCount * rowsPerFile, malformedCount, bytesWritten};
}

/** `transactions_001.csv` or `logs_001.log`, with as many digits as the last file needs. */
export const formatFileName = (kind: GenerateKind, index: number, fileCount: number): string =>
	`${kind}_${String(index + 1).padStart(Math.max(3, String(fileCount).length), '0')}.${KINDS[kind].extension}`;

/** The files may hold a user's data, and a folder overwritten in part would be inconsistent. */
async function assertNoFileExists({directory, kind, fileCount}: GenerateOptions): Promise<void> {
	const names = new Set(await attempt(directory, () => readdir(directory)));
	let there: string | undefined;
	let count = 0;
	for (let index = 0; index < fileCount; index++) {
		const name = formatFileName(kind, index, fileCount);
		if (!names.has(name)) continue;
		there ??= name;
		count++;
	}
	if (there !== undefined)
		throw new GenerateError(join(directory, there), new FilesExistError(join(directory, there), count));
}

async function writeFile(path: string, index: number, options: GenerateOptions): Promise<GeneratedFile> {
	// The temporary name keeps other programs from reading an incomplete file as a complete one.
	const temporaryPath = join(options.directory, `.fileproc-${crypto.randomUUID()}.tmp`);
	let malformedCount = 0;
	const chunks = generateChunks({...options, index, onMalformed: () => malformedCount++});
	// `wx`: never opens a file or link that another user has created.
	const file = await attempt(path, () => open(temporaryPath, 'wx'));
	const keep = removeAtExit(temporaryPath);
	try {
		let bytesWritten = 0;
		try {
			bytesWritten = await writeChunks(chunks, chunk => attempt(path, () => file.writeFile(chunk)), options.signal);
		} finally {
			await file.close();
		}
		await attempt(path, () => rename(temporaryPath, path));
		return {path, index, rowCount: options.rowsPerFile, malformedCount, bytesWritten};
	} catch (error) {
		await rm(temporaryPath, {force: true}).catch(() => {});
		throw error;
	} finally {
		keep();
	}
}

/**
Passes chunks on one at a time: the next chunk is not made before the last one has been consumed.

@returns The number of bytes.
*/
export async function writeChunks(
	chunks: Iterable<Uint8Array>,
	write: (chunk: Uint8Array) => Promise<void>,
	signal?: AbortSignal | undefined,
): Promise<number> {
	let bytesWritten = 0;
	for (const chunk of chunks) {
		signal?.throwIfAborted();
		await write(chunk);
		bytesWritten += chunk.length;
	}
	return bytesWritten;
}

async function attempt<Value>(path: string, action: () => Promise<Value>): Promise<Value> {
	try {
		return await action();
	} catch (error) {
		throw new GenerateError(path, error);
	}
}
