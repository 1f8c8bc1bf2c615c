// Filter, order, marks, palette, clipboard, report and mouse on whole screens.
import {afterEach, expect, test, vi} from 'vitest';
import {type DashboardOptions, runDashboard} from '../../source/ui/dashboard.tsx';
import {PATIENT} from '../helpers/patient.ts';
import {KEY, VirtualTerminal} from '../helpers/virtual-terminal.ts';
import {type SampleRun, sampleRun} from './sample-run.ts';

let close = async (): Promise<void> => {};
afterEach(() => close());

async function open(options: Partial<DashboardOptions> = {}, run: SampleRun = sampleRun(), columns = 120, rows = 24) {
	const terminal = new VirtualTerminal(columns, rows);
	const outcome = runDashboard({
		store: run.store,
		control: run.control,
		now: run.now,
		title: './data',
		stdin: terminal.stdin,
		stdout: terminal.stdout,
		look: {fps: 60, altScreen: true, ascii: false, theme: 'default', colorLevel: 0},
		onForceQuit() {},
		env: {},
		...options,
	});
	close = async () => {
		close = async () => {};
		// Right after a paste no key counts.
		const again = setInterval(() => terminal.press(KEY.ctrlC + KEY.ctrlC), 150);
		terminal.press(KEY.ctrlC + KEY.ctrlC);
		await outcome;
		clearInterval(again);
	};
	const see = (expected: string | RegExp): Promise<string> =>
		vi.waitFor(async () => {
			const screen = await terminal.screen();
			if (typeof expected === 'string') expect(screen).toContain(expected);
			else expect(screen).toMatch(expected);
			return screen;
		}, PATIENT);
	await see(/quit|marked|\//);
	return {
		run,
		screen: () => terminal.screen(),
		terminal,
		see,
		outcome,
		press: (...keys: string[]) => terminal.press(keys.join('')),
	};
}

/** The numbers of the files on the screen, from the top. */
const numbersOn = (screen: string): string[] =>
	Array.from(screen.matchAll(/transactions_(\d{3})\.csv/g), ([, n]) => n ?? '');

const copied = (written: string): string | undefined => {
	const base64 = Array.from(written.matchAll(/\u{1b}\]52;c;([\w+/=]*)\u{1b}\\/gu), ([, text]) => text).at(-1);
	return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString();
};

test('each letter filters the list; Enter keeps the filter and Esc in the list clears it', async () => {
	const {press, see} = await open();
	press('/', 'status:fail');
	expect(numbersOn(await see('1 of 12'))).toEqual(['003']);
	press(KEY.enter);
	expect(await see('/status:fail 1 of 12')).toContain('all files');
	press(KEY.escape);
	expect(numbersOn(await see('_012.csv'))).toHaveLength(12);
});

test('an invalid term shows its error, and the last valid filter stays', async () => {
	const {press, see} = await open();
	press('/', 'size>1 stat');
	await see('0 of 12');
	press('us:x');
	await see('There is no status “x”');
	press(KEY.enter);
	await see('There is no status “x”');
	press('\u{15}', '00');
	await see('/00');
	expect(numbersOn(await see('9 of 12'))).toHaveLength(9);
	press('\u{17}', '\u{7f}');
	await see('q quit');
});

test('Esc while typing restores the previous filter; backspace deletes whole visible characters', async () => {
	const {press, see} = await open({filter: 'status:done'});
	await see('/status:done 3 of 12');
	press('/', ' 00e\u{301}');
	await see('0 of 12');
	press('\u{7f}');
	await see('3 of 12');
	press(KEY.escape);
	await see('/status:done 3 of 12');
});

test('an invalid initial filter shows its error at the start', async () => {
	const {see} = await open({filter: 'size>x'});
	await see('“x” is no number for size');
});

test('pasted text goes into the filter prompt, as one line, and nowhere else', async () => {
	const {press, see, screen, run} = await open();
	press('\u{1b}[200~/quit\ry\u{1b}[201~');
	// For a moment after a paste, all keys might be the rest of it.
	await vi.waitFor(async () => {
		press('g');
		expect(await screen()).toMatch(/▸ \S+001\.csv/);
	}, PATIENT);
	press('/', '\u{1b}[200~00\r\n"5\u{3}\u{1b}[201~');
	await see('/00 "5');
	expect(run.requests).toEqual([]);
});

test('arrows move in the list while a filter is typed', async () => {
	const {press, see} = await open();
	press('/', 'done', '\u{15}', 'status:done');
	await see('3 of 12');
	press(KEY.home, KEY.down);
	await see(/▸ \S+002\.csv/);
});

test('s moves on to the next column, S reverses the order, and the heading shows both', async () => {
	const {press, see} = await open();
	await see('FILE ▲');
	press('S');
	expect(numbersOn(await see('FILE ▼'))[0]).toBe('012');
	press('s');
	expect(numbersOn(await see('STATUS ▲'))[0]).toBe('005');
	press('ss');
	await see('SIZE ▼');
});

