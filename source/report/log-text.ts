// A line of the log as text (`--log-format text`), for people and for scripts that look for the words of the system before this one.

import {escapeInvisible} from '../text/escape-invisible.ts';
import {UNSAFE} from '../text/safe.ts';

export interface LogHead {
	readonly at: string;
	readonly level: string;
	readonly message: string;
}

/** What tells our log from others, as in syslog. Each line has it, so whatever becomes of a file, its first line does. */
const TAG = 'fileproc-tui:';
/** A text with such a beginning would look like JSON (or like our fixed words), one with the others like a quoted text or a further field. */
const NEEDS_QUOTES = /^[{[]|["=]/;

const EXECUTION: ReadonlyMap<string, (task: string, active: string) => readonly string[]> = new Map([
	['exec.started', (task, active) => [`Starting execution for task: ${task}`, `Active concurrent tasks: ${active}`]],
	[
		'exec.removed',
		(task, active) => [`Removed task ${task} from active executions`, `Remaining active tasks: ${active}`],
	],
]);

/**
Time, level, message and `key=value` of each field; the begin and the end of a task are two lines of fixed words.

@param toJson - `undefined` where a value has no JSON.
@throws Whatever `toJson` throws.
*/
export function toTextLines(
	{at, level, message}: LogHead,
	fields: Readonly<Record<string, unknown>>,
	toJson: (value: unknown) => string | undefined,
): readonly string[] {
	const start = `${quote(at)} ${level} ${TAG}`;
	const texts = new Map<string, string>();
	for (const [name, value] of Object.entries(fields)) {
		const json = toJson(value);
		if (json !== undefined) texts.set(name, json.startsWith('"') ? quote(JSON.parse(json)) : escapeInvisible(json));
	}
	const [task, active] = [texts.get('task'), texts.get('active')];
	const words = task === undefined || active === undefined ? undefined : EXECUTION.get(message)?.(task, active);
	if (words !== undefined) return words.map(line => `${start} [EXEC] ${line}`);
	const pairs = [...texts].map(([name, text]) => ` ${quote(name)}=${text}`);
	return [`${start} ${isPlain(message) ? message : quoted(message)}${pairs.join('')}`];
}

const quote = (text: string): string => (isPlain(text) && !/\s/.test(text) ? text : quoted(text));
const quoted = (text: string): string => escapeInvisible(JSON.stringify(text));
const isPlain = (text: string): boolean => text !== '' && !UNSAFE.test(text) && !NEEDS_QUOTES.test(text);
