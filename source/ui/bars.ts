import {type Line, span, type TextStyle} from './line.ts';
import type {Look} from './look.ts';

/**
A bar of exactly `columns` cells. It is full only when the fraction is 1.
*/
export function progressBar(fraction: number, columns: number, style: TextStyle, {glyphs, theme}: Look): Line {
	const bounded = Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
	const cells = Math.max(0, columns);
	const full = bounded === 1 ? cells : Math.max(0, Math.min(cells - 1, Math.round(bounded * cells)));
	return [span(glyphs.barFull.repeat(full), style), span(glyphs.barEmpty.repeat(cells - full), theme.muted)];
}

/** A bar without a track: for comparing figures with each other. */
export function plainBar(fraction: number, columns: number, {glyphs}: Look): string {
	if (!(fraction > 0)) return '';
	return glyphs.barFull.repeat(Math.max(1, Math.round(Math.min(1, fraction) * columns)));
}

/** The last values as a line of small bars, the youngest at the right; the highest of them is the full height. */
export function sparkline(values: readonly number[], columns: number, {glyphs}: Look): string {
	const shown = values.slice(-columns);
	const highest = Math.max(...shown, 0);
	if (shown.length < 2 || highest <= 0) return '';
	const top = glyphs.spark.length - 1;
	return shown.map(value => glyphs.spark[Math.round((value / highest) * top)] ?? '').join('');
}