test('the cursor stays on its file when the order changes', async () => {
	const {press, see} = await open();
	press('gjj');
	await see(/▸ \S+003\.csv/);
	press('S');
	const lines = (await see('FILE ▼')).split('\n');
	expect(lines.findIndex(line => line.includes('▸ transactions_003'))).toBe(5 + 9);
});

test('Space marks one file after the other, a marks all shown, Esc clears the marks', async () => {
	const {press, see} = await open();
	press('g', ' ', ' ');
	expect(await see('2 marked')).toMatch(/ 2 marked {2}y copy {2}↑↓ move .*q quit$/);
	expect(await see('2 marked')).toMatch(/ \*transactions_001.*\n {2}\*transactions_002.*\n ▸ transactions_003/);
	press('/', 'status:queued', KEY.enter, 'a');
	expect(await see('7 marked')).toMatch(/7 marked {2}x cancel {2}y copy {2}⏎ details/);
	press(KEY.escape);
	await see(/\*transactions_012/);
	press(KEY.escape);
	await vi.waitFor(async () => expect(await see('q quit')).not.toContain('marked'), PATIENT);
});

test('x asks with the number of marked files, including those that a filter hides, and cancels only those', async () => {
	const {press, see, run} = await open();
	press('/', '_01', KEY.enter, 'a');
	await see('3 marked');
	press('/', '\u{15}', '_012', KEY.enter, 'x');
	await see('Cancel 3 marked files (2 not shown)?');
	press('n', 'x', 'y');
	await see('Cancelling 3 files');
	expect(run.requests).toEqual(['010', '011', '012'].map(number => `cancel data/transactions_${number}.csv`));
});

test('r with marks retries those that failed, and asks with their number first', async () => {
	const {press, see, run} = await open();
	press('g', 'a', 'r');
	await see('Retry 1 marked file?');
	press(KEY.enter);
	await see('Retrying 1 file');
	expect(run.requests).toEqual(['retry data/transactions_003.csv']);
});

test('x and r are in the footer only where they have an effect', async () => {
	const {press, see} = await open();
	press('g');
	const footer = (screen: string) => screen.split('\n').at(-1) ?? '';
	const done = footer(await see(/▸ \S+001\.csv/));
	expect(done).not.toContain('x cancel');
	expect(done).toContain('r retry');
	press('G');
	expect(footer(await see(/▸ \S+012\.csv/))).toContain('x cancel');
});

test('the palette finds a command by some of its letters and runs it', async () => {
	const {press, see, run} = await open();
	press(':');
	await see('pause-file');
	press('psrn');
	await see(/▸ pause-run +p +Pause the run/);
	press(KEY.enter);
	await see('Paused: running files');
	expect(run.requests).toEqual(['pause']);
	press(':', 'zzz');
	await see('No command has these letters');
	press(KEY.escape, KEY.tab);
});

test('a command of the list that is run elsewhere shows the list', async () => {
	const {press, see} = await open();
	press('3');
	await see('THROUGHPUT');
	press(':', 'filter', KEY.enter);
	await see('12 of 12');
});

test('y copies the name, the marked names, or the text on the screen, all of it safe', async () => {
	const {press, see, terminal, run} = await open();
	press('g', 'y');
	await see('Sent to the terminal for its clipboard: data/transactions_001.csv');
	expect(copied(terminal.written)).toBe('data/transactions_001.csv');
	press('  ', 'y');
	await see('Sent to the terminal for its clipboard: 2 names');
	expect(copied(terminal.written)).toBe('data/transactions_001.csv\ndata/transactions_002.csv');
	run.fail('data/transactions_005.csv', 'evil \u{1b}]52;c;eA==\u{7} text');
	press(KEY.escape);
	await see('Esc follow');
	press('gjjjj', KEY.enter);
	await see('evil');
	press('y');
	await see('Sent to the terminal for its clipboard: the text');
	expect(copied(terminal.written)).toContain('evil \\x1b]52;c;eA==\\x07 text');
});

test('views of two panes are copied one pane after the other', async () => {
	const run = sampleRun();
	for (const {file, status} of run.store.getSnapshot().files) {
		if (status === 'running' || status === 'queued') run.complete(file);
	}
	run.end();
	const {press, see, terminal} = await open({}, run, 160, 40);
	// Side by side on the screen.
	expect(await see('SLOWEST')).toMatch(/RUN {3,}FAILED {3}1/);
	press('y');
	await see('Sent to the terminal');
	const text = copied(terminal.written) ?? '';
	for (const heading of ['RUN', 'FAILED   1', 'TRANSACTIONS', 'SLOWEST'])
		expect(text.split('\n')).toContain(` ${heading}`);
	expect(text).not.toMatch(/RUN {3,}FAILED/);
});

