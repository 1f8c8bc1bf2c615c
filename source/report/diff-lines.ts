// What changed between two runs, as lines of text.
import type {RunDiff} from '../model/run-diff.ts';
import {type DiffFact, describeDiff} from '../store/describe-diff.ts';
import {safe} from '../text/safe.ts';
import {displayWidth, padEnd, truncateEnd} from '../text/width.ts';
import {wrap} from './wrap.ts';

export interface DiffLinesOptions {
	/** No line is wider. */
	readonly columns: number;
	/** So many names are told at once; without it, all, and those of files are left to others. */
	readonly nameLimit?: number;
	readonly ascii?: boolean;
}

/** @returns When the earlier run was, as a heading, and the lines under it. */
export function diffLines(
	diff: RunDiff,
	{columns, nameLimit = Number.POSITIVE_INFINITY, ascii = false}: DiffLinesOptions,
): {readonly heading: string; readonly lines: readonly string[]} {
	const {since, facts, files, sections, notes} = describeDiff(diff, safe, nameLimit);
	const layOut = (some: readonly DiffFact[], indent: number): string[] => layOutFacts(some, indent, columns, ascii);
	return {
		heading: `What changed ${since}`,
		lines: [
			...layOut(Number.isFinite(nameLimit) ? [...facts, ...files] : facts, 2),
			...sections.flatMap(({title, facts: some}) => [`  ${title}`, ...layOut(some, 4)]),
			...notes.flatMap(note => wrap(note, columns - 2, Number.POSITIVE_INFINITY, {ascii}).map(text => `  ${text}`)),
		],
	};
}

const MAX_LABEL_WIDTH = 24;

function layOutFacts(facts: readonly DiffFact[], indent: number, columns: number, ascii: boolean): string[] {
	const widest = facts.reduce((width, {label}) => Math.max(width, displayWidth(label)), 0);
	const labelWidth = Math.min(widest, MAX_LABEL_WIDTH, Math.max(1, Math.floor(columns / 3)));
	const start = indent + labelWidth + 2;
	return facts.flatMap(({label, text}) =>
		wrap(text, Math.max(1, columns - start), Number.POSITIVE_INFINITY, {ascii}).map((line, index) => {
			const head = index === 0 ? padEnd(truncateEnd(label, labelWidth, {ascii}), labelWidth) : ' '.repeat(labelWidth);
			return `${' '.repeat(indent)}${head}  ${line}`;
		}),
	);
}
