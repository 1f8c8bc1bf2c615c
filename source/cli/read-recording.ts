// Recorded runs, read line by line: what `--record` keeps, and what `--jsonl` prints.
import {constants, createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import type {RunEvent} from '../store/events.ts';
import {safe} from '../text/safe.ts';
import {EnvironmentError} from './environment-error.ts';
import {findEventFault} from './recorded/check-event.ts';
import {type Line, splitLines} from './recorded/split-lines.ts';
import {UsageError} from './usage-error.ts';

/**
Reads recorded events, one on each line. The last line may be torn, for whoever wrote it may have been killed: then what was
recorded ends before it.

@throws {EnvironmentError} When the file cannot be read.
@throws {UsageError} When it is no recording.
*/
export async function* readRecording(file: string): AsyncGenerator<RunEvent> {
	let lineNumber = 0;
	let count = 0;
	for await (const {text, isWhole, isTooLong} of readLines(file)) {
		lineNumber++;
		if (isTooLong) throw damaged(file, lineNumber, `it is longer than ${LONGEST_LINE / 1024 / 1024} MiB`);
		const json = text.trim();
		if (json === '') continue;
		const event = readJson(json);
		const fault = findFault(event, json, count === 0);
		if (fault === null) {
			count++;
			yield event as RunEvent;
		} else if (isWhole || count === 0) throw damaged(file, lineNumber, fault);
	}
	if (count === 0) throw new UsageError(`${safe(file)} is empty; replay takes what --record kept or --jsonl printed.`);
}

/** Ten times what the events of the largest runs take; a recorder does not write longer ones. */
const LONGEST_LINE = 16 * 1024 * 1024;

function findFault(event: unknown, json: string, isFirst: boolean): string | null {
	if (event === undefined) return json.includes('\0') ? 'it is no text in UTF-8' : 'it is no JSON';
	const fault = findEventFault(event);
	if (fault !== null) return `it ${fault}`;
	return isFirst && (event as RunEvent).type !== 'run-started' ? 'a recording begins with "run-started"' : null;
}

function damaged(file: string, lineNumber: number, fault: string): UsageError {
	const whatToDo =
		lineNumber === 1
			? 'replay takes what --record kept or --jsonl printed, from its first line on.'
			: `What is in front of it can be replayed: head -n ${lineNumber - 1} <file> > part.jsonl.`;
	return new UsageError(`Line ${lineNumber} of ${safe(file)} is no event of a run: ${fault}. ${whatToDo}`);
}

/** Where the last line of a recording is looked for: it holds the figures of all files, 100 categories of each analysis. */
const TAIL_BYTES = 1024 * 1024;

/** Whether a recording lacks its end, as far as a look at the last line tells; what cannot be looked at is told of by reading. */
export async function isCutRecording(file: string): Promise<boolean> {
	try {
		const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const stats = await handle.stat();
			if (!stats.isFile()) return false;
			const length = Math.min(stats.size, TAIL_BYTES);
			const {buffer} = await handle.read(Buffer.alloc(length), 0, length, stats.size - length);
			const tail = buffer.toString('latin1').trimEnd();
			const start = tail.lastIndexOf('\n') + 1;
			return (start > 0 || length === stats.size) && !tail.startsWith('{"type":"run-completed"', start);
		} finally {
			await handle.close();
		}
	} catch {
		return false;
	}
}

async function* readLines(file: string): AsyncGenerator<Line> {
	try {
		yield* splitLines(createReadStream(file, 'utf8'), LONGEST_LINE);
	} catch (error) {
		throw new EnvironmentError(`The recorded run ${safe(file)} cannot be read`, error);
	}
}

/** `undefined` where it is none. */
function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
