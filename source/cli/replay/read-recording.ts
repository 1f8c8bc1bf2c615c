// Reads recorded runs line by line: files of `--record`, and what `--jsonl` prints.
import {constants, createReadStream} from 'node:fs';
import {open, stat} from 'node:fs/promises';
import type {Readable} from 'node:stream';
import {openWithoutWaiting, streamOf} from '../../engine/worker/source/stream-source.ts';
import type {RunEvent} from '../../model/events.ts';
import {FOLDER_STATUS} from '../../report/folder-status-lines.ts';
import {displayPath, systemPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {cannotRead} from '../commands/cannot-read.ts';
import {findEventFault, withAnalyses} from './check-event.ts';
import {type Line, splitLines} from './split-lines.ts';

/**
Reads recorded events, one on each line. The last line may be incomplete, because the program that wrote it may have been
killed: then the recording ends before it.

@param stop - Aborted when nobody waits any more: a stream that is still being written, such as a FIFO, ends there.
@throws {EnvironmentError} When the file cannot be read.
@throws {UsageError} When it is not a recording.
@throws The reason to stop when no event had come by then.
*/
export async function* readRecording(file: string, stop?: AbortSignal): AsyncGenerator<RunEvent> {
	let lineNumber = 0;
	let count = 0;
	for await (const {text, isWhole, isTooLong} of readLines(file, stop)) {
		lineNumber++;
		if (isTooLong) throw damaged(file, lineNumber, `it is longer than ${MAX_LINE_LENGTH / 1024 / 1024} MiB`);
		const json = text.trim();
		if (json === '') continue;
		const event = readJson(json);
		if (isFolderStatus(event)) continue;
		const fault = findFault(event, json, count === 0);
		if (fault === null) {
			count++;
			yield withAnalyses(event as RunEvent);
		} else if (isWhole || count === 0) throw damaged(file, lineNumber, fault);
	}
	if (count > 0) return;
	stop?.throwIfAborted();
	throw new UsageError(`${safe(displayPath(file))} is empty; replay takes what --record kept or --jsonl printed.`);
}

/** Ten times the longest event of the largest runs; a recorder does not write longer ones. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

function findFault(event: unknown, json: string, isFirst: boolean): string | null {
	if (event === undefined) return json.includes('\0') ? 'it is not text in UTF-8' : 'it is not JSON';
	const fault = findEventFault(event);
	if (fault !== null) return `it ${fault}`;
	return isFirst && (event as RunEvent).type !== 'run-started' ? 'a recording begins with "run-started"' : null;
}

function damaged(file: string, lineNumber: number, fault: string): UsageError {
	const whatToDo =
		lineNumber === 1
			? 'replay takes what --record kept or --jsonl printed, from its first line on.'
			: `What is in front of it can be replayed: head -n ${lineNumber - 1} <file> > part.jsonl.`;
	return new UsageError(`Line ${lineNumber} of ${safe(displayPath(file))} is no event of a run: ${fault}. ${whatToDo}`);
}

/** The last line is searched in this many bytes: it holds the figures of all files, 100 categories of each analysis. */
const TAIL_BYTES = 1024 * 1024;

/** Whether a recording lacks its end, judged by its last line; errors are left to the reading itself. */
export async function isTruncatedRecording(file: string): Promise<boolean> {
	try {
		// A FIFO must be opened only once: its writer would be cut off when it is closed.
		if (!(await stat(systemPath(file))).isFile()) return false;
		const handle = await open(systemPath(file), constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const {size} = await handle.stat();
			const length = Math.min(size, TAIL_BYTES);
			const {buffer} = await handle.read(Buffer.alloc(length), 0, length, size - length);
			const tail = buffer.toString('latin1').trimEnd();
			const start = tail.lastIndexOf('\n') + 1;
			return (start > 0 || length === size) && !tail.startsWith('{"type":"run-completed"', start);
		} finally {
			await handle.close();
		}
	} catch {
		return false;
	}
}

async function* readLines(file: string, stop: AbortSignal | undefined): AsyncGenerator<Line> {
	try {
		yield* splitLines(openRecorded(file, stop), MAX_LINE_LENGTH);
	} catch (error) {
		if (stop?.aborted) return;
		throw cannotRead('The recorded run', file, error);
	}
}

/** A regular file always ends; a stream may not, so it must be possible to abort it. */
function openRecorded(file: string, stop: AbortSignal | undefined): Readable {
	const fd = openWithoutWaiting(systemPath(file));
	const stream = streamOf(fd);
	if (stream === null) return createReadStream('', {fd, encoding: 'utf8'});
	stop?.addEventListener('abort', () => stream.destroy(), {once: true});
	return stream.setEncoding('utf8');
}

const isFolderStatus = (event: unknown): boolean =>
	typeof event === 'object' && event !== null && (event as {type?: unknown}).type === FOLDER_STATUS;

/** `undefined` where it is not JSON. */
function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
