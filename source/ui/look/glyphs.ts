// The signs beyond letters and digits, in two sets. Each is one column wide, except in the few terminals that draw
// "ambiguous" characters wide.
import {DASH} from '../../text/format.ts';

export type Glyphs = Readonly<typeof unicode>;

const unicode = {
	ascii: false,
	barFull: '█',
	barEmpty: '░',
	/** A cell filled from the left by one, two … parts. */
	barParts: ['▏', '▎', '▍', '▌', '▋', '▊', '▉'],
	/** A cell filled from below by one, two … parts; the last is full. */
	columnParts: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	rule: '─',
	selected: '▸',
	marked: '*',
	queued: '·',
	paused: '‖',
	retrying: '↻',
	completed: '✔',
	failed: '✖',
	/** Completed without an accepted record. */
	noRecord: '!',
	cancelled: '○',
	skipped: '»',
	growing: '+',
	duplicate: '=',
	/** From empty to full. */
	spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	ellipsis: '…',
	dash: DASH,
	ascending: '▲',
	descending: '▼',
	up: '↑',
	enter: '⏎',
};

const ascii: Glyphs = {
	ascii: true,
	barFull: '#',
	barEmpty: '-',
	barParts: [],
	columnParts: ['.', ':', '|', '#'],
	rule: '-',
	selected: '>',
	marked: '*',
	queued: '.',
	paused: 'p',
	retrying: 'r',
	completed: 'v',
	failed: 'x',
	noRecord: '!',
	cancelled: 'o',
	skipped: 's',
	growing: '+',
	duplicate: '=',
	spark: ['_', '.', ':', '-', '=', '+', '*', '#'],
	ellipsis: '...',
	dash: '-',
	ascending: '^',
	descending: 'v',
	up: '^',
	enter: 'Enter',
};

export const createGlyphs = (isAscii: boolean): Glyphs => (isAscii ? ascii : unicode);

/** Our own sentences contain a few signs as well. */
const ASCII_SIGNS: ReadonlyMap<string, string> = new Map([
	['…', '...'],
	[DASH, '-'],
	['—', '-'],
	['×', 'x'],
	['±', '+-'],
	['·', '.'],
	['→', '->'],
	['←', 'Left'],
	['↑', 'Up'],
	['↓', 'Down'],
	['⏎', 'Enter'],
	['⇥', 'Tab'],
	['‘', "'"],
	['’', "'"],
	['“', '"'],
	['”', '"'],
]);

/** Converts our own words to ASCII. Text from outside stays unchanged. */
export const spell = (text: string, {ascii: isAscii}: Glyphs): string =>
	isAscii ? text.replaceAll(/[^ -~]/gu, sign => ASCII_SIGNS.get(sign) ?? sign) : text;

/** ink-spinner's `line`, driven by the shared clock, so that rows need no timers. */
const SPINNER_FRAMES = ['-', '\\', '|', '/'];
export const SPINNER_MS = 130;

export const spinnerAt = (nowMs: number): string =>
	SPINNER_FRAMES[Math.floor(Math.max(0, nowMs) / SPINNER_MS) % SPINNER_FRAMES.length] ?? '-';
