// The files of a server without a task, to start one of them.
import {formatBytes} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {displayWidth, padEnd, padStart, truncatePath} from '../../text/width.ts';
import type {TasklessList} from '../commands/taskless-state.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {type MarkedLines, markRow, ROW_MARKER_WIDTH} from './column-lines.ts';

const TIME_WIDTH = 18;
const SIZE_WIDTH = 10;

export function buildTaskless({files, hasMore, index}: TasklessList, columns: number, look: Look): MarkedLines {
	const {theme, glyphs} = look;
	const indent = ' '.repeat(ROW_MARKER_WIDTH);
	const nameWidth = Math.max(8, columns - 1 - ROW_MARKER_WIDTH - TIME_WIDTH - SIZE_WIDTH - 2);
	const rows = files.map(({name, bytes, receivedAt}): Line => {
		const time = receivedAt.slice(0, 16).replace('T', ' ');
		const size = padStart(formatBytes(bytes), SIZE_WIDTH);
		return [span(`${indent}${padEnd(time, TIME_WIDTH)}${size}  ${truncatePath(safe(name), nameWidth, glyphs)}`)];
	});
	const heading = `${padEnd('RECEIVED (UTC)', TIME_WIDTH)}${padStart('SIZE', SIZE_WIDTH)}  FILE`;
	const more = hasMore ? [[span(`${indent}There are more; start some of these first.`, theme.muted)]] : [];
	const lines: Line[] = [
		[span(' Files without a task', theme.heading)],
		[span(indent + (displayWidth(heading) < columns - ROW_MARKER_WIDTH ? heading : ''), theme.muted)],
		...rows,
		...more,
	];
	const selectedLine = 2 + Math.min(index, files.length - 1);
	const selected = lines[selectedLine];
	return {
		lines: selected === undefined ? lines : lines.with(selectedLine, markRow(selected, columns, look)),
		selectedLine,
	};
}
