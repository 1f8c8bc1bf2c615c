// Messages of those who follow a run, checked: they come from other processes.
import type {RunCommandType} from '../model/run-command.ts';
import {type Check, count, label, listOf, oneOf, optional, shape, text} from '../text/shape.ts';
import type {ViewerMessage} from './messages.ts';

const MAX_FILES = 100_000;

const address = {file: text, jobId: optional(count)};

/** What each command has. Of a watched folder there are none here. */
const commands: Readonly<Partial<Record<RunCommandType, Check>>> = {
	pause: shape<object>({}),
	resume: shape<object>({}),
	stop: shape<object>({}),
	'pause-file': shape(address),
	'resume-file': shape(address),
	'cancel-file': shape(address),
	'retry-files': shape({files: listOf(shape(address), MAX_FILES)}),
	'set-concurrency': shape({concurrency: count}),
};

const isCommand: Check = value => {
	const type = (value as {readonly type?: unknown} | null | undefined)?.type;
	const check =
		typeof type === 'string' && Object.hasOwn(commands, type) ? commands[type as RunCommandType] : undefined;
	return check === undefined ? 'type' : check(value);
};

const checks: Readonly<Record<string, Check>> = {
	taken: shape({frame: count}),
	perform: shape({command: isCommand}),
	ask: shape({
		id: count,
		about: oneOf('results', 'report', 'inspection'),
		file: optional(text),
		jobId: optional(count),
	}),
};

/** @returns `null` where it is no such message. */
export function readViewerMessage(line: string): ViewerMessage | null {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return null;
	}
	const type = (value as {readonly type?: unknown} | null)?.type;
	if (label(type) !== null || !Object.hasOwn(checks, type as string)) return null;
	return checks[type as string]?.(value) === null ? (value as ViewerMessage) : null;
}
