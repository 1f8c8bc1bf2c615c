// Amounts over time in the details of a file that has completed: asked for once, when somebody stays to look.
import {setTimeout as wait} from 'node:timers/promises';
import {afterEach, expect, test, vi} from 'vitest';
import type {MonthFigure} from '../../source/store/control.ts';
import {displayWidth} from '../../source/text/width.ts';
import {createLook} from '../../source/ui/look.ts';
import {buildMonthLines} from '../../source/ui/result-lines.ts';
import {THEME_NAMES} from '../../source/ui/theme.ts';
import {KEY} from '../helpers/virtual-terminal.ts';
import {SampleRun} from './sample-run.ts';
import {leaveAll, type Shown, show} from './show.ts';

afterEach(leaveAll);

const MONTHS: readonly MonthFigure[] = [
	{month: '2023-11', amount: '120.50'},
	{month: '2023-12', amount: '1234567.25'},
	{month: '2024-03', amount: '600000.00'},
	{month: '2024-04', amount: '-5.00'},
];

interface Ask {
	readonly file: string;
	readonly signal: AbortSignal;
	readonly answer: (months: readonly MonthFigure[] | null) => void;
}

function completedRun(): {run: SampleRun; asks: Ask[]} {
	const run = new SampleRun();
	run.start(['a.csv', 'b.csv', 'c.csv']);
	for (const file of ['a.csv', 'b.csv']) {
		run.run(file);
		run.complete(file);
	}
	run.run('c.csv');
	const asks: Ask[] = [];
	const inspectMonths = (file: string, signal: AbortSignal): Promise<readonly MonthFigure[] | null> =>
		new Promise(resolve => asks.push({file, signal, answer: resolve}));
	Object.assign(run.control, {inspectMonths});
	return {run, asks};
}

async function openDetails({terminal, see}: Shown, file: string): Promise<void> {
	await see('FILE ▲');
	terminal.press(`g${file === 'a.csv' ? '' : file === 'b.csv' ? 'j' : 'jj'}${KEY.enter}`);
	await see(new RegExp(`^ ${file}$`, 'm'));
}

const asked = (asks: readonly Ask[], count: number): Promise<Ask> =>
	vi.waitFor(() => {
		expect(asks.length).toBe(count);
		return asks.at(-1) as Ask;
	});

test('the chart comes when the answer has come, and at once when somebody comes back', async () => {
	const {run, asks} = completedRun();
	const shown = show(run, 100, 50);
	await openDetails(shown, 'a.csv');
	const {file, answer} = await asked(asks, 1);
	expect(file).toBe('a.csv');
	expect(await shown.terminal.screen()).not.toContain('AMOUNT OVER TIME');
	answer(MONTHS);
	const screen = await shown.see('AMOUNT OVER TIME   highest 1,234,567.25 in 2023-12');
	expect(screen).toMatch(/2023-11 +2024-04/);
	shown.terminal.press(KEY.escape);
	await openDetails(shown, 'a.csv');
	await shown.see('AMOUNT OVER TIME');
	await wait(700);
	expect(asks.length, 'asked once').toBe(1);
});

test('who passes by asks for nothing; who leaves breaks the reading off, and a late answer is no answer', async () => {
	const {run, asks} = completedRun();
	const shown = show(run, 100, 50);
	await openDetails(shown, 'a.csv');
	shown.terminal.press(KEY.escape);
	await openDetails(shown, 'b.csv');
	const {file, signal, answer} = await asked(asks, 1);
	expect(file).toBe('b.csv');
	expect(signal.aborted).toBe(false);
	shown.terminal.press(KEY.escape);
	await vi.waitFor(() => expect(signal.aborted).toBe(true));
	answer(MONTHS);
	await openDetails(shown, 'b.csv');
	const again = await asked(asks, 2);
	expect(await shown.terminal.screen()).not.toContain('AMOUNT OVER TIME');
	again.answer(null);
	await wait(50);
	expect(await shown.terminal.screen()).not.toContain('AMOUNT OVER TIME');
});

test('a file that runs is not asked about until it has completed; nor is anything where nobody can say', async () => {
	const {run, asks} = completedRun();
	const shown = show(run, 100, 50);
	await openDetails(shown, 'c.csv');
	await wait(700);
	expect(asks).toEqual([]);
	run.complete('c.csv');
	expect((await asked(asks, 1)).file).toBe('c.csv');
	await leaveAll();
	await vi.waitFor(() => expect(asks[0]?.signal.aborted).toBe(true));

	const mute = completedRun();
	Object.assign(mute.run.control, {inspectMonths: undefined});
	const silent = show(mute.run, 100, 50);
	await openDetails(silent, 'a.csv');
	await wait(700);
	expect(await silent.terminal.screen()).not.toContain('AMOUNT OVER TIME');
});

const textOf = (
	months: readonly MonthFigure[],
	columns: number,
	ascii = false,
	theme: (typeof THEME_NAMES)[number] = 'mono',
) =>
	buildMonthLines(months, columns, createLook({theme, ascii, colorLevel: 3})).map(line =>
		line.map(part => part.text).join(''),
	);

test('time goes on where there is no record, and what is below nothing has no height', () => {
	const [, top = '', , , bottom = ''] = textOf(MONTHS, 80);
	expect(top).toMatch(/^ {6}███ *$/);
	// November is too little to be more than a trace; January and February hold nothing, April less.
	expect(bottom).toMatch(/^ {3}▁{3}█{3} {6}█{3} {3}$/);
});

test('in all themes, with and without signs, figures whole and lines within the width', () => {
	const large = MONTHS.map(({month}) => ({month, amount: `${'9'.repeat(60)}.25`}));
	const many = Array.from({length: 2400}, (_, index) => ({
		month: `${1900 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
		amount: String(index),
	}));
	for (const theme of THEME_NAMES) {
		for (const ascii of [false, true]) {
			for (const columns of [40, 57, 80, 200]) {
				for (const months of [MONTHS, MONTHS.slice(0, 2), large, many]) {
					const lines = textOf(months, columns, ascii, theme);
					for (const line of lines) {
						expect(displayWidth(line)).toBeLessThanOrEqual(columns);
						if (ascii) expect(line).toMatch(/^[\x20-\x7e]*$/);
					}
				}
				expect(textOf(large, columns, ascii, theme).join('').replaceAll(/[^9]/g, '').length).toBe(60);
			}
		}
	}
});
