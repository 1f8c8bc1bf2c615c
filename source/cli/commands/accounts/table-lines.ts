import {safe} from '../../../text/safe.ts';
import {displayWidth, padEnd} from '../../../text/width.ts';

/** A table with headings; the text of cells is from outside. */
export function tableLines(headings: readonly string[], cells: readonly (readonly string[])[]): string[] {
	const rows = [headings, ...cells.map(row => row.map(safe))];
	const widths = headings.map((_, column) => Math.max(...rows.map(row => displayWidth(row[column] ?? ''))));
	return rows.map(row =>
		row
			.map((cell, column) => padEnd(cell, widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
}

/** In UTC, to the minute; a dash: never. */
export const minuteOf = (ms: number | null): string =>
	ms === null ? '-' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
