import {expect, test} from 'vitest';
import {copySequence} from '../../../source/ui/input/clipboard.ts';

const decode = (sequence: string): string =>
	Buffer.from(/52;c;([\w+/=]*)/.exec(sequence)?.[1] ?? '', 'base64').toString();

test('text goes to the clipboard in one sequence, in base64', () => {
	const {sequence, isCut} = copySequence(['data/ä.csv', 'b.csv'], false);
	expect(sequence).toMatch(/^\u{1b}\]52;c;[\w+/=]+\u{1b}\\$/u);
	expect(decode(sequence)).toBe('data/ä.csv\nb.csv');
	expect(isCut).toBe(false);
});

test('within tmux it goes through an envelope as well, with every ESC doubled', () => {
	const plain = copySequence(['a'], false).sequence;
	expect(copySequence(['a'], true).sequence).toBe(
		`${plain}\u{1b}Ptmux;${plain.replaceAll('\u{1b}', '\u{1b}\u{1b}')}\u{1b}\\`,
	);
});

test("text beyond the terminals' limit is cut at the end of a line, and reported", () => {
	const lines = Array.from({length: 100_000}, (_, index) => `data/${index}.csv`);
	const {sequence, isCut} = copySequence(lines, false);
	expect(isCut).toBe(true);
	expect(sequence.length).toBeLessThan(74_000);
	expect(decode(sequence).split('\n').at(-1)).toMatch(/^data\/\d+\.csv$/);
});
