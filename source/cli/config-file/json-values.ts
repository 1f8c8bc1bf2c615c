import {safe} from '../../text/safe.ts';
import {quoted} from '../arguments/usage-error.ts';
import type {JsonMember, JsonNode} from './parse-json.ts';

/** Reports what is wrong with a value; `path` leads to it from the top of the file. */
export type Complain = (node: {readonly offset: number}, path: string, sentence: string) => void;

/** The last one would win in silence. */
export function withoutRepeats(members: readonly JsonMember[], path: string, complain: Complain): JsonMember[] {
	const seen = new Set<string>();
	return members.filter(member => {
		const isNew = !seen.has(member.name);
		if (!isNew) complain(member, path + safe(member.name), 'is set twice.');
		seen.add(member.name);
		return isNew;
	});
}

const LONGEST_SHOWN = 60;

/** Harmless to show, and no longer than a line. */
export function describeFound(node: JsonNode): string {
	switch (node.type) {
		case 'object':
			return 'an object';
		case 'list':
			return 'a list';
		case 'text':
			if (node.value === '') return 'an empty text';
			return `the text ${quoted(node.value.length > LONGEST_SHOWN ? `${node.value.slice(0, LONGEST_SHOWN)}…` : node.value)}`;
		default:
			return String(node.value);
	}
}
