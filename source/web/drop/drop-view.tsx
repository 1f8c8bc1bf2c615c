// Where somebody without an account sends files in, by a link: what may still come, and what has come by it.
import {useInfiniteQuery} from '@tanstack/react-query';
import {type ReactNode, useEffect, useRef, useSyncExternalStore} from 'react';
import {formatBytes, formatPercent} from '../../text/format.ts';
import {ask, reasonOf} from '../api/ask.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {show} from '../shell/show-text.ts';
import {Fault, Loading} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {T} from '../texts.ts';
import {readChosen, readDrop} from '../uploads/dropped-files.ts';
import {DropQueue, type DropUpload} from './drop-queue.ts';

interface DroppedFile {
	readonly name: string;
	readonly size: number;
	readonly sha256: string;
	readonly received_at: string;
}

interface Drop {
	readonly name: string;
	readonly max_bytes: number;
	readonly max_files: number;
	readonly used_bytes: number;
	readonly used_files: number;
	readonly expires_at: string;
	readonly files: readonly DroppedFile[];
	readonly next_cursor: string | null;
}

/** In the part of the address that is sent to nobody. */
const tokenOfAddress = (): string => new URLSearchParams(location.hash.replace(/^#/, '')).get('token') ?? '';

/** Another link in the same tab loads no page. */
function onAddress(listener: () => void): () => void {
	addEventListener('hashchange', listener);
	return () => removeEventListener('hashchange', listener);
}

/** By the token of the link: what is on its way goes on while the tab shows another link. */
const queues = new Map<string, DropQueue>();

function queueOf(token: string): DropQueue {
	const queue = queues.get(token) ?? new DropQueue(token);
	queues.set(token, queue);
	return queue;
}

export default function DropView(): ReactNode {
	const token = useSyncExternalStore(onAddress, tokenOfAddress);
	useLeaveWarning();
	useEffect(() => {
		document.title = `${T.drop.title} – ${T.product}`;
	}, []);
	return (
		<main id="content" className="gate-wide">
			<h1>{T.drop.title}</h1>
			{token === '' ? <Fault reason={T.drop.noToken} /> : <Link key={token} token={token} />}
		</main>
	);
}

function Link({token}: {readonly token: string}): ReactNode {
	const queue = queueOf(token);
	const uploads = useSyncExternalStore(queue.subscribe, queue.getState);
	const dropped = useInfiniteQuery({
		queryKey: ['drop', token],
		initialPageParam: '',
		queryFn: ({pageParam, signal}) =>
			ask<Drop>('GET', `/api/v1/drop?limit=100${pageParam === '' ? '' : `&cursor=${encodeURIComponent(pageParam)}`}`, {
				headers: {authorization: `Bearer ${token}`},
				signal,
			}),
		getNextPageParam: page => page.next_cursor ?? undefined,
	});
	const doneCount = uploads.filter(({state}) => state === 'done').length;
	const {refetch} = dropped;
	useEffect(() => {
		if (doneCount > 0) void refetch();
	}, [doneCount, refetch]);
	useDrops(queue);
	if (dropped.isPending) return <Loading />;
	const link = dropped.data?.pages[0];
	return (
		<>
			{dropped.isError && <Fault reason={T.failed(reasonOf(dropped.error))} onRetry={() => void refetch()} />}
			{link !== undefined && dropped.data !== undefined && (
				<>
					<p>
						<strong>
							<bdi>{show(link.name, 100)}</bdi>
						</strong>
					</p>
					<p>
						{T.drop.left(
							formatBytes(Math.max(0, link.max_bytes - link.used_bytes)),
							Math.max(0, link.max_files - link.used_files),
						)}{' '}
						{T.drop.until} <Time at={link.expires_at} />.
					</p>
					<Chooser queue={queue} />
					<Uploads uploads={uploads} queue={queue} />
					<DataTable
						caption={T.drop.sent}
						columns={COLUMNS}
						rows={dropped.data.pages.flatMap(page => page.files)}
						keyOf={({sha256, name, received_at: at}) => `${at} ${sha256} ${name}`}
					/>
					{dropped.hasNextPage && (
						<button type="button" onClick={() => void dropped.fetchNextPage()}>
							{T.admin.more}
						</button>
					)}
				</>
			)}
		</>
	);
}

const COLUMNS: readonly Column<DroppedFile>[] = [
	{
		...{id: 'name', title: T.files.columns.name, rank: ({name}) => name},
		show: ({name}) => (
			<span className="cell-text">
				<bdi>{show(name, 120)}</bdi>
			</span>
		),
	},
	{
		...{id: 'size', title: T.files.columns.size, isFigure: true, rank: ({size}) => size},
		show: ({size}) => formatBytes(size),
	},
	{id: 'at', title: T.file.received, rank: each => each.received_at, show: each => <Time at={each.received_at} />},
];

function Chooser({queue}: {readonly queue: DropQueue}): ReactNode {
	const chooser = useRef<HTMLInputElement>(null);
	return (
		<div className="buttons">
			<button type="button" className="strong" onClick={() => chooser.current?.click()}>
				{T.upload.choose}
			</button>
			<input
				ref={chooser}
				type="file"
				multiple
				hidden
				aria-label={T.upload.choose}
				onChange={({target}) => {
					queue.add(readChosen(target.files ?? new DataTransfer().files));
					// The same file may be chosen again.
					target.value = '';
				}}
			/>
			<span className="hint">{T.upload.hint}</span>
		</div>
	);
}

const Uploads = ({uploads, queue}: {readonly uploads: readonly DropUpload[]; readonly queue: DropQueue}): ReactNode => (
	<ul className="uploads" aria-label={T.upload.title}>
		{uploads
			.filter(({state}) => state !== 'done')
			.map(({id, name, bytes, sent, state, reason}) => (
				<li key={id}>
					<bdi>{show(name, 120)}</bdi>{' '}
					<progress aria-label={T.drop.progress(show(name, 60))} max={1} value={sent / Math.max(1, bytes)} />{' '}
					{formatPercent(sent / Math.max(1, bytes))} {T.upload.states[state]}
					{reason !== null && <span className="reason"> {show(reason)}</span>}{' '}
					<button type="button" aria-label={`${T.drop.giveUp}: ${show(name, 60)}`} onClick={() => queue.giveUp(id)}>
						{T.drop.giveUp}
					</button>
				</li>
			))}
	</ul>
);

/** Files may be dropped anywhere on the page. */
function useDrops(queue: DropQueue): void {
	useEffect(() => {
		const over = (event: DragEvent): void => event.preventDefault();
		const drop = (event: DragEvent): void => {
			event.preventDefault();
			if (event.dataTransfer !== null) void readDrop(event.dataTransfer).then(given => queue.add(given));
		};
		addEventListener('dragover', over);
		addEventListener('drop', drop);
		return () => {
			removeEventListener('dragover', over);
			removeEventListener('drop', drop);
		};
	}, [queue]);
}

/** While bytes are unsent, the browser asks whether the page is to be left. */
function useLeaveWarning(): void {
	useEffect(() => {
		const warn = (event: BeforeUnloadEvent): void => {
			if ([...queues.values()].some(({isSending}) => isSending)) event.preventDefault();
		};
		addEventListener('beforeunload', warn);
		return () => removeEventListener('beforeunload', warn);
	}, []);
}
