// The file of a recording (`--record`). The run never waits for it: lines are collected and written in the background, one
// write at a time. What the process could not write before its end is written by its last act, so that nothing short of a
// kill loses more than a moment, and the file holds whole lines whatever happens.
import {closeSync, fstatSync, ftruncateSync, openSync, readSync, type Stats, statSync, write, writeSync} from 'node:fs';
import {createRecorder, type Recorder} from '../report/recorder.ts';
import {safe} from '../text/safe.ts';
import {EnvironmentError} from './environment-error.ts';

export interface OpenRecording extends Recorder {
	/**
	Writes what is left.

	@throws {EnvironmentError} When something could not be written: the run went on without its recording.
	*/
	readonly finish: () => Promise<void>;
}

export interface RecordingOptions {
	/** Writes bytes at a position, as `fs.write` does. */
	readonly write?: (descriptor: number, bytes: Buffer, position: number | null, done: WriteCallback) => void;
}

type WriteCallback = (error: NodeJS.ErrnoException | null, bytesWritten: number) => void;

const writeBytes: NonNullable<RecordingOptions['write']> = (descriptor, bytes, position, done) => {
	write(descriptor, bytes, 0, bytes.length, position, done);
};

/** Long enough for one write to take what happens together. */
const SPACING_MS = 50;
/** A disk that is so far behind does not catch up, and the memory is not its to fill. */
const PENDING_LIMIT_LENGTH = 16 * 1024 * 1024;

/** How every recording begins. */
const BEGINNING = '{"type":"run-started"';

/**
Opens the file of a recording. An older recording is written over; anything else is not.

@throws {EnvironmentError} When it cannot be opened, or is something else.
*/
export function openRecording(path: string, options: RecordingOptions = {}): OpenRecording {
	const descriptor = openFile(path);
	// A pipe has no positions, and so nothing can be written to it a second time.
	let position = fstatSync(descriptor).isFile() ? 0 : null;
	let pending = '';
	let inFlight: Buffer | null = null;
	let failure: EnvironmentError | null = null;
	let timer: NodeJS.Timeout | null = null;
	const idle: Array<() => void> = [];

	const fail = (error: unknown, bytesWritten = 0): void => {
		failure ??= new EnvironmentError(`The recording ${safe(path)} cannot be written, and ends early`, error);
		if (position !== null && inFlight !== null) endWithWholeLine(descriptor, position, inFlight, bytesWritten);
		inFlight = null;
		pending = '';
		for (const resolve of idle.splice(0)) resolve();
	};
	const flush = (): void => {
		timer = null;
		if (inFlight !== null) return;
		if (pending === '') {
			for (const resolve of idle.splice(0)) resolve();
			return;
		}
		inFlight = Buffer.from(pending);
		pending = '';
		writeRest(inFlight, 0);
	};
	const writeRest = (bytes: Buffer, start: number): void => {
		const at = position === null ? null : position + start;
		(options.write ?? writeBytes)(descriptor, bytes.subarray(start), at, (error, bytesWritten) => {
			if (failure !== null) return;
			if (error !== null) return fail(error, start);
			if (start + bytesWritten < bytes.length) return writeRest(bytes, start + bytesWritten);
			if (position !== null) position += bytes.length;
			inFlight = null;
			flush();
		});
	};
	const writeLastWords = (): void => {
		try {
			// Where the write under way was half done, its bytes are written to the same place once more.
			const unsure = position === null ? null : inFlight;
			const bytes = Buffer.concat([unsure ?? Buffer.alloc(0), Buffer.from(pending)]);
			for (let start = 0; failure === null && start < bytes.length; ) {
				start += writeSync(descriptor, bytes, start, bytes.length - start, position === null ? null : position + start);
			}
		} catch {
			// There is nobody left to tell.
		}
	};
	process.on('exit', writeLastWords);

	const recorder = createRecorder({
		write(line) {
			if (failure !== null) return;
			pending += line;
			if (pending.length > PENDING_LIMIT_LENGTH) fail(new Error('the disk is slower than the run'));
			else if (inFlight === null) timer ??= setTimeout(flush, SPACING_MS);
		},
	});
	return {
		handle: recorder.handle,
		async finish() {
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

function openFile(path: string): number {
	try {
		const stats = statIfThere(path);
		if (stats !== null && !stats.isFile()) return openSync(path, 'w');
		const descriptor = openSync(path, stats === null ? 'wx+' : 'r+');
		try {
			assertRecording(descriptor, path);
			ftruncateSync(descriptor);
			return descriptor;
		} catch (error) {
			closeSync(descriptor);
			throw error;
		}
	} catch (error) {
		if (error instanceof EnvironmentError) throw error;
		throw new EnvironmentError(`The recording ${safe(path)} cannot be opened`, error);
	}
}

function statIfThere(path: string): Stats | null {
	return statSync(path, {throwIfNoEntry: false}) ?? null;
}

/** `--record data.csv` is a slip of the hand, and must not cost the data. */
function assertRecording(descriptor: number, path: string): void {
	const bytes = Buffer.alloc(BEGINNING.length);
	const length = readSync(descriptor, bytes, 0, bytes.length, 0);
	if (length === 0 || bytes.toString('latin1', 0, length) === BEGINNING) return;
	throw new EnvironmentError(
		`The recording ${safe(path)} is not begun: there is a file of this name that is no recording. Remove it, or choose another name.`,
	);
}

/** Takes half a line away that a full disk has left. */
function endWithWholeLine(descriptor: number, position: number, bytes: Buffer, bytesWritten: number): void {
	try {
		ftruncateSync(descriptor, position + bytes.subarray(0, bytesWritten).lastIndexOf(0x0a) + 1);
	} catch {
		// Then the line stays torn, and replay says so.
	}
}
