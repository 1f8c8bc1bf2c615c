// Charts of characters, with a resolution of an eighth of a cell where the terminal has such blocks.
import {type Line, span, type TextStyle} from './line.ts';
import type {Look} from './look.ts';

/** Fills a row of cells from the left by a fraction between 0 and 1, using partial blocks where available. */
function fill(fraction: number, cells: number, {glyphs}: Look): string {
	const steps = glyphs.barParts.length + 1;
	const filled = Math.min(cells * steps, Math.max(0, Math.round(fraction * cells * steps)));
	const part = glyphs.barParts[(filled % steps) - 1] ?? '';
	return glyphs.barFull.repeat(Math.floor(filled / steps)) + part;
}

/** A bar of exactly `columns` cells. It is full only when the fraction is 1. */
export function progressBar(fraction: number, columns: number, style: TextStyle, look: Look): Line {
	const {glyphs, theme} = look;
	const bounded = Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
	const cells = Math.max(0, columns);
	const steps = glyphs.barParts.length + 1;
	// Rounded, but full only at 1.
	const shown = bounded === 1 ? 1 : Math.min(bounded, (cells * steps - 1) / Math.max(1, cells * steps));
	const text = fill(shown, cells, look);
	return [span(text, style), span(glyphs.barEmpty.repeat(cells - text.length), theme.muted)];
}

/** A bar without a track, for comparing figures. Any positive value is visible. */
export function plainBar(fraction: number, columns: number, look: Look): string {
	if (!(fraction > 0)) return '';
	const {barParts, barFull} = look.glyphs;
	return fill(Math.min(1, fraction), columns, look) || (barParts[0] ?? barFull);
}

/** The last values as a line of small bars, the latest at the right; the highest of them has the full height. */
export function sparkline(values: readonly number[], columns: number, {glyphs}: Look): string {
	const shown = values.slice(-columns);
	const highest = Math.max(...shown, 0);
	if (shown.length < 2 || highest <= 0) return '';
	const top = glyphs.spark.length - 1;
	return shown.map(value => glyphs.spark[Math.round((value / highest) * top)] ?? '').join('');
}

/**
Values as columns, one for each; the highest has the full height of `rows` lines.

@returns The lines from top to bottom, each as wide as there are values.
*/
export function columnChart(values: readonly number[], rows: number, {glyphs}: Look): string[] {
	const {columnParts} = glyphs;
	const highest = Math.max(...values, 0);
	const steps = columnParts.length;
	const heights = values.map(value =>
		highest > 0 && value > 0 ? Math.max(1, Math.round((value / highest) * rows * steps)) : 0,
	);
	return Array.from({length: rows}, (_, row) => {
		const below = (rows - 1 - row) * steps;
		return heights
			.map(height => (height <= below ? ' ' : (columnParts[Math.min(steps, height - below) - 1] ?? '')))
			.join('');
	});
}
