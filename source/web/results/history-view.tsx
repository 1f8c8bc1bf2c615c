// Tasks that have ended, the newest first, also of files that are gone.
import {useInfiniteQuery} from '@tanstack/react-query';
import {type ReactNode, useMemo, useState} from 'react';
import {Link, useSearchParams} from 'wouter';
import {formatInteger, formatSeconds} from '../../text/format.ts';
import {ask, reasonOf} from '../api/ask.ts';
import type {TaskAnswer} from '../api/types.ts';
import {useFileState} from '../files/file-store.ts';
import {Status} from '../files/status.tsx';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {show} from '../shell/show-text.ts';
import {Fault, Loading} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {T} from '../texts.ts';

interface Page {
	readonly tasks: readonly TaskAnswer[];
	readonly next_cursor: string | null;
}

const {columns: TITLES} = T.history;

const secondsOf = ({started_at: from, completed_at: to}: TaskAnswer): number | null =>
	from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;

const COLUMNS: readonly Column<TaskAnswer>[] = [
	{
		...{id: 'file', title: TITLES.file, rank: ({file}) => file},
		show: ({file, task_execution_id: id, status}) => (
			<span className="cell-text">
				<bdi>{status === 'COMPLETED' ? <Link href={`/results/${id}`}>{show(file, 80)}</Link> : show(file, 80)}</bdi>
			</span>
		),
	},
	{id: 'task', title: TITLES.task, rank: ({task_id}) => task_id, show: ({task_id}) => task_id || T.file.proposed},
	{id: 'status', title: TITLES.status, rank: ({status}) => status, show: ({status}) => <Status status={status} />},
	{
		...{id: 'rows', title: TITLES.rows, isFigure: true, rank: ({rows}) => rows},
		show: ({rows}) => (rows === null ? T.none : formatInteger(rows)),
	},
	{
		...{id: 'rejected', title: TITLES.rejected, isFigure: true, rank: ({rejected_rows: rejected}) => rejected},
		show: ({rejected_rows: rejected}) => (rejected === null ? T.none : formatInteger(rejected)),
	},
	{
		...{id: 'time', title: TITLES.time, isFigure: true, rank: secondsOf},
		show(task) {
			const seconds = secondsOf(task);
			return seconds === null ? T.none : formatSeconds(seconds);
		},
	},
	{
		...{id: 'ended', title: TITLES.ended, rank: ({completed_at: at}) => at},
		show: ({completed_at: at}) => <Time at={at} />,
	},
];

export default function HistoryView(): ReactNode {
	const [params, setParams] = useSearchParams();
	const q = params.get('q') ?? '';
	const [typed, setTyped] = useState(q);
	const ended = useFileState(({ended}) => ended.done + ended.failed);
	const query = useInfiniteQuery({
		queryKey: ['history', q, Math.floor(ended / 10)],
		initialPageParam: '',
		queryFn: ({pageParam, signal}) =>
			ask<Page>(
				'GET',
				`/api/v1/history?limit=100&q=${encodeURIComponent(q)}${pageParam === '' ? '' : `&cursor=${pageParam}`}`,
				{signal},
			),
		getNextPageParam: page => page.next_cursor ?? undefined,
		placeholderData: before => before,
	});
	const tasks = useMemo(() => query.data?.pages.flatMap(page => page.tasks) ?? [], [query.data]);
	return (
		<main id="content">
			<h1>{T.history.title}</h1>
			<search className="filter">
				<form
					onSubmit={event => {
						event.preventDefault();
						setParams(typed === '' ? {} : {q: typed}, {replace: true});
					}}
				>
					<label htmlFor="history-filter">{T.files.filter}</label>
					<input
						id="history-filter"
						type="search"
						placeholder={T.files.filterHint}
						value={typed}
						onChange={event => setTyped(event.target.value)}
					/>
					<button type="submit">{T.files.filter}</button>
				</form>
			</search>
			{query.isError && <Fault reason={T.failed(reasonOf(query.error))} onRetry={() => void query.refetch()} />}
			{query.isPending && <Loading />}
			{query.data !== undefined &&
				(tasks.length === 0 ? (
					<p className="placeholder">{q === '' ? T.history.empty : T.files.noMatch}</p>
				) : (
					<DataTable
						caption={T.history.label}
						isCaptionHidden
						columns={COLUMNS}
						rows={tasks}
						keyOf={({task_execution_id: id}) => id}
					/>
				))}
			{query.hasNextPage && (
				<button type="button" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
					{T.history.more}
				</button>
			)}
		</main>
	);
}
