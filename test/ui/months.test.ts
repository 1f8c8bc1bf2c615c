// Amounts over time in the details of a running or completed file: requested once, when the user stays to look.
import {setTimeout as wait} from 'node:timers/promises';
import {afterEach, expect, onTestFinished, test, vi} from 'vitest';
import {displayWidth} from '../../source/text/width.ts';
import {keepAnswer, READING_DELAY_MS} from '../../source/ui/hooks/use-on-demand.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {THEME_NAMES} from '../../source/ui/look/theme.ts';
import {buildCharts, type KnownReading} from '../../source/ui/views/on-demand-lines.ts';
import {knownMonths, type MonthFigure, type MonthsSoFar, onDemandOf} from '../helpers/months.ts';
import {PATIENT} from '../helpers/patient.ts';
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
	readonly tell: (soFar: MonthsSoFar) => void;
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
	const onDemand = onDemandOf(
		(file, signal, onSoFar) =>
			new Promise(resolve => asks.push({file, signal, tell: soFar => onSoFar?.(soFar), answer: resolve})),
	);
	Object.assign(run.control, {onDemand});
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
	}, PATIENT);

interface HeldDelay {
	/** Waits until so many details have been opened and not left. */
	readonly until: (openCount: number) => Promise<void>;
	/** They have stayed open for long enough to be read. */
	readonly pass: () => void;
}

/** From now on details can be left without being read, however slow the machine is. */
function holdDelay(): HeldDelay {
	const {setTimeout: start, clearTimeout: clear} = globalThis;
	const held = new Map<unknown, () => void>();
	vi.stubGlobal('setTimeout', (run: () => void, ms?: number) => {
		if (ms !== READING_DELAY_MS) return start(run, ms);
		const timer = start(() => {}, 0);
		held.set(timer, run);
		return timer;
	});
	vi.stubGlobal('clearTimeout', (timer: NodeJS.Timeout) => {
		held.delete(timer);
		clear(timer);
	});
	onTestFinished(() => void vi.unstubAllGlobals());
	return {
		until: openCount => vi.waitFor(() => expect(held.size).toBe(openCount), PATIENT),
		pass() {
			for (const run of held.values()) run();
			held.clear();
		},
	};
}

