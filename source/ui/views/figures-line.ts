// The line under the list on a large screen: what all files together came to so far, at a glance.

import {NAME_JOINT, presentResults, type Table} from '../../store/present.ts';
import type {RunState} from '../../store/state.ts';
import {formatCount} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {truncateEnd} from '../../text/width.ts';
import {plainBar} from '../look/bars.ts';
import {spell} from '../look/glyphs.ts';
import {justify, type Line, lineWidth, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';

const MAX_NAME_WIDTH = 16;
const BAR_WIDTH = 12;
/** More than a line has room for. */
const MAX_GROUPS = 100;
const GAP = '    ';

/** The largest groups of the first analysis, as many as fit, and the dates at the right. */
export function buildFiguresLine(
	analyses: RunState['analysisInfos'],
	results: RunState['analyses'],
	columns: number,
	look: Look,
): Line {
	const [first] = presentResults(analyses, results, safe, spell(NAME_JOINT, look.glyphs));
	if (first === undefined) return [];
	const {theme, glyphs} = look;
	const dates = first.figures.find(({format}) => format === 'dates')?.text ?? '';
	const right: Line = dates === '' ? [] : [span(`${dates} `, theme.muted)];
	const bars = first.tables.find(({show}) => show === 'bars');
	const left = bars === undefined ? [] : groupsLine(bars, columns - lineWidth(right) - GAP.length, look);
	return justify(left, right, columns, glyphs.ascii);
}

function groupsLine({rowCount, nameOf, sizeOf}: Table, room: number, look: Look): Line {
	const {theme, glyphs} = look;
	const largest = Array.from({length: Math.min(rowCount, MAX_GROUPS)}, (_, index) => sizeOf(index)).reduce(
		(most, size) => Math.max(most, size),
		0,
	);
	let line: Line = [];
	for (let index = 0; index < Math.min(rowCount, MAX_GROUPS); index++) {
		const size = sizeOf(index);
		const item: Line = [
			span(line.length === 0 ? ' ' : GAP),
			span(`${truncateEnd(nameOf(index) ?? glyphs.dash, MAX_NAME_WIDTH, glyphs)} `),
			span(plainBar(size / largest, BAR_WIDTH, look), theme.active),
			span(` ${size < 0 ? '-' : ''}${formatCount(Math.abs(size))}`, theme.muted),
		];
		if (lineWidth(line) + lineWidth(item) > room) break;
		line = [...line, ...item];
	}
	return line;
}
