// Charts as SVG. d3-scale chooses the ends and ticks of an axis and needs no document; colours come from the style of the page.
import {scaleBand, scaleLinear} from 'd3-scale';
import type {Table} from '../../store/present.ts';
import {describeHighest, resample, sizesOverTime} from '../../store/series.ts';
import {DASH, formatCount, formatDecimal} from '../../text/format.ts';
import {capitalize} from '../wording.ts';
import {type Html, html} from './markup.ts';

const WIDTH = 720;
const HEIGHT = 200;
/** Room for the texts of the axes. */
const LEFT = 70;
const TOP = 10;
const BOTTOM = 25;
const TICKS = 4;
const MAX_COLUMNS = 240;
/** So that sums, differences and quotients of sizes are finite. */
const MAX_SIZE = 1e200;

/** A column for each row or moment; rows that share a column are averaged. Its caption says the highest value. */
export function seriesChart(table: Table): Html {
	const {rowCount, nameOf, title} = table;
	const sizes = resample(sizesOverTime(table).map(boundSize), MAX_COLUMNS);
	const y = scaleLinear(domainOf(sizes), [HEIGHT - BOTTOM, TOP]).nice(TICKS);
	const places = sizes.map((_, index) => index);
	const x = scaleBand(places, [LEFT, WIDTH]).paddingInner(0.15);
	const columns = sizes.map((size, index) => {
		const [top, bottom] = [y(Math.max(0, size)), y(Math.min(0, size))];
		return html`<rect x="${round(x(index) ?? LEFT)}" y="${round(top)}" width="${round(x.bandwidth())}" height="${round(bottom - top)}"/>`;
	});
	const ticks = y.ticks(TICKS).map(tick => {
		const place = round(y(tick));
		return html`<line x1="${LEFT}" x2="${WIDTH}" y1="${place}" y2="${place}"/><text x="${LEFT - 8}" y="${place + 5}" text-anchor="end">${formatTick(tick)}</text>`;
	});
	const caption = `${capitalize(title)}: ${describeHighest(table, DASH)}`;
	return html`<figure>
<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${caption}">${ticks}${columns}<text x="${LEFT}" y="${HEIGHT - 6}">${nameOf(0) ?? DASH}</text><text x="${WIDTH}" y="${HEIGHT - 6}" text-anchor="end">${nameOf(rowCount - 1) ?? DASH}</text></svg>
<figcaption>${caption}</figcaption>
</figure>
`;
}

/**
Gives the bar of a size, from zero to the left or right; `null` where no row has a size other than 0.

The value stands beside it as text, so a screen reader skips the bar.
*/
export function barsFor(sizes: readonly number[]): ((size: number) => Html) | null {
	const [low, high] = domainOf(sizes.map(boundSize));
	if (sizes.every(size => boundSize(size) === 0)) return null;
	const x = scaleLinear([low, high], [0, 100]);
	return size => {
		const [left, right] = [x(Math.min(0, boundSize(size))), x(Math.max(0, boundSize(size)))];
		return html`<svg class="bar" aria-hidden="true"><rect x="${round(left)}%" width="${round(right - left)}%" height="100%"/></svg>`;
	};
}

const SMALL_HEIGHT = 24;
const PART_WIDTH = 6;

/** A column for each part of a histogram, nothing where there are fewer than two. The figures beside it say what a screen reader reads. */
export function histogramChart(counts: readonly number[]): Html {
	if (counts.length < 2) return html``;
	const y = scaleLinear(domainOf(counts.map(boundSize)), [0, SMALL_HEIGHT]);
	const columns = counts.map((count, index) => {
		const height = round(y(boundSize(count)));
		return html`<rect x="${index * PART_WIDTH}" y="${SMALL_HEIGHT - height}" width="${PART_WIDTH - 1}" height="${height}"/>`;
	});
	return html`<svg class="histogram" aria-hidden="true" viewBox="0 0 ${counts.length * PART_WIDTH} ${SMALL_HEIGHT}">${columns}</svg>`;
}

/** From the lowest to the highest size, with 0. */
function domainOf(sizes: readonly number[]): [number, number] {
	const low = sizes.reduce((lowest, size) => Math.min(lowest, size), 0);
	const high = sizes.reduce((highest, size) => Math.max(highest, size), 0);
	return low === high ? [0, 1] : [low, high];
}

const boundSize = (size: number): number =>
	Math.abs(size) < 1 / MAX_SIZE ? 0 : Math.max(-MAX_SIZE, Math.min(MAX_SIZE, size));

/** `-1.2 M`, `250`, `0.05`. */
const formatTick = (tick: number): string =>
	Math.abs(tick) < 1000 ? formatDecimal(String(tick)) : `${tick < 0 ? '-' : ''}${formatCount(Math.abs(tick))}`;

/** Hundredths of a pixel are enough, and a page of them is shorter. */
const round = (coordinate: number): number => Math.round(coordinate * 100) / 100;
