// A topic as lines of a terminal. Its text has parts with empty lines between them:
//
//   # Title                     a title within it
//   ....command   purpose       with blanks for the points: what is typed, and what for; what is indented further belongs to the line before
//   ->code                      with a tab for the arrow: as it is
//   | left | right              a table of two columns
//   - item, 1. item             a list; lines that are indented by as much go on with an item
//
// Anything else is a paragraph.
import {formatExamples, formatTable, wrap} from '../help-layout.ts';

export const topicLines = (text: string, width: number): string[] =>
	text.split(/\n\n+/).flatMap((part, index) => [...(index === 0 ? [] : ['']), ...linesOf(part, width)]);

const MAX_LEFT_COLUMNS = 24;
const LIST_ITEM = /^(?:-|\d+\.) /;

function linesOf(part: string, width: number): string[] {
	const lines = part.split('\n');
	if (part.startsWith('# ')) return [part.slice(2)];
	if (part.startsWith('\t')) return lines.map(line => `  ${line.slice(1)}`.trimEnd());
	if (part.startsWith('    ')) return formatExamples(examplesOf(lines), width);
	if (part.startsWith('| ')) {
		const rows = lines.map(line => cellsOf(line));
		const leftColumns = Math.max(...rows.map(([left]) => left.length).filter(length => length <= MAX_LEFT_COLUMNS));
		return formatTable(rows, width, leftColumns);
	}
	return LIST_ITEM.test(part) ? itemsOf(lines).flatMap(item => listItem(item, width)) : wrap(lines.join(' '), width);
}

function cellsOf(line: string): readonly [left: string, right: string] {
	const [, left = '', right = ''] = /^\| (.*?) \| (.*)$/.exec(line) ?? [];
	return [left, right];
}

function examplesOf(lines: readonly string[]): (readonly [command: string, purpose: string])[] {
	const examples: [command: string, purpose: string][] = [];
	for (const line of lines) {
		const last = examples.at(-1);
		const [, command = '', purpose = ''] = /^ {4}(\S.*?)(?: {3,}(\S.*))?$/.exec(line) ?? [];
		if (command !== '') examples.push([command, purpose]);
		else if (last !== undefined) last[1] = `${last[1]} ${line.trim()}`.trim();
	}
	return examples;
}

function itemsOf(lines: readonly string[]): string[] {
	const items: string[] = [];
	for (const line of lines) {
		if (LIST_ITEM.test(line)) items.push(line);
		else items.push(`${items.pop() ?? ''} ${line.trim()}`);
	}
	return items;
}

function listItem(item: string, width: number): string[] {
	const [sign = ''] = LIST_ITEM.exec(item) ?? [];
	const lines = wrap(item.slice(sign.length), width - sign.length);
	return lines.map((line, index) => (index === 0 ? sign : ' '.repeat(sign.length)) + line);
}
