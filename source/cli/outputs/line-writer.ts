// Lines to a file that nothing waits for: they are collected and written in the background, one write at a time. What could
// not be written before the process ends is written by its last act, so that nothing short of a kill loses more than a
// moment, and a file holds whole lines whatever happens.
import {closeSync, ftruncateSync, write, writeSync} from 'node:fs';
import {freePage, Utf8Page} from '../../text/utf8-page.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {OpenOutput} from './open-output.ts';

export interface LineWriter {
	/** Takes one line, its newline included. */
	readonly write: (line: string) => void;
	/**
	Writes what is left.

	@throws {EnvironmentError} When something could not be written: the run went on without it.
	*/
	readonly finish: () => Promise<void>;
}

export interface LineWriterOptions {
	/** Writes bytes at a position, as `fs.write` does. */
	readonly write?: (descriptor: number, bytes: Buffer, position: number | null, done: WriteCallback) => void;
	/** Aborted when somebody waits for the program to end. */
	readonly signal?: AbortSignal | undefined;
}

type WriteCallback = (error: NodeJS.ErrnoException | null, bytesWritten: number) => void;

const writeBytes: NonNullable<LineWriterOptions['write']> = (descriptor, bytes, position, done) => {
	write(descriptor, bytes, 0, bytes.length, position, done);
};

/** Long enough for one write to take what happens together. */
const SPACING_MS = 50;
/** So much is worth a write of its own. */
const WRITE_BYTES = 64 * 1024;
/** A disk that is so far behind does not catch up, and the memory is not its to fill. */
const PENDING_LIMIT_BYTES = 16 * 1024 * 1024;
/** At the end, the reader of a pipe that takes nothing for so long has stopped; also where somebody waits for the end. */
const PATIENCE_MS = 10_000;
const PATIENCE_WHEN_AWAITED_MS = 1000;

/** @param subject - What is written, as the beginning of a sentence. */
export function createLineWriter(
	{descriptor, isRegularFile}: OpenOutput,
	subject: string,
	options: LineWriterOptions = {},
): LineWriter {
	// A pipe has no positions, and so nothing can be written to it a second time.
	let position = isRegularFile ? 0 : null;
	/** As bytes, which are nothing to collect: with many files there are megabytes of lines. */
	const pending = new Utf8Page();
	let inFlight: Buffer | null = null;
	let failure: EnvironmentError | null = null;
	let timer: NodeJS.Timeout | null = null;
	let movedAtMs = performance.now();
	let isFinishing = false;
	const idle: Array<() => void> = [];

	const fail = (error: unknown, bytesWritten = 0): void => {
		failure ??= new EnvironmentError(`${subject} cannot be written, and ends early`, error);
		if (position !== null && inFlight !== null) endWithWholeLine(descriptor, position, inFlight, bytesWritten);
		inFlight = null;
		pending.drain();
		for (const resolve of idle.splice(0)) resolve();
	};
	const flush = (): void => {
		if (timer !== null) clearTimeout(timer);
		timer = null;
		if (inFlight !== null) return;
		if (pending.length === 0) {
			for (const resolve of idle.splice(0)) resolve();
			return;
		}
		inFlight = asBuffer(pending.drain());
		writeRest(inFlight, 0);
	};
	const writeRest = (bytes: Buffer, start: number): void => {
		const at = position === null ? null : position + start;
		(options.write ?? writeBytes)(descriptor, bytes.subarray(start), at, (error, bytesWritten) => {
			if (failure !== null) return;
			if (error?.code === 'EAGAIN') return waitForRoom(bytes, start);
			if (error !== null) return fail(error, start);
			movedAtMs = performance.now();
			if (start + bytesWritten < bytes.length) return writeRest(bytes, start + bytesWritten);
			if (position !== null) position += bytes.length;
			inFlight = null;
			freePage(bytes);
			flush();
		});
	};
	/** The pipe is full. */
	const waitForRoom = (bytes: Buffer, start: number): void => {
		const patienceMs = options.signal?.aborted ? PATIENCE_WHEN_AWAITED_MS : PATIENCE_MS;
		if (isFinishing && performance.now() - movedAtMs > patienceMs) {
			fail(`its reader has taken nothing for ${patienceMs / 1000} s`);
			return;
		}
		setTimeout(() => {
			if (failure === null) writeRest(bytes, start);
		}, SPACING_MS);
	};
	const writeLastWords = (): void => {
		try {
			// Where the write under way was half done, its bytes are written to the same place once more.
			const unsure = position === null ? null : inFlight;
			const bytes = Buffer.concat([unsure ?? Buffer.alloc(0), pending.drain()]);
			for (let start = 0; failure === null && start < bytes.length; ) {
				start += writeSync(descriptor, bytes, start, bytes.length - start, position === null ? null : position + start);
			}
		} catch {
			// There is nobody left to tell.
		}
	};
	process.on('exit', writeLastWords);

	return {
		write(line) {
			if (failure !== null) return;
			pending.add(line);
			if (pending.length > PENDING_LIMIT_BYTES) fail(new Error('what takes it is slower than the run'));
			else if (inFlight !== null) return;
			else if (pending.length >= WRITE_BYTES) flush();
			else timer ??= setTimeout(flush, SPACING_MS);
		},
		async finish() {
			isFinishing = true;
			movedAtMs = performance.now();
			if (timer !== null) clearTimeout(timer);
			if (failure === null) {
				await new Promise<void>(resolve => {
					idle.push(resolve);
					flush();
				});
			}
			process.off('exit', writeLastWords);
			closeSync(descriptor);
			if (failure !== null) throw failure;
		},
	};
}

const asBuffer = ({buffer, byteOffset, length}: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length);

/** Takes half a line away that a full disk has left. */
function endWithWholeLine(descriptor: number, position: number, bytes: Buffer, bytesWritten: number): void {
	try {
		ftruncateSync(descriptor, position + bytes.subarray(0, bytesWritten).lastIndexOf(0x0a) + 1);
	} catch {
		// Then the line stays torn, and replay says so.
	}
}
