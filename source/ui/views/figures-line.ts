// The line under the list on a large screen: what all files together came to so far, at a glance.
import type {RunState} from '../../store/state.ts';
import {formatCount} from '../../text/format.ts';
import {truncateEnd} from '../../text/width.ts';
import {plainBar} from '../look/bars.ts';
import {justify, type Line, lineWidth, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {type AnalysisName, describeResult} from './result-lines.ts';

const NAME_WIDTH_LIMIT = 16;
const BAR_WIDTH = 12;
const GAP = '    ';

/** The largest groups of the first analysis, as many as fit, and the dates at the right. */
export function buildFiguresLine(analyses: RunState['analyses'], columns: number, look: Look): Line {
	const {theme, glyphs} = look;
	const [name] = Object.keys(analyses) as AnalysisName[];
	const result = name === undefined ? undefined : analyses[name];
	if (name === undefined || result === undefined) return [];
	const {figures, groups} = describeResult(name, result);
	const dates = figures.find(([label]) => label === 'dates')?.[1] ?? '';
	const right: Line = dates === '' ? [] : [span(`${dates} `, theme.muted)];
	const room = columns - lineWidth(right) - GAP.length;
	const most = groups.rows[0]?.count ?? 0;
	let left: Line = [];
	for (const group of groups.rows) {
		const item: Line = [
			span(left.length === 0 ? ' ' : GAP),
			span(`${truncateEnd(group.name, NAME_WIDTH_LIMIT, glyphs)} `),
			span(plainBar(group.count / most, BAR_WIDTH, look), theme.active),
			span(` ${formatCount(group.count)}`, theme.muted),
		];
		if (lineWidth(left) + lineWidth(item) > room) break;
		left = [...left, ...item];
	}
	return justify(left, right, columns, glyphs.ascii);
}
