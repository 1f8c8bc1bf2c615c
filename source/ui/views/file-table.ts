// The list of files. Its vocabulary is ink-table's (`data`, `columns`, `cell`), but widths are display widths, only visible rows are made, and
// a row that is as it was in the frame before is not made again.
import type {FileList, Sort} from '../../store/arrange.ts';
import type {FileState} from '../../store/state.ts';
import {formatInteger} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {shortenNames} from '../../text/short-names.ts';
import {justify, type Line, padLine, span, textOf} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {paintLines} from '../look/paint-span.ts';
import {type CellContext, type Column, fileLine, headingLine, MARKER_WIDTH} from './file-columns.ts';

interface FileTable {
	readonly data: FileList;
	readonly columns: readonly Column[];
	readonly terminalColumns: number;
	/** The common beginning of all paths, which is shown elsewhere. */
	readonly commonFolder: string;
	/** The first file on the screen, and the number of rows. */
	readonly offset: number;
	readonly height: number;
	readonly selectedIndex: number;
	readonly sort: Sort;
	/** Names of marked files. */
	readonly marks: ReadonlySet<string>;
	readonly isRunPaused: boolean;
	readonly nowMs: number;
	readonly look: Look;
}

/** All that a row shows. */
interface FileRow extends CellContext {
	readonly file: FileState;
	readonly columns: readonly Column[];
	readonly terminalColumns: number;
	readonly isSelected: boolean;
	readonly isMarked: boolean;
}

interface PaintedRow {
	readonly row: FileRow;
	readonly text: string;
}

/** @returns What paints one frame after the other. */
export function createTablePainter(): (table: FileTable) => string[] {
	let painted: ReadonlyMap<string, PaintedRow> = new Map();
	return table => {
		const {terminalColumns, look} = table;
		const paint = (lines: readonly Line[]): string[] => paintLines(lines, terminalColumns, look);
		const next = new Map<string, PaintedRow>();
		for (const row of rowsOf(table)) {
			const before = painted.get(row.file.file);
			const isKnown = before !== undefined && isSameRow(before.row, row);
			next.set(row.file.file, isKnown ? before : {row, text: paint([rowLine(row)]).join('')});
		}
		painted = next;
		const rows = Array.from(next.values(), ({text}) => text);
		return [...paint(aboveRows(table)), ...rows, ...paint(belowRows(table, rows.length))];
	};
}

function rowsOf(table: FileTable): FileRow[] {
	const {data, columns, terminalColumns, commonFolder, offset, height, selectedIndex, marks, isRunPaused, nowMs, look} =
		table;
	const visible = data.slice(offset, offset + height);
	const nameWidth = columns.find(({key}) => key === 'name')?.width ?? 0;
	const names = shortenNames(
		visible.map(({file}) => safe(file.slice(commonFolder.length))),
		nameWidth,
		look.glyphs,
	);
	return visible.map((file, index) => ({
		...{file, columns, terminalColumns, look},
		shownName: names[index],
		isSelected: offset + index === selectedIndex,
		isMarked: marks.has(file.file),
		isRunPaused: isRunPaused && file.status === 'running',
		// Only rows with moving figures change with the time.
		nowMs: file.status === 'running' ? nowMs : 0,
	}));
}

const isSameRow = (one: FileRow, other: FileRow): boolean =>
	(Object.keys(one) as (keyof FileRow)[]).every(key => one[key] === other[key]);

function aboveRows({data, columns, sort, look}: FileTable): Line[] {
	const heading = headingLine(columns, look, sort);
	return data.length === 0 ? [heading, [span('   No file to show.', look.theme.muted)]] : [heading];
}

/** What tells of the files that are not on the screen. */
function belowRows({data, offset, height, terminalColumns, look}: FileTable, shown: number): Line[] {
	const count = data.length;
	if (count <= height) return [];
	const {theme, glyphs} = look;
	const below = count - offset - shown;
	const parts = [
		offset > 0 ? `${glyphs.up} ${formatInteger(offset)} above` : '',
		below > 0 ? `+ ${formatInteger(below)} more` : '',
	];
	const left = [span(' '.repeat(MARKER_WIDTH) + parts.filter(part => part !== '').join('   '), theme.muted)];
	const range = `${formatInteger(offset + 1)}${glyphs.dash}${formatInteger(offset + shown)}`;
	const right = [span(`${range} of ${formatInteger(count)} `, theme.muted)];
	return [justify(left, right, terminalColumns, glyphs.ascii)];
}

function rowLine({file, columns, terminalColumns, isSelected, isMarked, ...context}: FileRow): Line {
	const cells = fileLine(file, columns, context);
	const {glyphs, theme} = context.look;
	const mark = isMarked ? span(glyphs.marked, theme.warning) : span(' ');
	if (!isSelected) return [span('  '), mark, ...cells];
	// Inverse colours would look patchy: the whole row has one style, and its sign marks it as well.
	const text = textOf(padLine([span(` ${glyphs.selected}`), mark, ...cells], terminalColumns));
	return [span(text, theme.selection)];
}
