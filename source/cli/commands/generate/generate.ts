// Sample files of any size: a generator fills one buffer, the writer hands it to the disk and only then asks for more. So
// ten gigabytes need a megabyte, and a slow disk slows the generator down instead of filling the memory.
//
// The same options give the same bytes on any machine. Each file has a random sequence of its own, from (seed, index), so
// that file 7 does not change when more files are asked for.
import {mkdir, open, readdir, rename, rm, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {removeAtExit} from '../../../report/temporary-files.ts';
import {codeOf} from '../../../text/system-error.ts';
import {activity} from './activity.ts';
import type {Kind} from './kind.ts';
import {LONGEST_ROW_BYTES} from './kind.ts';
import {breakRecord, createSelector} from './malformed.ts';
import {Random} from './random.ts';
import {RowBuffer} from './row-buffer.ts';
import {sales} from './sales.ts';
import {transactions} from './transactions.ts';

export type GenerateKind = 'transactions' | 'sales' | 'activity';

export interface GenerateOptions {
	/** Made where it is missing. Files in it that have other names are left alone. */
	readonly directory: string;
	readonly fileCount: number;
	/** Up to a billion. */
	readonly rowsPerFile: number;
	/** A whole number from 0 to 2^53 - 1. */
	readonly seed: number;
	readonly kind: GenerateKind;
	/** The part of the records that is broken, from 0 to 1, to a millionth. */
	readonly malformedFraction: number;
	/** Whether files of these names that are there are written over. @default false */
	readonly isForced?: boolean | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Called for each file once it is there under its name. */
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

/** The folder or a file in it cannot be written. `code` is the system's: `ENOTDIR`, `EACCES`, `ENOSPC` … */
export class GenerateError extends Error {
	override readonly name = 'GenerateError';
	readonly code: string;
	readonly path: string;

	constructor(path: string, cause: unknown) {
		const {code = 'UNKNOWN', message} = cause as NodeJS.ErrnoException;
		const isThere = cause instanceof FilesAreThereError;
		super(isThere ? message : `Cannot write ${path}: ${REASONS.get(code) ?? message} (${code})`, {cause});
		this.code = code;
		this.path = path;
	}
}

const REASONS: ReadonlyMap<string, string> = new Map([
	['ENOTDIR', 'a part of the path is a file, not a folder'],
	['EEXIST', 'there is a file of this name, not a folder'],
	['EACCES', 'no permission'],
	['EPERM', 'no permission'],
	['EROFS', 'the disk is read-only'],
	['ENOSPC', 'the disk is full'],
	['ENOENT', 'no folder can be made there'],
	['ENAMETOOLONG', 'the name is longer than the file system takes'],
	['ELOOP', 'links lead in a circle'],
	['EISDIR', 'there is a folder of this name'],
]);

const KINDS: Readonly<Record<GenerateKind, Kind>> = {transactions, sales, activity};

/** Large enough that the cost of a write does not count, small enough to stay in the processor's cache. */
const CHUNK_BYTES = 1024 * 1024;

/**
Writes sample files, one after the other.

@throws {GenerateError} When the folder or a file cannot be written, or is there already: then nothing is written. Files that
were finished before stay.
@throws The reason of the signal when it is aborted; the unfinished file is removed.
*/
export async function generateFiles(options: GenerateOptions): Promise<GenerateSummary> {
	const {directory, fileCount, rowsPerFile, signal, onFile} = options;
	await attempt(directory, () => makeFolders(directory));
	if (!options.isForced) await assertNothingIsThere(options);
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

/** Not with `recursive`: in folders like /proc, where no folder can be made, Node would try for ever. */
async function makeFolders(folder: string): Promise<void> {
	try {
		await mkdir(folder);
	} catch (error) {
		const parent = dirname(folder);
		if (codeOf(error) === 'ENOENT' && parent !== folder) {
			await makeFolders(parent);
			await mkdir(folder);
		} else if (!(await stat(folder).catch(() => null))?.isDirectory()) throw error;
	}
}

/** `transactions_001.csv`, with as many digits as the last file needs. */
export const formatFileName = (kind: GenerateKind, index: number, fileCount: number): string =>
	`${kind}_${String(index + 1).padStart(Math.max(3, String(fileCount).length), '0')}.csv`;

/** Someone's data may have these names; and of a folder that was half written over, nobody knows which half. */
async function assertNothingIsThere({directory, kind, fileCount}: GenerateOptions): Promise<void> {
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
		throw new GenerateError(join(directory, there), new FilesAreThereError(join(directory, there), count));
}

/** The cause of a `GenerateError`. */
class FilesAreThereError extends Error {
	readonly code = 'EEXIST';

	constructor(first: string, count: number) {
		super(
			count === 1
				? `This file exists already: ${first}. --force replaces it`
				: `${count} of these files exist already: ${first} and ${count - 1} more. --force replaces them`,
		);
	}
}

async function writeFile(path: string, index: number, options: GenerateOptions): Promise<GeneratedFile> {
	// Nobody who reads the folder meanwhile takes half a file for a whole one.
	const temporaryPath = join(options.directory, `.fileproc-${crypto.randomUUID()}.tmp`);
	let malformedCount = 0;
	const chunks = generateChunks({...options, index, onMalformed: () => malformedCount++});
	// `wx`: it is never a file, or a link to one, that someone else has put there.
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
Hands chunks on one at a time: the next one is not made before the last one is taken.

@returns How many bytes that were.
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

export interface FilePlan extends Pick<GenerateOptions, 'rowsPerFile' | 'seed' | 'kind' | 'malformedFraction'> {
	/** 0-based. */
	readonly index: number;
	readonly onMalformed?: () => void;
}

/** Makes the bytes of one file. Each chunk is a view of the same memory: it is only good until the next one is asked for. */
export function* generateChunks(plan: FilePlan): Generator<Uint8Array, void> {
	const {rowsPerFile, seed, index, malformedFraction} = plan;
	const kind = KINDS[plan.kind];
	const buffer = new RowBuffer(CHUNK_BYTES);
	const writeRow = kind.createRowWriter(new Random(seed, index, 0), index, rowsPerFile);
	// What is broken is decided by a sequence of its own, so that the good records are the same whatever the fraction.
	const breaking = new Random(seed, index, 1);
	const isNextMalformed = createSelector(breaking, rowsPerFile, malformedFraction);
	const encoder = new TextEncoder();
	const decoder = new TextDecoder();
	buffer.writeBytes(encoder.encode(`${kind.columns.join(',')}\n`));
	for (let row = 0; row < rowsPerFile; row++) {
		const start = buffer.position;
		writeRow(buffer);
		if (malformedFraction > 0 && isNextMalformed()) {
			const record = decoder.decode(buffer.bytes.subarray(start, buffer.position - 1));
			buffer.position = start;
			buffer.writeBytes(encoder.encode(`${breakRecord(record, kind, breaking)}\n`));
			plan.onMalformed?.();
		}
		if (buffer.position > CHUNK_BYTES - LONGEST_ROW_BYTES) {
			yield buffer.bytes.subarray(0, buffer.position);
			buffer.position = 0;
		}
	}
	if (buffer.position > 0) yield buffer.bytes.subarray(0, buffer.position);
}

async function attempt<Value>(path: string, action: () => Promise<Value>): Promise<Value> {
	try {
		return await action();
	} catch (error) {
		throw new GenerateError(path, error);
	}
}
