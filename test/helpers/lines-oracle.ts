// The result of the analysis of lines, computed in the plainest way.
import type {LinesResult} from '../../source/model/results.ts';

/** One character per byte. */
export interface PlainLine {
	readonly text: string;
	/** Empty for a blank line. */
	readonly masked: string;
	readonly words: number;
}

const WORD = /[^ \t\r\n\v\f]+/g;

export function plainLines(bytes: string): PlainLine[] {
	const lines = bytes.replace(/^\xef\xbb\xbf/, '').split('\n');
	if (lines.at(-1) === '' && !/^\xef\xbb\xbf$/.test(bytes)) lines.pop();
	return lines.map(line => {
		const text = line.replace(/\r+$/, '');
		const words = text.match(WORD)?.length ?? 0;
		return {text, masked: words === 0 ? '' : text.replace(/[0-9]+/g, '#'), words};
	});
}

/** All but the levels; of lines in ASCII. */
export function linesOracle(bytes: string): Omit<LinesResult, 'levels'> {
	const lines = plainLines(bytes);
	const counts = new Map<string, number>();
	for (const {masked} of lines) if (masked !== '') counts.set(masked, (counts.get(masked) ?? 0) + 1);
	const lengths = lines.map(({text}) => text.length);
	const longest = lengths.reduce((max, length) => Math.max(max, length), 0);
	return {
		lines: lines.length,
		blank_lines: lines.filter(({words}) => words === 0).length,
		words: lines.reduce((sum, {words}) => sum + words, 0),
		bytes: bytes.length,
		longest_line: lines.length === 0 ? null : {line: lengths.indexOf(longest) + 1, bytes: longest},
		frequent: Array.from(counts, ([line, count]) => ({line, count, exact: true}))
			.sort((one, other) => other.count - one.count || (one.line < other.line ? -1 : 1))
			.slice(0, 10),
	};
}
