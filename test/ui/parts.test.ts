// The pure parts of the screen: lines, bars, windows over long lists, the keymap.
import chalk from 'chalk';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {findAction, KEYMAP, type View} from '../../source/ui/commands/keymap.ts';
import {progressBar, sparkline} from '../../source/ui/look/bars.ts';
import {cutLine, fitItems, justify, lineWidth, span} from '../../source/ui/look/line.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {paintText} from '../../source/ui/look/paint-span.ts';
import {createFollower, followOffset, scrollTo} from '../../source/ui/terminal/viewport.ts';
import {fitColumns, headingLine} from '../../source/ui/views/file-columns.ts';
import {sampleRun} from './sample-run.ts';

const look = createLook({theme: 'mono', ascii: false, colorLevel: 0});
const textOf = (line: ReturnType<typeof cutLine>): string => line.map(({text}) => text).join('');

test('a line is cut at the given width with an ellipsis, and never wider', () => {
	expect(textOf(cutLine([span('abc'), span('def')], 5, false))).toBe('abcd…');
	expect(textOf(cutLine([span('abc'), span('def')], 6, false))).toBe('abcdef');
	expect(textOf(justify([span('left')], [span('right')], 12, false))).toBe('left   right');
	const words = fc.array(fc.constantFrom('a', '漢字', 'word ', '…', ''), {maxLength: 8});
	fc.assert(
		fc.property(words, words, fc.nat(30), (left, right, columns) => {
			const [leftLine, rightLine] = [left.map(text => span(text)), right.map(text => span(text))];
			expect(lineWidth(cutLine(leftLine, columns, false))).toBeLessThanOrEqual(columns);
			expect(lineWidth(justify(leftLine, rightLine, columns, false))).toBeLessThanOrEqual(columns);
		}),
	);
});

test('of items that do not all fit, the least important is dropped first', () => {
	const items = [
		{line: [span('one')], priority: 2},
		{line: [span('two')], priority: 1},
		{line: [span('three')], priority: 3},
	];
	expect(textOf(fitItems(items, 40, 2))).toBe('one  two  three');
	expect(textOf(fitItems(items, 12, 2))).toBe('one  three');
	expect(textOf(fitItems(items, 4, 2))).toBe('');
});

test('a bar is full only when all is done', () => {
	const bar = (fraction: number) => textOf(progressBar(fraction, 10, {}, look));
	expect([0, 0.5, 0.999, 1, Number.NaN].map(bar)).toEqual([
		'░░░░░░░░░░',
		'█████░░░░░',
		'█████████▉',
		'██████████',
		'░░░░░░░░░░',
	]);
	expect(sparkline([0, 50, 100], 8, look)).toBe('▁▅█');
	expect(sparkline([], 8, look)).toBe('');
});

/** Whether a list has rejected records, and files of different analyses. */
const LISTS = [
	[false, false],
	[true, false],
	[false, true],
	[true, true],
] as const;

test('the sorted column keeps a space before its sign, and all headings stay apart', () => {
	for (const [hasRejects, isMixed] of LISTS) {
		for (let columns = 40; columns <= 200; columns++) {
			const fitting = fitColumns(columns, hasRejects, isMixed);
			for (const {key, title} of fitting) {
				for (const isDescending of [false, true]) {
					const heading = textOf(headingLine(fitting, look, {key, isDescending}));
					expect(heading).toContain(`${title} ${isDescending ? '▼' : '▲'}`);
					expect(heading.trim().split(/ +/)).toHaveLength(fitting.length + 1);
					expect(heading).toHaveLength(columns - 1);
				}
			}
		}
	}
});

test('only words are underlined, not padding', () => {
	const level = chalk.level;
	chalk.level = 1;
	try {
		const {warning} = createLook({theme: 'mono', ascii: false, colorLevel: 1}).theme;
		expect(paintText('        ', warning)).toBe('        ');
		expect(paintText('  37 ', warning)).toBe(`  ${paintText('37', warning)} `);
		expect(paintText('37', warning)).toBe('\u{1b}[4m37\u{1b}[24m');
		expect(paintText('2 running', warning)).toContain('2 running');
	} finally {
		chalk.level = level;
	}
});

test.each(
	LISTS,
)('the columns of the list fill every width exactly, and more width never means fewer columns (rejects: %s, mixed: %s)', (hasRejects, isMixed) => {
	let before = 0;
	for (let columns = 40; columns <= 300; columns++) {
		const fitting = fitColumns(columns, hasRejects, isMixed);
		const width = fitting.reduce((sum, column) => sum + column.width + 2, -2);
		expect(width).toBe(columns - 3 - 1);
		expect(fitting.find(({key}) => key === 'name')?.width).toBeGreaterThanOrEqual(16);
		if (![60, 80, 120].includes(columns)) expect(fitting.length).toBeGreaterThanOrEqual(before);
		before = fitting.length;
	}
});

test('once a file has rejected records, every list of 55 columns and more counts them', () => {
	const keysAt = (columns: number, hasRejects: boolean) => fitColumns(columns, hasRejects).map(({key}) => key);
	for (let columns = 55; columns <= 200; columns++) expect(keysAt(columns, true)).toContain('rejected');
	expect(keysAt(80, false)).toEqual(['name', 'status', 'progress', 'size', 'rows', 'speed']);
	expect(keysAt(80, true)).toEqual(['name', 'status', 'progress', 'size', 'rows', 'rejected']);
	expect(keysAt(160, true)).toEqual(keysAt(160, false));
});

test('a list of files that came to different analyses names that of each, from 77 columns on', () => {
	const keysAt = (columns: number) => fitColumns(columns, false, true).map(({key}) => key);
	for (let columns = 77; columns <= 200; columns++) expect(keysAt(columns)).toContain('analysis');
	expect(keysAt(80)).toEqual(['name', 'analysis', 'status', 'progress', 'rows']);
});

test('the window contains the cursor and the followed file, and never leaves the list', () => {
	const counts = fc.record({index: fc.nat(999), offset: fc.nat(999), height: fc.integer({min: 1, max: 60})});
	fc.assert(
		fc.property(counts, fc.integer({min: 1, max: 8}), ({index, offset, height}, concurrency) => {
			for (const start of [scrollTo(index, offset, height, 1000), followOffset(index, height, 1000, concurrency)]) {
				expect(start).toBeGreaterThanOrEqual(0);
				expect(start).toBeLessThanOrEqual(index);
				expect(start + height).toBeGreaterThan(index);
				expect(start).toBeLessThanOrEqual(1000 - height);
			}
		}),
	);
});

test('the follower finds the first running file, and stays where it was when none runs', () => {
	const run = sampleRun();
	const follow = createFollower();
	expect(follow(run.store.getSnapshot())).toBe(4);
	for (const number of ['005', '006', '007']) run.complete(`data/transactions_${number}.csv`);
	expect(follow(run.store.getSnapshot())).toBe(4);
	run.run('data/transactions_001.csv', 2);
	expect(follow(run.store.getSnapshot())).toBe(0);
});

test('no key has two meanings in a view', () => {
	for (const view of ['files', 'details', 'help', 'summary'] satisfies View[]) {
		const keys = KEYMAP.filter(({views}) => views.includes(view)).flatMap(binding => binding.keys);
		expect(new Set(keys).size, view).toBe(keys.length);
		expect(findAction('q', view)).toBe('quit');
	}
});
