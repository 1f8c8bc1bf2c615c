import {type ReactNode, useState} from 'react';
import type {WatchedFileState} from '../../model/watched-folder.ts';
import {formatBytes, formatInteger} from '../../text/format.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {show} from '../shell/show-text.ts';
import {Time} from '../shell/times.tsx';
import {T} from '../texts.ts';
import {BY_ITSELF, RouteChoice} from './route-choice.tsx';

export interface InboxFile {
	readonly file: string;
	readonly claim: string | null;
	readonly state: WatchedFileState;
	readonly tag: string | null;
	readonly bytes: number;
	readonly attempts: number;
	readonly came_at: string | null;
	readonly rows: number | null;
	readonly rejected_rows: number | null;
	readonly message: string | null;
	readonly place: string;
	readonly is_retriable: boolean;
}

interface InboxFilesProps {
	readonly files: readonly InboxFile[];
	readonly tags: readonly string[];
	readonly isBusy: boolean;
	readonly onRetry: (claims: readonly string[], tag: string) => void;
}

/** Failed ones can be marked, and tried again together. */
export function InboxFiles({files, tags, isBusy, onRetry}: InboxFilesProps): ReactNode {
	const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
	const [tag, setTag] = useState(BY_ITSELF);
	// What has been taken up meanwhile is not tried again.
	const claims = files.flatMap(({claim, is_retriable: isRetriable}) =>
		claim !== null && isRetriable && marked.has(claim) ? [claim] : [],
	);
	const mark = (claim: string, isMarked: boolean): void => {
		const next = new Set(marked);
		if (isMarked) next.add(claim);
		else next.delete(claim);
		setMarked(next);
	};
	return (
		<section aria-label={T.inbox.files}>
			{claims.length > 0 && (
				<div className="buttons">
					<span>{T.files.marked(claims.length)}</span>
					<RouteChoice label={T.inbox.routeOfMarked} tags={tags} tag={tag} onChange={setTag} />
					<button
						type="button"
						className="strong"
						disabled={isBusy}
						onClick={() => {
							onRetry(claims, tag);
							setMarked(new Set());
						}}
					>
						{T.inbox.retryMarked}
					</button>
				</div>
			)}
			<DataTable
				caption={T.inbox.files}
				isCaptionHidden
				columns={columnsOf(marked, mark)}
				rows={files}
				keyOf={({claim, place, file}) => claim ?? `${place} ${file}`}
			/>
		</section>
	);
}

const columnsOf = (
	marked: ReadonlySet<string>,
	mark: (claim: string, isMarked: boolean) => void,
): readonly Column<InboxFile>[] => [
	{
		...{id: 'mark', title: T.files.columns.mark},
		show: ({claim, file, is_retriable: isRetriable}) =>
			claim !== null &&
			isRetriable && (
				<input
					type="checkbox"
					aria-label={T.files.mark(show(file, 80))}
					checked={marked.has(claim)}
					onChange={event => mark(claim, event.target.checked)}
				/>
			),
	},
	{
		...{id: 'file', title: T.files.columns.name, rank: ({file}) => file},
		show: ({file}) => (
			<span className="cell-text">
				<bdi>{show(file, 120)}</bdi>
			</span>
		),
	},
	{
		...{id: 'state', title: T.files.columns.status, rank: ({state}) => state},
		show: ({state}) => T.inbox.states[state],
	},
	{id: 'route', title: T.inbox.route, rank: ({tag}) => tag, show: ({tag}) => show(tag ?? T.none, 80)},
	{
		...{id: 'size', title: T.files.columns.size, isFigure: true, rank: ({bytes}) => bytes},
		show: ({bytes}) => formatBytes(bytes),
	},
	...(['rows', 'rejected_rows'] as const).map(
		(name): Column<InboxFile> => ({
			...{id: name, title: name === 'rows' ? T.files.columns.rows : T.files.columns.rejected, isFigure: true},
			rank: file => file[name],
			show: ({[name]: number}) => (number === null ? T.none : formatInteger(number)),
		}),
	),
	{id: 'came', title: T.file.received, rank: each => each.came_at, show: each => <Time at={each.came_at} />},
	{
		...{id: 'why', title: T.inbox.why},
		show: ({message}) => <span className="cell-text">{message === null ? T.none : show(message, 200)}</span>,
	},
];
