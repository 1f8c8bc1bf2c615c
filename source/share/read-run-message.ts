// Messages of a run, checked as far as those who follow rely on it before they look at details: they come from another process, which may be another
// version of the program, or none of it.
import {type Check, count, flag, listOf, oneOf, optional, orNull, shape, text} from '../text/shape.ts';
import {RUN_MEMBERS, type RunMessage} from './messages.ts';

const anything: Check = () => null;
const object = shape<object>({});

const file = shape({index: count, file: text, status: text, bytesRead: count, report: orNull(object)});

const checks: Readonly<Record<string, Check>> = {
	welcome: shape({version: text, title: text, mayControl: flag}),
	frame: shape({
		number: count,
		elapsedMs: count,
		run: optional(shape(Object.fromEntries(RUN_MEMBERS.map(name => [name, anything])))),
		tally: optional(shape({slowest: listOf(file)})),
		past: optional(shape({samples: listOf(object), history: object})),
		files: optional(listOf(file)),
		progress: optional(listOf(listOf(count))),
		log: optional(shape({count, events: listOf(shape({type: text}))})),
		isPart: optional(oneOf(true)),
	}),
	answer: shape({id: count, value: orNull(object)}),
	refusal: shape({message: text, id: optional(count)}),
};

/** @returns `null` where it is no such message. */
export function readRunMessage(line: string): RunMessage | null {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return null;
	}
	const type = (value as {readonly type?: unknown} | null)?.type;
	if (typeof type !== 'string' || !Object.hasOwn(checks, type)) return null;
	return checks[type]?.(value) === null ? (value as RunMessage) : null;
}
