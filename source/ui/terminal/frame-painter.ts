// Turns Ink's whole frames into the few characters that differ from the screen. Ink's own differences extend from the first
// change of a line to its end, bars included: 16 running files took 2 kB a frame, and finding the change took a tenth of the
// frame's time. Here a row whose figures change costs some 40 bytes.
//
//   whole frame -> lines -> those that changed -> cells -> runs of cells that changed -> "go there, write these"
//
// A line with characters that may not be one cell wide is written whole, because terminals disagree on their width.

import {remembering} from '../../text/recent.ts';

/** What Ink writes before a frame: it erases the previous one. */
const ERASING = /^(?:\u{1b}\[2K|\u{1b}\[1A|\u{1b}\[G|\u{1b}\[(?:1;1)?H|\u{1b}\[J)*/u;
const SGR = /\u{1b}\[([\d;]*)m/gu;
/** Printable ASCII and the signs of the dashboard itself: lines, blocks, arrows, marks. */
const NARROW = /^[ -~·×»–…‖←-⇿⏎─-◿✓-✘]*$/u;

/** Unchanged cells are written again where that is shorter than moving the cursor past them. */
const GAP_CELLS = 6;
const RESET = '\u{1b}[0m';

/** A line as cells: characters and their styles. */
interface Cells {
	readonly text: string;
	/** For each cell, the SGR sequences that lead from a plain style to its style. */
	readonly styles: readonly string[];
}

/** Dashboards of the same run have the same lines. */
const cellsOf = remembering(parseCells, 1024);

export class FramePainter {
	#lines: string[] | undefined;
	/** Parsed lines of the frame on the screen, parsed on demand. */
	#cells: (Cells | null | undefined)[] = [];

	/** The contents of the screen are unknown from now on. */
	forget(): void {
		this.#lines = undefined;
	}

	/**
	@param frame - As Ink writes it: the sequence that erases the previous one, then all lines.
	@returns What turns the screen into the frame; empty where nothing differs.
	*/
	paint(frame: string): string {
		const text = frame.slice(ERASING.exec(frame)?.[0].length ?? 0);
		const next = text.split('\n');
		const previous = this.#lines;
		this.#lines = next;
		if (previous === undefined || previous.length !== next.length) {
			this.#cells = [];
			return frame;
		}
		const cells: (Cells | null | undefined)[] = [];
		let painted = '';
		for (const [row, line] of next.entries()) {
			const before = previous[row] ?? '';
			if (line === before) {
				cells[row] = this.#cells[row];
				continue;
			}
			const from = this.#cells[row] === undefined ? cellsOf(before) : this.#cells[row];
			const to = cellsOf(line);
			cells[row] = to;
			painted += from && to ? paintRuns(from, to, row + 1) : `\u{1b}[${row + 1};1H\u{1b}[2K${line}`;
		}
		this.#cells = cells;
		// Ink expects the cursor at the end of the frame, where it continues when it exits.
		return painted === '' ? '' : `${painted}\u{1b}[${next.length};1H`;
	}
}

/** @returns `null` for a line with characters that may not be one cell wide. */
function parseCells(line: string): Cells | null {
	const text = line.replaceAll(SGR, '');
	if (!NARROW.test(text)) return null;
	const styles: string[] = [];
	let active: string[] = [];
	let style = '';
	let end = 0;
	for (const match of line.matchAll(SGR)) {
		for (let cell = end; cell < match.index; cell++) styles.push(style);
		end = match.index + match[0].length;
		active = applySgr(active, match[1] ?? '');
		style = active.length === 0 ? '' : `\u{1b}[${active.join(';')}m`;
	}
	for (let cell = end; cell < line.length; cell++) styles.push(style);
	return {text, styles};
}

/** The codes that an ending code reverts. */
const ENDED_BY: ReadonlyMap<string, RegExp> = new Map([
	['22', /^[12]$/],
	['23', /^3$/],
	['24', /^4$/],
	['27', /^7$/],
	['29', /^9$/],
	['39', /^(?:3[0-8]|9[0-7])(?:;|$)/],
	['49', /^(?:4[0-8]|10[0-7])(?:;|$)/],
]);

function applySgr(active: readonly string[], code: string): string[] {
	if (code === '' || code === '0') return [];
	const ended = ENDED_BY.get(code);
	if (ended !== undefined) return active.filter(other => !ended.test(other));
	return active.includes(code) ? [...active] : [...active, code];
}

function paintRuns(from: Cells, to: Cells, row: number): string {
	const width = Math.max(from.text.length, to.text.length);
	const differs = (cell: number): boolean =>
		(from.text[cell] ?? ' ') !== (to.text[cell] ?? ' ') || (from.styles[cell] ?? '') !== (to.styles[cell] ?? '');
	let painted = '';
	let start = -1;
	let last = -1;
	const finish = (): void => {
		if (start >= 0) painted += paintRun(to, row, start, last + 1);
		start = -1;
	};
	for (let cell = 0; cell < width; cell++) {
		if (!differs(cell)) continue;
		if (start >= 0 && cell - last > GAP_CELLS) finish();
		if (start < 0) start = cell;
		last = cell;
	}
	finish();
	return painted;
}

function paintRun({text, styles}: Cells, row: number, start: number, end: number): string {
	let run = `\u{1b}[${row};${start + 1}H`;
	let style = '';
	const shownEnd = Math.min(end, text.length);
	for (let cell = start; cell < shownEnd; cell++) {
		const next = styles[cell] ?? '';
		if (next !== style) run += (style === '' ? '' : RESET) + next;
		style = next;
		run += text[cell] ?? ' ';
	}
	if (style !== '') run += RESET;
	// The line has become shorter.
	return end > text.length ? `${run}\u{1b}[K` : run;
}