test('the chart appears when the answer arrives, and at once when the user comes back', async () => {
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

test('passing by requests nothing; leaving aborts the request, and a late answer is ignored', async () => {
	const {run, asks} = completedRun();
	const delay = holdDelay();
	const shown = show(run, 100, 50);
	await openDetails(shown, 'a.csv');
	await delay.until(1);
	shown.terminal.press(KEY.escape);
	await delay.until(0);
	await openDetails(shown, 'b.csv');
	await delay.until(1);
	delay.pass();
	const {file, signal, answer} = await asked(asks, 1);
	expect(file).toBe('b.csv');
	expect(signal.aborted).toBe(false);
	shown.terminal.press(KEY.escape);
	await vi.waitFor(() => expect(signal.aborted).toBe(true), PATIENT);
	answer(MONTHS);
	await openDetails(shown, 'b.csv');
	await delay.until(1);
	delay.pass();
	const again = await asked(asks, 2);
	expect(await shown.terminal.screen()).not.toContain('AMOUNT OVER TIME');
	again.answer(null);
	await wait(50);
	expect(await shown.terminal.screen()).not.toContain('AMOUNT OVER TIME');
});

test('of answers, the last 32 are kept, and fewer with very many rows', () => {
	const answers = new Map<string, readonly KnownReading[]>();
	const keysAfter = (count: number, monthCount: number): string[] => {
		answers.clear();
		const months = Array.from({length: monthCount}, () => ({month: '2024-01', amount: '1'}));
		for (let index = 0; index < count; index++) keepAnswer(answers, String(index), [knownMonths(months)]);
		return [...answers.keys()];
	};
	expect(keysAfter(32, 1)).toHaveLength(32);
	expect(keysAfter(33, 1).slice(0, 2)).toEqual(['1', '2']);
	expect(keysAfter(5, 9000)).toEqual(['3', '4']);
	expect(keysAfter(2, 120_000)).toEqual(['1']);
});

const part = (percent: number, count = 3): MonthsSoFar => ({
	months: MONTHS.slice(0, count),
	bytesRead: percent * 1000,
	bytesTotal: 100_000,
});

test('the chart of a running file says how far it goes, also when the file completes, and then is complete', async () => {
	const {run, asks} = completedRun();
	const shown = show(run, 100, 50);
	await openDetails(shown, 'c.csv');
	const {file, signal, tell, answer} = await asked(asks, 1);
	expect(file).toBe('c.csv');
	tell(part(0, 1));
	tell(part(7, 2));
	expect(await shown.see('AMOUNT OVER TIME   first 7 % of file, highest')).toMatch(/2023-11 +2023-12/);
	run.progress('c.csv', 20_000_000);
	tell(part(43));
	expect(await shown.see('AMOUNT OVER TIME   first 43 % of file, highest')).toMatch(/2023-11 +2024-03/);
	run.complete('c.csv');
	await shown.see(/ done {3}/);
	await shown.see('first 43 % of file');
	tell(part(99));
	await shown.see('first 99 % of file');
	answer(MONTHS);
	expect(await shown.see('AMOUNT OVER TIME   highest')).toMatch(/2023-11 +2024-04/);
	shown.terminal.press(KEY.escape);
	await openDetails(shown, 'c.csv');
	await shown.see('AMOUNT OVER TIME   highest');
	await wait(700);
	expect(asks.length, 'asked once').toBe(1);
	expect(signal.aborted).toBe(true);
});

test('leaving drops partial amounts, and a failed request takes them back', async () => {
	const {run, asks} = completedRun();
	const shown = show(run, 100, 50);
	await openDetails(shown, 'c.csv');
	const first = await asked(asks, 1);
	first.tell(part(43));
	await shown.see('first 43 % of file');
	shown.terminal.press(KEY.escape);
	await vi.waitFor(() => expect(first.signal.aborted).toBe(true), PATIENT);
	first.tell(part(50));
	await openDetails(shown, 'c.csv');
	expect(await shown.terminal.screen()).not.toContain('AMOUNT OVER TIME');
	const second = await asked(asks, 2);
	second.tell(part(44));
	await shown.see('first 44 % of file');
	second.answer(null);
	await shown.seeNo('AMOUNT OVER TIME');
});

test('another attempt counts as another file', async () => {
	const {run, asks} = completedRun();
	const shown = show(run, 100, 50);
	await openDetails(shown, 'c.csv');
	const first = await asked(asks, 1);
	first.tell(part(43));
	await shown.see('first 43 % of file');
	const error = {code: 'EIO', message: 'the disk gave an error', line: null, byte_offset: null};
	run.emit({type: 'file-retrying', file: 'c.csv', attempt: 1, error, waitMs: 1000});
	await shown.seeNo('AMOUNT OVER TIME');
	expect(first.signal.aborted).toBe(true);
	run.run('c.csv', 2);
	const second = await asked(asks, 2);
	second.tell(part(44));
	await shown.see('first 44 % of file');
	// Both may happen between two frames.
	run.emit(
		{type: 'file-retrying', file: 'c.csv', attempt: 2, error, waitMs: 1000},
		{type: 'file-started', file: 'c.csv', attempt: 3},
	);
	await shown.seeNo('AMOUNT OVER TIME');
	expect(second.signal.aborted).toBe(true);
	const third = await asked(asks, 3);
	third.answer(MONTHS);
	await shown.see('AMOUNT OVER TIME');
});

test('partial amounts are painted even if nothing else changes', async () => {
	const {run, asks} = completedRun();
	run.complete('c.csv');
	run.end();
	const shown = show(run, 100, 50);
	await shown.see('finished in');
	shown.terminal.press('1');
	await openDetails(shown, 'c.csv');
	const {tell, answer} = await asked(asks, 1);
	tell(part(43));
	await shown.see('first 43 % of file');
	tell(part(44));
	await shown.see('first 44 % of file');
	answer(MONTHS);
	await shown.see('AMOUNT OVER TIME   highest');
});

test('closing the dashboard aborts the request; nothing is requested where nothing can answer', async () => {
	const {run, asks} = completedRun();
	const shown = show(run, 100, 50);
	await openDetails(shown, 'c.csv');
	const {signal} = await asked(asks, 1);
	await leaveAll();
	await vi.waitFor(() => expect(signal.aborted).toBe(true), PATIENT);

	const mute = completedRun();
	Object.assign(mute.run.control, {onDemand: undefined});
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
	part: KnownReading['part'] = null,
) =>
	buildCharts(knownMonths(months, part), columns, createLook({theme, ascii, colorLevel: 3}))
		.flat()
		.map(line => line.map(({text}) => text).join(''));

test('months without records keep their place, and negative amounts have no height', () => {
	const [, top = '', , , bottom = ''] = textOf(MONTHS, 80);
	expect(top).toMatch(/^ {6}███ *$/);
	// November is too small to be more than a trace; January and February have nothing, April less.
	expect(bottom).toMatch(/^ {3}▁{3}█{3} {6}█{3} {3}$/);
});

test('the covered share of the file stands beside the title at any width, rounded down', () => {
	const titleOf = (columns: number, bytesRead: number, bytesTotal: number | null = 1000): string | undefined =>
		textOf(MONTHS, columns, true, 'mono', {bytesRead, bytesTotal})[0];
	expect(titleOf(40, 439)).toBe(' AMOUNT OVER TIME   first 43 % of file');
	expect(titleOf(80, 439)).toBe(' AMOUNT OVER TIME   first 43 % of file, highest 1,234,567.25 in 2023-12');
	expect(titleOf(40, 9)).toBe(' AMOUNT OVER TIME   under 1 % of file');
	expect(titleOf(40, 1000)).toBe(' AMOUNT OVER TIME   first 99 % of file');
	expect(titleOf(40, 439, null)).toBe(' AMOUNT OVER TIME   so far');
	expect(textOf(MONTHS, 40, true, 'mono', {bytesRead: 439, bytesTotal: 1000})).toEqual([
		' AMOUNT OVER TIME   first 43 % of file',
		'   highest 1,234,567.25 in 2023-12',
		'      ###            ',
		'      ###            ',
		'      ###      ###   ',
		'   ...###      ###   ',
		'   2023-11    2024-04',
	]);
});

test('in all themes, with and without signs, figures complete and lines within the width', () => {
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
