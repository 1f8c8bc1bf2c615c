// The screen and its environment: sizes, hostile text, very many files, a terminal that does not read.

import fc from 'fast-check';
import {afterEach, expect, test, vi} from 'vitest';
import type {TransactionsResult} from '../../source/model/results.ts';
import {formatInteger} from '../../source/text/format.ts';
import {displayWidth} from '../../source/text/width.ts';
import {openTerminalSession, restoreTerminal} from '../../source/ui/terminal/terminal-session.ts';
import {PATIENT} from '../helpers/patient.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {VirtualTerminal} from '../helpers/virtual-terminal.ts';
import {MEGABYTE, SampleRun, sampleReport, sampleRun} from './sample-run.ts';
import {leaveAll, show} from './show.ts';

afterEach(leaveAll);

/** The whole frames that were painted: everything after an erased screen. */
function wholeFrames(written: string): string[][] {
	return written
		.split('\u{1b}[H\u{1b}[J')
		.slice(1)
		.map(part => part.split('\u{1b}[?2026l')[0] ?? '')
		.map(frame => frame.replaceAll(/\u{1b}\[[\d;?]*[a-zA-Z]/gu, '').split('\n'));
}

test('resizing lays out the screen again, in one whole frame of the new size', async () => {
	const {terminal, see} = show(sampleRun(), 120, 40);
	await see(/REJECTED +MB\/s/);
	terminal.resize(80, 24);
	const small = await see('? help  q quit');
	expect(small).not.toMatch(/REJECTED +MB\/s/);
	terminal.resize(120, 40);
	await see(/REJECTED +MB\/s/);
	const [first, second] = wholeFrames(terminal.written);
	expect(first?.length).toBe(24);
	expect(second?.length).toBe(40);
	expect((await terminal.lines())[38]).toBe('─'.repeat(120));
});

const anyText = fc.string({unit: 'binary', maxLength: 60});
const anyRun = fc.record({
	files: fc.uniqueArray(anyText, {minLength: 0, maxLength: 30}),
	done: fc.nat(30),
	message: anyText,
	isEnded: fc.boolean(),
	isPaused: fc.boolean(),
	keys: fc.constantFrom('', 'G', '?', '\r', 'g\r', 'x', 'r', '3', '3G', '4', '4k', ':', ':re', '2'),
	columns: fc.integer({min: 1, max: 220}),
	rows: fc.integer({min: 1, max: 70}),
});

test('whatever the run and the size, a frame is exactly as high as the terminal and no line is wider', async () => {
	await fc.assert(
		fc.asyncProperty(anyRun, async ({files, done, message, isEnded, isPaused, keys, columns, rows}) => {
			const run = new SampleRun();
			run.start(files, 10 * MEGABYTE);
			for (const [index, file] of files.entries()) {
				if (index > done) continue;
				run.elapsedMs += 300;
				run.run(file);
				run.progress(file, MEGABYTE * (index % 10));
				if (index % 4 === 0) run.complete(file);
				if (index % 4 === 1) run.fail(file, message, 4);
			}
			if (isPaused) run.emit({type: 'run-paused'});
			if (isEnded) run.end();
			const {terminal} = show(run, 80, 24);
			await vi.waitFor(() => expect(terminal.isRaw).toBe(true), PATIENT);
			terminal.press(keys);
			terminal.resize(columns, rows);
			const frames = await vi.waitFor(() => {
				const found = wholeFrames(terminal.written);
				expect(found.length).toBeGreaterThan(0);
				return found;
			}, PATIENT);
			for (const frame of frames) {
				expect(frame.length).toBe(rows);
				for (const line of frame) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
			}
			await leaveAll();
		}),
		{numRuns: randomCases(40)},
	);
});

const HOSTILE = [
	'\u{1b}[31mred\u{1b}[0m',
	'\u{1b}]52;c;ZXZpbA==\u{7}',
	'\u{9d}52;c;ZXZpbA==\u{9c}',
	'\u{202e}fdp.exe',
	'line\nbreak\rreturn\ttab',
	'\u{0}\u{8}\u{7f}',
	'\u{200b}\u{2066}\u{e0041}\u{d800}',
	'\u{9b}2J',
];

test('hostile text in names, errors, categories and values never reaches the terminal raw', async () => {
	const run = new SampleRun();
	const categories = HOSTILE.map(category => ({category, count: 5, amount: '1.00'}));
	const rejects = HOSTILE.map(value => ({line: 1, byte_offset: 0, column: value, reason: 'quote' as const, value}));
	const report = sampleReport('x');
	if (report.result === null || report.dialect === null) throw new Error('The sample has a result and a dialect');
	const result = {...(report.result as TransactionsResult), categories, top_category: HOSTILE[0] ?? ''};
	run.start(HOSTILE);
	for (const [index, file] of HOSTILE.entries()) {
		run.run(file);
		if (index % 2 === 0) run.complete(file, {result, rejects, dialect: {...report.dialect, delimiter: '\u{1b}'}});
		else run.fail(file, HOSTILE.join(' '));
	}
	const {terminal, see} = show(run, 120, 60, {colorLevel: 0});
	await see('done');
	for (const keys of ['g\r', '\u{1b}', 'j\r', '\u{1b}']) {
		const before = terminal.written.length;
		terminal.press(keys);
		await vi.waitFor(() => expect(terminal.written.length).toBeGreaterThan(before), PATIENT);
	}
	run.end({analyses: {transactions: result}});
	await see(' FAILED');
	// Sequences of Ink and our own: line feeds, and those that move, erase, switch modes and underline nothing.
	const foreign = terminal.written.replaceAll(/\u{1b}\[\??[\d;]*[A-HJKhlm]/gu, '').replaceAll('\n', '');
	expect(foreign).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
	expect(foreign).toContain('\\x1b]52;c;');
});

test('100,000 files cost the same as 30: only visible rows are created', async () => {
	const cost = async (count: number): Promise<number> => {
		let readCount = 0;
		const run = new SampleRun();
		run.start(Array.from({length: count}, (_, index) => `data/${String(index).padStart(6, '0')}.csv`));
		run.run('data/000000.csv');
		const state = run.store.getSnapshot();
		// A row reads the name of its file: reads of the state's own files are counted there.
		const files = state.files.map(file => {
			const {file: name, ...rest} = file;
			return Object.defineProperty({...rest}, 'file', {
				get() {
					readCount++;
					return name;
				},
				enumerable: true,
			}) as unknown as typeof file;
		});
		const counted = {...state, files};
		const store = {...run.store, getSnapshot: () => counted};
		const {terminal, see} = show({now: run.now, control: run.control, store}, 80, 24);
		await see('▸ 000000.csv');
		terminal.press('jG');
		await see(`${formatInteger(count)} of ${formatInteger(count)}`);
		terminal.press('g');
		await see(`1–16 of ${formatInteger(count)}`);
		await leaveAll();
		return readCount;
	};
	const few = await cost(30);
	expect(await cost(100_000)).toBeLessThanOrEqual(few * 1.5);
});

test('while a terminal does not read, frames are dropped; when it does again, the whole screen is painted', async () => {
	const run = sampleRun();
	const {terminal, see} = show(run, 120, 40);
	await see('q quit');
	terminal.stall();
	let highest = 0;
	for (let step = 0; step < 300; step++) {
		// Many changes of size paint a whole frame each: far more than any backlog may hold.
		terminal.resize(119 + (step % 2), 40);
		highest = Math.max(highest, terminal.backlogBytes + terminal.stdout.writableLength);
	}
	expect(highest).toBeLessThan(64 * 1024);
	run.complete('data/transactions_005.csv');
	terminal.drain();
	const screen = await see('✔ 4 done');
	expect(screen.split('\n')).toHaveLength(40);
	expect(screen).toContain('▸ transactions_006.csv');
});

test('leaving a terminal that does not read takes only a moment', async () => {
	const {terminal, outcome, see} = show(sampleRun(), 80, 24);
	await see('q quit');
	terminal.stall();
	terminal.press('qyq');
	expect(await outcome).toEqual({reason: 'forced'});
});

test('in an emergency the terminal is restored at once, and only once', async () => {
	const {terminal, see} = show(sampleRun(), 80, 24);
	await see('q quit');
	restoreTerminal();
	await vi.waitFor(() => expect(terminal.isAlternateScreen).toBe(false), PATIENT);
	expect(terminal.isRaw).toBe(false);
	const {written} = terminal;
	expect(written).toMatch(/\u{1b}\[\?1049l\u{1b}\[\?25h$/u);
	restoreTerminal();
	await terminal.screen();
	expect(terminal.written).toBe(written);
});

test('a session sets its terminal to non-blocking mode and back', async () => {
	const terminal = new VirtualTerminal(80, 24);
	const setBlocking = vi.fn();
	Object.assign(terminal.stdout, {_handle: {setBlocking}});
	const {stdin, stdout} = terminal;
	const session = openTerminalSession({stdin, stdout, altScreen: true, colorLevel: 0, framesPerSecond: 60});
	await session.close();
	session.restore();
	expect(setBlocking.mock.calls).toEqual([[false], [true]]);
});
