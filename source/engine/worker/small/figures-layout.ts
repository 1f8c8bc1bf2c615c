// How the figures of a small file are laid out, for the kernel to write them (kernel/series.ts). It is learned from a sample: figures
// that are known are laid out as those of any file, and what stands between them is what stands between all.
import type {ColumnFigures} from '../../../analysis/analysis.ts';
import {groupsFrom, packGroups} from '../../../analysis/groups.ts';
import {analyses} from '../../../analysis/registry.ts';
import type {AnalysisName} from '../../../analysis/results.ts';
import type {FiguresLayout} from '../../../kernel/series.ts';
import {escapeActing} from '../../../text/escape.ts';
import {INDENT, LINE_COLUMNS, layOut, layOutResult, RESULT_INDENT} from '../../../text/json-layout.ts';

/** Two groups of 3 and 2 records with these names; all of it in the order of `FiguresLayout`. */
const figuresOf = (first: string, second: string): readonly string[] => [
	...['5', '36.08', '36.08', '7.216'],
	...[`"${first}"`, `"${first}"`, '3', '17.03', `"${second}"`, '2', '19.05'],
	...['1987-01-05', '1998-02-06', '7004'],
];

const sampleOf = (first: string, second: string): ColumnFigures => ({
	groups: packGroups(
		groupsFrom(
			[
				[first, {count: 3, amount: {units: 1703n, scale: 2}}],
				[second, {count: 2, amount: {units: 1905n, scale: 2}}],
			],
			{mostGroups: 2, mostNameBytes: first.length + second.length},
		),
	),
	groupsAreGivenUp: false,
	earliest: '1987-01-05',
	latest: '1998-02-06',
	distinct: {keys: new Uint32Array(0), longValues: new Set(), numbered: null, toldBefore: 7004, registers: null},
});

/** What stands in front of each figure, and behind the last one. */
function piecesOf(text: string, figures: readonly string[]): string[] {
	let end = 0;
	const pieces = figures.map(figure => {
		const start = text.indexOf(figure, end);
		if (start === -1) throw new Error(`Expected ${figure} in the figures from character ${end} on: ${text}`);
		const piece = text.slice(end, start);
		end = start + figure.length;
		return piece;
	});
	return [...pieces, text.slice(end)];
}

function learn(analysis: AnalysisName): FiguresLayout {
	const {fromColumns, finish, listedName, mostListed} = analyses[analysis];
	const layOutSample = (first: string, second: string): string[] =>
		piecesOf(layOutResult(finish(fromColumns(sampleOf(first, second)))), figuresOf(first, second));
	// With names so long each group has a line of its own; with short ones all are on one.
	const lines = layOutSample('a'.repeat(40), 'b'.repeat(40));
	const line = layOutSample('a', 'b');
	const piece = (pieces: readonly string[], index: number): string => pieces[index] ?? '';
	const nextOnLine = piece(line, 8);
	const listIndent = RESULT_INDENT.length + INDENT.length;
	return {
		pieces: [
			...lines.slice(0, 5),
			...[piece(lines, 6), piece(lines, 7)],
			...[piece(lines, 5), piece(lines, 8), piece(lines, 11)],
			...[piece(line, 5), nextOnLine, piece(line, 11)],
			...lines.slice(12),
		],
		lineColumns: nextOnLine.length - ', '.length + piece(line, 6).length + piece(line, 7).length,
		lineRoom: LINE_COLUMNS - (listIndent + INDENT.length) - 2,
		listRoom: LINE_COLUMNS - listIndent - 2,
		mostListed,
		layOutName(name) {
			const text = layOut(listedName(name), '');
			return {text: escapeActing(text), columns: text.length};
		},
	};
}

const learned = new Map<AnalysisName, FiguresLayout>();

export function figuresLayoutOf(analysis: AnalysisName): FiguresLayout {
	const known = learned.get(analysis) ?? learn(analysis);
	learned.set(analysis, known);
	return known;
}
