import type {JsonMember, JsonNode} from './parse-json.ts';
import {quoted} from './quoted.ts';
import {safe} from './safe.ts';

/** Reports an issue of a value; `path` leads to it from the top of the file. */
export type ReportIssue = (node: {readonly offset: number}, path: string, sentence: string) => void;

/** Otherwise the last one would win silently. */
export function withoutRepeats(members: readonly JsonMember[], path: string, reportIssue: ReportIssue): JsonMember[] {
	const seen = new Set<string>();
	return members.filter(member => {
		const isNew = !seen.has(member.name);
		if (!isNew) reportIssue(member, path + safe(member.name), 'is set twice.');
		seen.add(member.name);
		return isNew;
	});
}

const MAX_SHOWN_LENGTH = 60;

/** Safe to print, and no longer than a line. */
export function describeFound(node: JsonNode): string {
	switch (node.type) {
		case 'object':
			return 'an object';
		case 'list':
			return 'a list';
		case 'text':
			if (node.value === '') return 'an empty text';
			return `the text ${quoted(node.value.length > MAX_SHOWN_LENGTH ? `${node.value.slice(0, MAX_SHOWN_LENGTH)}…` : node.value)}`;
		default:
			return String(node.value);
	}
}
