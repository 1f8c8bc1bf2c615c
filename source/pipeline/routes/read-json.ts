// Parts of a configuration → values, or faults at their places.
import {findClosestMatch} from '../../text/closest-match.ts';
import {joinWords} from '../../text/join-words.ts';
import {describeFound, type ReportIssue, withoutRepeats} from '../../text/json-values.ts';
import type {JsonMember, JsonNode} from '../../text/parse-json.ts';
import {quoted} from '../../text/quoted.ts';
import {safe} from '../../text/safe.ts';
import type {Json, JsonObject} from '../pipeline.ts';
import type {WrittenText} from './written.ts';

/** A path to a value within its configuration. */
export const within = (path: string, name: string): string => (path === '' ? safe(name) : `${path}.${safe(name)}`);

/**
Reads an object with known keys.

@param path - Leads to it; empty for the whole file.
@returns Its members by their names; `null` where it is no object.
*/
export function readMembers<Key extends string>(
	node: JsonNode,
	path: string,
	{keys, example}: {readonly keys: readonly Key[]; readonly example: string},
	report: ReportIssue,
): ReadonlyMap<Key, JsonMember> | null {
	if (node.type !== 'object') {
		report(
			node,
			path,
			`${path === '' ? 'Expected' : 'takes'} an object like ${example}, but got ${describeFound(node)}.`,
		);
		return null;
	}
	const known = new Map<Key, JsonMember>();
	for (const member of withoutRepeats(node.members, path === '' ? '' : `${path}.`, report)) {
		const key = keys.find(each => each === member.name);
		if (key !== undefined) known.set(key, member);
		else report(member, path, describeUnknownKey(member.name, keys, path));
	}
	return known;
}

function describeUnknownKey(name: string, keys: readonly string[], path: string): string {
	const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '');
	const closest = keys.find(key => plain(key) === plain(name)) ?? findClosestMatch(name, keys);
	const hint = closest === undefined ? '' : ` Did you mean ${closest}?`;
	return `${path === '' ? 'Expected' : 'takes'} ${joinWords(keys, 'and')}, but got ${quoted(name)}.${hint}`;
}

/** @param what - What is expected: `a pattern like *.csv`. */
export function readText(node: JsonNode, path: string, what: string, report: ReportIssue): WrittenText | null {
	if (node.type === 'text' && node.value !== '') return {text: node.value, offset: node.offset};
	report(node, path, `takes ${what}, but got ${describeFound(node)}.`);
	return null;
}

/** Reads a text, or a list of some. @param findFault - What is wrong with one of them: `is no …`. */
export function readTexts(
	node: JsonNode,
	path: string,
	{what, mayBeEmpty = false, findFault}: TextRules,
	report: ReportIssue,
): readonly string[] | null {
	const items = node.type === 'list' ? node.items : [node];
	if (items.length === 0) report(node, path, `takes ${what}, or a list of such, but got an empty list.`);
	const texts = items.map((item, index) => {
		const itemPath = node.type === 'list' ? `${path}[${index}]` : path;
		if (mayBeEmpty && item.type === 'text' && item.value === '') return '';
		const text = readText(item, itemPath, what, report)?.text ?? null;
		const fault = text === null ? undefined : findFault?.(text);
		if (fault !== undefined) report(item, itemPath, fault);
		return fault === undefined ? text : null;
	});
	return texts.length === 0 || texts.includes(null) ? null : (texts as string[]);
}

export interface TextRules {
	readonly what: string;
	readonly mayBeEmpty?: boolean;
	readonly findFault?: (text: string) => string | undefined;
}

/** The value of JSON; of names that stand twice, which is told, the last one counts. */
export function readValue(node: JsonNode, path: string, report: ReportIssue): Json {
	switch (node.type) {
		case 'list':
			return node.items.map((item, index) => readValue(item, `${path}[${index}]`, report));
		case 'object': {
			const members = withoutRepeats(node.members, `${path}.`, report);
			// Not as properties of a literal: a member may be called `__proto__`.
			return Object.fromEntries(
				members.map(({name, value}) => [name, readValue(value, within(path, name), report)]),
			) as JsonObject;
		}
		default:
			return node.value;
	}
}
