// The list of files. Its vocabulary is ink-table's (`data`, `columns`, `cell`), but rows are keyed by the file's name, so
// that a change updates a row in place, widths are display widths, and only visible rows are created.
import {Box} from 'ink';
import {memo, type ReactNode} from 'react';
import type {FileList, Sort} from '../../store/arrange.ts';
import type {FileState} from '../../store/state.ts';
import {formatInteger} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {shortenNames} from '../../text/short-names.ts';
import {justify, padLine, span, textOf} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {type CellContext, type Column, fileLine, headingLine, MARKER_WIDTH} from '../views/file-columns.ts';
import {LineText} from './line-text.tsx';

interface FileTableProps {
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

export function FileTable(props: FileTableProps): ReactNode {
	const {data, columns, terminalColumns, commonFolder, offset, height, selectedIndex, sort, marks} = props;
	const {isRunPaused, nowMs, look} = props;
	const visible = data.slice(offset, offset + height);
	const nameWidth = columns.find(({key}) => key === 'name')?.width ?? 0;
	const names = shortenNames(
		visible.map(({file}) => safe(file.slice(commonFolder.length))),
		nameWidth,
		look.glyphs,
	);
	return (
		<Box flexDirection="column">
			<LineText line={headingLine(columns, look, sort)} />
			{data.length === 0 && <LineText line={[span('   No file to show.', look.theme.muted)]} />}
			{visible.map((file, index) => (
				<FileRow
					key={file.file}
					file={file}
					shownName={names[index]}
					columns={columns}
					terminalColumns={terminalColumns}
					isSelected={offset + index === selectedIndex}
					isMarked={marks.has(file.file)}
					isRunPaused={isRunPaused && file.status === 'running'}
					// Rows without moving figures keep their props, and with them their elements.
					nowMs={file.status === 'running' ? nowMs : 0}
					look={look}
				/>
			))}
			{data.length > height && (
				<LineText line={overflowLine(offset, visible.length, data.length, terminalColumns, look)} />
			)}
		</Box>
	);
}

function overflowLine(offset: number, shown: number, count: number, columns: number, {theme, glyphs}: Look) {
	const below = count - offset - shown;
	const parts = [
		offset > 0 ? `${glyphs.up} ${formatInteger(offset)} above` : '',
		below > 0 ? `+ ${formatInteger(below)} more` : '',
	];
	const left = [span(' '.repeat(MARKER_WIDTH) + parts.filter(part => part !== '').join('   '), theme.muted)];
	const range = `${formatInteger(offset + 1)}${glyphs.dash}${formatInteger(offset + shown)}`;
	const right = [span(`${range} of ${formatInteger(count)} `, theme.muted)];
	return justify(left, right, columns, glyphs.ascii);
}

interface FileRowProps extends CellContext {
	readonly file: FileState;
	readonly columns: readonly Column[];
	readonly terminalColumns: number;
	readonly isSelected: boolean;
	readonly isMarked: boolean;
}

const FileRow = memo(function FileRow({
	file,
	columns,
	terminalColumns,
	isSelected,
	isMarked,
	...context
}: FileRowProps): ReactNode {
	const cells = fileLine(file, columns, context);
	const {glyphs, theme} = context.look;
	const mark = isMarked ? span(glyphs.marked, theme.warning) : span(' ');
	if (!isSelected) return <LineText line={[span('  '), mark, ...cells]} />;
	// Inverse colours would look patchy: the whole row has one style, and its sign marks it as well.
	const text = textOf(padLine([span(` ${glyphs.selected}`), mark, ...cells], terminalColumns));
	return <LineText line={[span(text)]} style={theme.selection} />;
});
