// The terminal's title, progress and notifications, and that all of them are reverted.
import {afterEach, expect, test, vi} from 'vitest';
import {detectNotification, notification, setTitle, throughTmux} from '../../source/ui/terminal/status-sequences.ts';
import {openTerminalSession} from '../../source/ui/terminal/terminal-session.ts';
import {
	describeTitle,
	startTerminalStatus,
	type TerminalStatusOptions,
} from '../../source/ui/terminal/terminal-status.ts';
import {VirtualTerminal} from '../helpers/virtual-terminal.ts';
import {MEGABYTE, SampleRun, sampleRun} from './sample-run.ts';

afterEach(() => {
	vi.useRealTimers();
});

const ALL: TerminalStatusOptions = {title: true, progress: true, notify: 'osc9', tmux: false};

function watch(run: SampleRun, options: Partial<TerminalStatusOptions> = {}) {
	vi.useFakeTimers();
	const told: string[] = [];
	let isReading = true;
	const status = startTerminalStatus(
		{...ALL, ...options},
		{
			store: run.store,
			now: run.now,
			send(sequence) {
				if (isReading) told.push(sequence);
				return isReading;
			},
		},
	);
	return {
		status,
		take: () => told.splice(0).join('').replaceAll('\u{1b}', 'ESC'),
		read: (isOn: boolean) => {
			isReading = isOn;
		},
	};
}

test('the title shows the progress of the run, at most once a second, and the last one is never lost', () => {
	const run = sampleRun();
	const {take} = watch(run, {progress: false});
	expect(take()).toBe('ESC[22;2tESC]2;45 % 4/12 fileprocESC\\');
	for (const megabytes of [80, 85, 90, 95]) run.progress('data/transactions_005.csv', megabytes * MEGABYTE);
	expect(take()).toBe('');
	vi.advanceTimersByTime(1000);
	expect(take()).toBe('ESC]2;47 % 4/12 fileprocESC\\');
	vi.advanceTimersByTime(10_000);
	expect(take()).toBe('');
});

test('progress shows failures and pauses, and is removed when the run ends', () => {
	const run = new SampleRun();
	run.start(['a', 'b']);
	const {take} = watch(run, {title: false});
	expect(take()).toBe('ESC]9;4;1;0ESC\\');
	const next = (): string => {
		vi.advanceTimersByTime(1000);
		return take();
	};
	run.run('a');
	run.progress('a', 50 * MEGABYTE);
	expect(next()).toBe('ESC]9;4;1;25ESC\\');
	run.emit({type: 'run-paused'});
	expect(next()).toBe('ESC]9;4;4;25ESC\\');
	run.emit({type: 'run-resumed'});
	run.fail('a', 'broken');
	expect(next()).toBe('ESC]9;4;2;50ESC\\');
	run.end();
	expect(next()).toBe('ESC]9;4;0;0ESC\\');
});

test('the end of a run of more than 10 s is notified, that of a short or stopped one is not', () => {
	const endOf = (seconds: number, status: 'completed' | 'cancelled', options: Partial<TerminalStatusOptions> = {}) => {
		const run = sampleRun();
		const {take} = watch(run, {title: false, progress: false, ...options});
		run.elapsedMs = seconds * 1000;
		run.end({status});
		vi.advanceTimersByTime(1000);
		return take();
	};
	expect(endOf(72, 'completed')).toBe('ESC]9;fileproc-tui: 12 files in 01:12, 1 failedESC\\');
	expect(endOf(72, 'completed', {notify: 'auto'})).toBe('\u{7}');
	expect(endOf(72, 'completed', {notify: 'osc777'})).toBe(
		'ESC]777;notify;fileproc-tui;12 files in 01:12, 1 failedESC\\',
	);
	expect(endOf(72, 'completed', {notify: 'none'})).toBe('');
	expect(endOf(9, 'completed')).toBe('');
	expect(endOf(72, 'cancelled')).toBe('');
});

test('sequences that tmux does not understand go through it', () => {
	expect(throughTmux('\u{1b}]9;4;1;5\u{1b}\\')).toBe('\u{1b}Ptmux;\u{1b}\u{1b}]9;4;1;5\u{1b}\u{1b}\\\u{1b}\\');
	expect(throughTmux(notification('bell', '', ''))).toBe('\u{7}');
	const {take} = watch(sampleRun(), {tmux: true});
	expect(take()).toBe('ESC[22;2tESC]2;45 % 4/12 fileprocESC\\ESCPtmux;ESCESC]9;4;2;45ESCESC\\ESC\\');
});

test('a sequence that the terminal did not accept is sent when it reads again', () => {
	const run = sampleRun();
	const {take, read} = watch(run);
	take();
	read(false);
	run.progress('data/transactions_005.csv', 90 * MEGABYTE);
	vi.advanceTimersByTime(1000);
	expect(take()).toBe('');
	read(true);
	run.progress('data/transactions_005.csv', 91 * MEGABYTE);
	vi.advanceTimersByTime(1000);
	expect(take()).toContain('47 % 4/12');
});

test('nothing in a title or a notification is obeyed', () => {
	const hostile = 'a\u{7}b\u{1b}\\c\u{9c}d;e';
	for (const sequence of [setTitle(hostile), notification('osc9', hostile, hostile)]) {
		const inner = sequence.slice(2, -2);
		expect(inner).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
	}
	expect(setTitle(hostile)).toContain('d,e');
});

test('on every way out the title is restored and the progress removed', async () => {
	for (const leave of ['close', 'restore'] as const) {
		const terminal = new VirtualTerminal(80, 24);
		const {stdin, stdout} = terminal;
		const session = openTerminalSession({stdin, stdout, altScreen: true, colorLevel: 0, framesPerSecond: 60});
		const status = startTerminalStatus(ALL, {
			store: sampleRun().store,
			now: () => 0,
			send: session.output.writeSequence,
		});
		session.onRestore(status.restoreSequence);
		await session[leave]();
		status.close();
		await terminal.screen();
		expect(terminal.written.replaceAll('\u{1b}', 'ESC')).toMatch(
			/ESC\]2;ESC\\ESC\[23;2tESC\]9;4;0;0ESC\\(?:ESC\[\?\d+l)*$/,
		);
	}
});

test('without any sequence sent, nothing is reverted', () => {
	const {store, now} = sampleRun();
	const manners = startTerminalStatus({...ALL, title: false, progress: false}, {store, now, send: () => true});
	expect(manners.restoreSequence()).toBe('');
	expect(startTerminalStatus(undefined, {store, now, send: () => true}).restoreSequence()).toBe('');
	manners.close();
});

test('the title of a run that has ended says how it ended', () => {
	const run = sampleRun();
	run.end();
	expect(describeTitle(run.store.getSnapshot())).toBe('1 failed 4/12 fileproc');
	expect(describeTitle(new SampleRun().store.getSnapshot())).toBe('fileproc');
});

test('the terminal decides the notification, and every terminal has a bell', () => {
	expect(detectNotification({TERM_PROGRAM: 'iTerm.app'})).toBe('osc9');
	expect(detectNotification({TERM: 'foot'})).toBe('osc777');
	expect(detectNotification({TERM: 'xterm-256color'})).toBe('bell');
});
