// Writes lines to a file in the background, one write at a time, so that nothing waits for it. An exit handler writes what is
// left, so that only a kill loses lines, and only those of a moment; the file always ends with a whole line.
import {closeSync, ftruncateSync, write, writeSync} from 'node:fs';
import {freePage, Utf8Page} from '../../text/utf8-page.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {OpenOutput} from './open-output.ts';

export interface LineWriter {
	/** Adds one line, with its newline. */
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
	/** Aborted when the program is asked to end. */
	readonly signal?: AbortSignal | undefined;
}

type WriteCallback = (error: NodeJS.ErrnoException | null, bytesWritten: number) => void;

const writeBytes: NonNullable<LineWriterOptions['write']> = (descriptor, bytes, position, done) => {
	write(descriptor, bytes, 0, bytes.length, position, done);
};

/** Long enough that one write covers events that happen together. */
const SPACING_MS = 50;
/** This much is written without waiting for the timer. */
const WRITE_BYTES = 64 * 1024;
/** A disk this far behind does not catch up, and must not fill the memory. */
const PENDING_LIMIT_BYTES = 16 * 1024 * 1024;
/**
At the end, a pipe reader that reads nothing for this long counts as stopped; the time is shorter when the program was asked
to end.
*/
const READER_TIMEOUT_MS = 10_000;
const READER_TIMEOUT_WHEN_ENDING_MS = 1000;

/** @param subject - What is written, as the beginning of a sentence. */
export function createLineWriter(
	{descriptor, isRegularFile}: OpenOutput,
	subject: string,
	options: LineWriterOptions = {},
): LineWriter {
	// A pipe has no positions, so data cannot be written to it again.
	let position = isRegularFile ? 0 : null;
	/** Bytes cost the garbage collector nothing: with many files there are megabytes of lines. */
	const pending = new Utf8Page();
	let inFlight: Buffer | null = null;
	let failure: EnvironmentError | null = null;
	let timer: NodeJS.Timeout | null = null;
	let lastProgressAtMs = performance.now();
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
			lastProgressAtMs = performance.now();
			if (start + bytesWritten < bytes.length) return writeRest(bytes, start + bytesWritten);
			if (position !== null) position += bytes.length;
			inFlight = null;
			freePage(bytes);
			flush();
		});
	};
	/** The pipe is full. */
	const waitForRoom = (bytes: Buffer, start: number): void => {
		const timeoutMs = options.signal?.aborted ? READER_TIMEOUT_WHEN_ENDING_MS : READER_TIMEOUT_MS;
		if (isFinishing && performance.now() - lastProgressAtMs > timeoutMs) {
			fail(`its reader has taken nothing for ${timeoutMs / 1000} s`);
			return;
		}
		setTimeout(() => {
			if (failure === null) writeRest(bytes, start);
		}, SPACING_MS);
	};
	const writeRemainderSync = (): void => {
		try {
			// If a write is still in flight, its bytes are written to the same place again.
			const unconfirmed = position === null ? null : inFlight;
			const bytes = Buffer.concat([unconfirmed ?? Buffer.alloc(0), pending.drain()]);
			for (let start = 0; failure === null && start < bytes.length; ) {
				start += writeSync(descriptor, bytes, start, bytes.length - start, position === null ? null : position + start);
			}
		} catch {
			// The process is ending, and nobody could handle the error.
		}
	};
	process.on('exit', writeRemainderSync);

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
			lastProgressAtMs = performance.now();
			if (timer !== null) clearTimeout(timer);
			if (failure === null) {
				await new Promise<void>(resolve => {
					idle.push(resolve);
					flush();
				});
			}
			process.off('exit', writeRemainderSync);
			closeSync(descriptor);
			if (failure !== null) throw failure;
		},
	};
}

const asBuffer = ({buffer, byteOffset, length}: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length);

/** Removes the incomplete line that a full disk has left. */
function endWithWholeLine(descriptor: number, position: number, bytes: Buffer, bytesWritten: number): void {
	try {
		ftruncateSync(descriptor, position + bytes.subarray(0, bytesWritten).lastIndexOf(0x0a) + 1);
	} catch {
		// The line stays incomplete, and replay reports it.
	}
}
