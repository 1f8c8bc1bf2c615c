// A painted difference must look exactly as if the whole frame had been painted: characters and colours.
import xterm from '@xterm/headless';
import {Chalk} from 'chalk';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {FramePainter} from '../../source/ui/terminal/frame-painter.ts';

const COLUMNS = 24;
const ROWS = 4;
const chalk = new Chalk({level: 3});
const looks = [
	(text: string) => text,
	chalk.bold,
	chalk.dim,
	chalk.inverse,
	chalk.red,
	chalk.hex('#56B4E9'),
	chalk.ansi256(74).underline,
	chalk.bold.green,
];

const piece = fc.record({
	text: fc.constantFrom('a', 'word ', '███░░', '▏', '✔ done', '  ', '漢字', 'é', '12.3 MB/s', '…'),
	look: fc.nat(looks.length - 1),
});
const line = fc.array(piece, {maxLength: 4}).map(pieces => {
	let width = 0;
	let text = '';
	for (const {text: part, look} of pieces) {
		// A wide character may take two cells.
		width += part.length * (/[漢字]/.test(part) ? 2 : 1);
		if (width < COLUMNS) text += looks[look]?.(part) ?? '';
	}
	return text.trimEnd();
});
const frame = fc.array(line, {minLength: ROWS, maxLength: ROWS}).map(lines => lines.join('\n'));

async function cellsAfter(parts: readonly string[]): Promise<string[]> {
	const terminal = new xterm.Terminal({cols: COLUMNS, rows: ROWS, allowProposedApi: true, convertEol: true});
	await new Promise<void>(resolve => terminal.write(parts.join(''), resolve));
	const cells: string[] = [];
	for (let row = 0; row < ROWS; row++) {
		for (let column = 0; column < COLUMNS; column++) {
			const cell = terminal.buffer.active.getLine(row)?.getCell(column);
			if (cell === undefined) continue;
			// A cell without a character looks like a blank without a style.
			const chars = cell.getChars() === '' && cell.getWidth() === 1 ? ' ' : cell.getChars();
			const style = [cell.getFgColorMode(), cell.getFgColor(), cell.isBold(), cell.isDim()];
			cells.push(`${chars} ${[...style, cell.isInverse(), cell.isUnderline()].join()}`);
		}
	}
	return cells;
}

test('any frame after any other looks as if it had been painted whole', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(frame, {minLength: 1, maxLength: 5}), async frames => {
			const painter = new FramePainter();
			const painted = frames.map((text, index) =>
				painter.paint(index === 0 ? text : `\u{1b}[2K\u{1b}[1A\u{1b}[G${text}`),
			);
			const last = frames.at(-1) ?? '';
			expect(await cellsAfter(painted)).toEqual(await cellsAfter([last]));
		}),
	);
});

test('unchanged cells are not written, and changed ones are written in their place', () => {
	const painter = new FramePainter();
	expect(painter.paint('one 10 %\ntwo 20 %')).toBe('one 10 %\ntwo 20 %');
	expect(painter.paint('one 10 %\ntwo 20 %')).toBe('');
	expect(painter.paint('one 10 %\ntwo 29 %')).toBe('\u{1b}[2;6H9\u{1b}[2;1H');
	painter.forget();
	expect(painter.paint('one 10 %\ntwo 29 %')).toBe('one 10 %\ntwo 29 %');
});
