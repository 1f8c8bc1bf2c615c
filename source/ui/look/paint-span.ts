// Writes the style of a span as terminal sequences. Ink can do that as well, but then every span is an element: on a screen
// of 40 lines some 300 of them are created, compared and laid out in each frame. Here a line is one piece of text, and an
// unchanged one costs nothing. Chalk is Ink's own instance, with the level that the session has set.
import chalk, {type ChalkInstance, foregroundColorNames} from 'chalk';
import {cutLine, type Line, type TextStyle} from './line.ts';
import type {Look} from './look.ts';

const isColorName = (color: string): color is (typeof foregroundColorNames)[number] =>
	(foregroundColorNames as readonly string[]).includes(color);

function painterOf({color, bold, dimColor, inverse, underline}: TextStyle): ChalkInstance {
	let painter: ChalkInstance = chalk;
	if (bold) painter = painter.bold;
	if (dimColor) painter = painter.dim;
	if (underline) painter = painter.underline;
	if (inverse) painter = painter.inverse;
	if (color === undefined) return painter;
	if (color.startsWith('#')) return painter.hex(color);
	const indexed = /^ansi256\((\d+)\)$/.exec(color)?.[1];
	if (indexed !== undefined) return painter.ansi256(Number(indexed));
	return isColorName(color) ? painter[color] : painter;
}

/** A theme has few styles. Painters depend on chalk's level, which two dashboards may set differently. */
let painters = new WeakMap<TextStyle, ChalkInstance>();
let paintersLevel = chalk.level;

export function paintText(text: string, style: TextStyle | undefined): string {
	if (style === undefined || text === '') return text;
	if (paintersLevel !== chalk.level) {
		painters = new WeakMap();
		paintersLevel = chalk.level;
	}
	let painter = painters.get(style);
	if (painter === undefined) {
		painter = painterOf(style);
		painters.set(style, painter);
	}
	if (style.underline !== true) return painter(text);
	// Padding is not underlined.
	const words = text.trim();
	if (words === '') return text;
	const start = text.indexOf(words);
	return text.slice(0, start) + painter(words) + text.slice(start + words.length);
}

export const paintLine = (line: Line): string => line.map(({text, style}) => paintText(text, style)).join('');

/** Lines none of which is wider than the screen. */
export const paintLines = (lines: readonly Line[], columns: number, {glyphs}: Look): string[] =>
	lines.map(line => paintLine(cutLine(line, columns, glyphs.ascii)));
