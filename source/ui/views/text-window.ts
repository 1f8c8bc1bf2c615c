import {justify, type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';

interface TextWindow {
	readonly lines: readonly Line[];
	readonly offset: number;
	readonly height: number;
	readonly columns: number;
	readonly look: Look;
}

/** The number of lines that fit, without the one that counts the others where there are more. */
export const textRows = (lineCount: number, height: number): number => (lineCount > height ? height - 1 : height);

/** A window over lines of text: details, help and the summary. */
export function textWindow({lines, offset, height, columns, look}: TextWindow): readonly Line[] {
	const rows = textRows(lines.length, height);
	// The text may have become shorter since the user scrolled.
	const start = Math.max(0, Math.min(offset, lines.length - rows));
	const visible = lines.slice(start, start + rows);
	if (lines.length <= height) return visible;
	const rest = lines.length - start - visible.length;
	const {theme, glyphs} = look;
	const place = [span(`${start + 1}${glyphs.dash}${start + visible.length} of ${lines.length} `, theme.muted)];
	return [...visible, justify([span(rest > 0 ? `   + ${rest} more` : '', theme.muted)], place, columns, glyphs.ascii)];
}
