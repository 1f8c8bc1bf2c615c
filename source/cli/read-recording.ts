// Recorded runs, read line by line: what `--record` keeps, and what `--jsonl` prints.
import {constants, createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import type {RunEvent, RunEventType} from '../store/events.ts';
import {safe} from '../text/safe.ts';
import {EnvironmentError} from './environment-error.ts';
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
	for await (const {text, isWhole} of readLines(file)) {
		lineNumber++;
		if (text.trim() === '') continue;
		const event = readJson(text);
		if (isEvent(event) && (count > 0 || event.type === 'run-started')) {
			count++;
			yield event;
		} else if (isWhole || count === 0) {
			throw new UsageError(
				`Line ${lineNumber} of ${safe(file)} is no event of a run; replay takes what --record kept or --jsonl printed, from its first line on.`,
			);
		}
	}
	if (count === 0) throw new UsageError(`${safe(file)} is empty; replay takes what --record kept or --jsonl printed.`);
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

async function* readLines(file: string): AsyncGenerator<{readonly text: string; readonly isWhole: boolean}> {
	const input = createReadStream(file, 'utf8');
	let rest = '';
	try {
		for await (const chunk of input) {
			const lines = (rest + String(chunk)).split('\n');
			rest = lines.pop() ?? '';
			for (const text of lines) yield {text, isWhole: true};
		}
	} catch (error) {
		throw new EnvironmentError(`The recorded run ${safe(file)} cannot be read`, error);
	}
	if (rest !== '') yield {text: rest, isWhole: false};
}

/** What every event of a type must have for a run to be made of it. The type checker sees to it that none is missing. */
const neededKeys: {readonly [Type in RunEventType]: readonly string[]} = {
	'run-started': ['paths', 'fileCount', 'bytesTotal', 'concurrency', 'threads'],
	'run-paused': [],
	'run-resumed': [],
	'run-completed': ['status', 'totals', 'analyses'],
	'file-queued': ['file', 'attempt', 'bytesTotal'],
	'file-skipped': ['file', 'attempt', 'report'],
	'file-started': ['file', 'attempt'],
	'file-progressed': ['file', 'attempt', 'bytesRead', 'rows', 'rejectedRows'],
	'file-retrying': ['file', 'attempt', 'error', 'waitMs'],
	'file-completed': ['file', 'attempt', 'report'],
	'file-failed': ['file', 'attempt', 'report'],
	'file-cancelled': ['file', 'attempt', 'report'],
};

function isEvent(value: unknown): value is RunEvent {
	if (typeof value !== 'object' || value === null || !('type' in value) || !('elapsedMs' in value)) return false;
	if (typeof value.type !== 'string' || !Number.isFinite(value.elapsedMs)) return false;
	const keys = Object.entries(neededKeys).find(([type]) => type === value.type)?.[1];
	return keys?.every(key => key in value) ?? false;
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