test('the question names every key that answers it', async () => {
	for (const columns of [40, 80, 120]) {
		const {press, see, run} = await open({}, sampleRun(), columns, 24);
		press('q');
		const screen = await see(/\? .* yes/);
		expect(screen).toMatch(/ y ⏎ q Ctrl\+c yes {2}n( Esc)? no/);
		press('n');
		await see(/quit/);
		press('g', 'j', 'j', 'j', 'j', 'x');
		// Ctrl+C only confirms the end of the run.
		await see(/ y ⏎ yes {2}n/);
		press('n');
		expect(run.requests).toEqual([]);
		await close();
	}
	const own = await open({keys: {quit: ['Q']}});
	own.press('Q');
	await own.see(/ y ⏎ Q Ctrl\+c yes/);
});

test('within tmux the clipboard is reached through its envelope', async () => {
	const {press, see, terminal} = await open({env: {TMUX: '/tmp/tmux-0/default,1,0'}});
	press('gy');
	await see('Sent to the terminal');
	expect(terminal.written).toContain('\u{1b}Ptmux;\u{1b}\u{1b}]52;c;');
});

test('e writes the report and shows where, or why not', async () => {
	const onExport = vi.fn(async () => './report.json').mockRejectedValueOnce(new Error('The disk is full\u{7}'));
	const {press, see} = await open({onExport});
	press('e');
	await see('The disk is full\\x07');
	press('e');
	await see('The report is in ./report.json');
	expect(onExport).toHaveBeenCalledTimes(2);
});

test('e says that there is no report where none is written', async () => {
	const {press, see} = await open();
	press('e');
	await see('There is no report to write here');
});

test('Ctrl+L repaints the whole screen, Ctrl+Z says that there is no shell behind this terminal', async () => {
	const {press, see, terminal} = await open();
	const {length} = terminal.written;
	press('\u{c}');
	await vi.waitFor(() => expect(terminal.written.slice(length)).toContain('\u{1b}[H\u{1b}[J'), PATIENT);
	await see('q quit');
	press('\u{1a}');
	await see('There is no shell to go back to');
});

test('+ and - change the concurrency, and show the result', async () => {
	const {press, see, run} = await open();
	press('+');
	await see('3 files at a time');
	press('++');
	await see('It stays at 4 files at a time, one for each thread');
	press('----');
	await see('It stays at 1 file at a time');
	expect(run.requests[0]).toBe('at once 3');
});

test('the wheel scrolls what is under the pointer, and moves the cursor only to keep it visible', async () => {
	const {press, see} = await open({}, sampleRun(), 120, 14);
	press('g');
	await see(/▸ \S+001\.csv/);
	press('\u{1b}[<65;5;8M');
	expect(numbersOn(await see(/▸ \S+004\.csv/))[0]).toBe('004');
	press('\u{1b}[<64;5;8M');
	await see(/▸ \S+004\.csv/);
	// Over the header there is nothing to scroll.
	press('\u{1b}[<65;5;1M', 'j');
	await see(/▸ \S+005\.csv/);
	press('?', '\u{1b}[<65;5;8M');
	await see('4–');
});

test('the mouse is on at the start unless it is disabled, and always off afterwards', async () => {
	const {terminal} = await open({mouse: false});
	expect(terminal.written).not.toContain('\u{1b}[?1000h');
	expect(terminal.written).toContain('\u{1b}[?2004h');
	await close();
	const other = await open();
	expect(other.terminal.written).toContain('\u{1b}[?1000h\u{1b}[?1006h');
	await close();
	for (const {written} of [terminal, other.terminal]) {
		for (const mode of [1000, 1006, 1004, 2004]) {
			expect(written.lastIndexOf(`\u{1b}[?${mode}l`)).toBeGreaterThan(written.lastIndexOf(`\u{1b}[?${mode}h`));
		}
	}
});

test('custom keys work and are shown', async () => {
	const {press, see, run} = await open({keys: {cancel: ['f5'], retry: []}});
	press('G');
	expect(await see(/▸ \S+012\.csv[\s\S]*F5 cancel/)).not.toContain('r retry');
	press('x', 'r', '\u{1b}[15~');
	await see('Cancel data/transactions_012.csv?');
	expect(run.requests).toEqual([]);
});

test('while the window has no focus, animations stop', async () => {
	const {press, terminal, see} = await open();
	press('\u{1b}[O');
	await see(/- {1,2}00:05/);
	const {length} = terminal.written;
	const other = sampleRun();
	other.elapsedMs = 5000;
	await new Promise(resolve => setImmediate(resolve));
	expect(terminal.written.slice(length)).toBe('');
	press('\u{1b}[I');
	await vi.waitFor(() => expect(terminal.written.length).toBeGreaterThan(length), PATIENT);
});

test('the details of another file are one key away, and every view has a number key', async () => {
	const {press, see} = await open();
	press('g', '2');
	await see('data/transactions_001.csv\n');
	press('3');
	await see('THROUGHPUT');
	press('4');
	await see('The run begins');
	press('\u{1b}[Z');
	await see('THROUGHPUT');
	press('1', 'jj', '2');
	await see('A quote is never closed');
});
