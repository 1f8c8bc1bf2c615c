import {memo, type ReactNode} from 'react';
import {Link} from 'wouter';
import {formatBytes, formatDuration, formatInteger, formatPercent} from '../../text/format.ts';
import {show} from '../shell/show-text.ts';
import {Time} from '../shell/times.tsx';
import {T} from '../texts.ts';
import type {FileRow} from './file-rows.ts';
import {useFileRow} from './file-store.ts';
import {leftMs, partOf, Status} from './status.tsx';

interface FileRowProps {
	readonly id: string;
	/** From 0. */
	readonly index: number;
	readonly top: number;
	readonly height: number;
	readonly isMarked: boolean;
	/** Whether the keyboard comes here first. */
	readonly isCurrent: boolean;
	readonly onMark: (id: string, isMarked: boolean) => void;
	readonly onFocus: (id: string) => void;
}

export const pathOfRow = ({id, taskId, status}: FileRow): string =>
	status === 'COMPLETED' && taskId !== null ? `/results/${taskId}` : `/files/${id}`;

export const FileRowView = memo(function FileRowView(props: FileRowProps): ReactNode {
	const {id, index, top, height, isMarked, isCurrent, onMark, onFocus} = props;
	const row = useFileRow(id);
	if (row === undefined) return null;
	const name = show(row.relativePath ?? row.name, 200);
	return (
		// The row takes the focus, so that keys are about it; what is in it can be reached, too.
		<div
			role="row"
			aria-rowindex={index + 2}
			aria-selected={isMarked}
			tabIndex={isCurrent ? 0 : -1}
			data-id={id}
			className="row"
			style={{transform: `translateY(${top}px)`, height}}
			onFocus={() => onFocus(id)}
		>
			<span role="gridcell" className="cell mark">
				<input
					type="checkbox"
					tabIndex={-1}
					aria-label={T.files.mark(name)}
					checked={isMarked}
					onChange={event => onMark(id, event.target.checked)}
				/>
			</span>
			<span role="gridcell" className="cell name">
				<Link href={pathOfRow(row)} tabIndex={-1} title={name}>
					<bdi>{name}</bdi>
				</Link>
			</span>
			<span role="gridcell" className="cell state">
				<Status status={row.status} isPaused={row.isPaused} />
			</span>
			<span role="gridcell" className="cell progress">
				<Progress row={row} name={name} />
			</span>
			<span role="gridcell" className="cell figure size" data-label={T.files.columns.size}>
				{formatBytes(row.bytes)}
			</span>
			<span role="gridcell" className="cell figure rows" data-label={T.files.columns.rows}>
				{row.rows === null ? T.none : formatInteger(row.rows)}
			</span>
			<span role="gridcell" className="cell figure rejected" data-label={T.files.columns.rejected}>
				{row.rejectedRows === null ? T.none : formatInteger(row.rejectedRows)}
			</span>
			<span role="gridcell" className="cell received">
				<Time at={row.receivedAt} />
			</span>
		</div>
	);
});

function Progress({row, name}: {readonly row: FileRow; readonly name: string}): ReactNode {
	const part = partOf(row);
	if (row.status === 'FAILED') return <span className="reason">{show(row.error?.message ?? '', 160)}</span>;
	if (part === null) return null;
	const left = leftMs(row);
	return (
		<>
			<progress value={part} max={1} aria-label={`${T.files.columns.progress}: ${name}`} />
			<span className="figure"> {formatPercent(part)}</span>
			{left !== null && <span className="hint"> {T.files.left(formatDuration(left))}</span>}
		</>
	);
}
