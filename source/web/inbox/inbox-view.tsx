// The folder that is watched beside the server: how it is doing, its files, and what operators do with them.
import {useInfiniteQuery, useQueryClient} from '@tanstack/react-query';
import {type ReactNode, useState} from 'react';
import type {WatchedFileState} from '../../model/watched-folder.ts';
import {formatInteger} from '../../text/format.ts';
import {ask, isProblem, reasonOf} from '../api/ask.ts';
import {mayCall, useUser} from '../session/session.ts';
import {announce} from '../shell/announce.tsx';
import {Confirm} from '../shell/dialog.tsx';
import {show} from '../shell/show-text.ts';
import {Fault, Loading} from '../shell/states.tsx';
import {type ActionState, useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {type InboxFile, InboxFiles} from './inbox-files.tsx';
import {BY_ITSELF, RouteChoice} from './route-choice.tsx';

interface Inbox {
	readonly status: {
		readonly folder: string;
		readonly health: {
			readonly status: 'ok' | 'degraded' | 'stopped';
			readonly reasons: readonly {readonly code: string; readonly message: string}[];
		};
		readonly files: Readonly<Record<Exclude<WatchedFileState, 'growing'>, number>>;
		readonly rows: {readonly read: number; readonly rejected: number};
	};
	readonly tags: readonly string[];
	readonly files: readonly InboxFile[];
	readonly next_cursor: string | null;
}

const PATH = '/api/v1/inbox';
const LOOK_MS = 2000;
const COUNTS = ['waiting', 'processing', 'completed', 'failed', 'duplicate', 'skipped'] as const;

export default function InboxView(): ReactNode {
	const user = useUser();
	return (
		<main id="content">
			<h1>{T.inbox.title}</h1>
			{mayCall(user, 'operator') ? <Folder /> : <p className="placeholder">{T.inbox.notForYou}</p>}
		</main>
	);
}

function Folder(): ReactNode {
	const [isHeld, setHeld] = useState(false);
	const [isAtFailed, setAtFailed] = useState(false);
	const queries = useQueryClient();
	const action = useAction();
	const inbox = useInfiniteQuery({
		queryKey: ['inbox', isAtFailed],
		initialPageParam: '',
		queryFn: ({pageParam, signal}) => {
			const asked = new URLSearchParams({
				limit: '100',
				...(isAtFailed && {state: 'failed'}),
				...(pageParam !== '' && {cursor: pageParam}),
			});
			return ask<Inbox>('GET', `${PATH}?${asked}`, {signal});
		},
		getNextPageParam: page => page.next_cursor ?? undefined,
		refetchInterval: ({state}) => (isHeld || isProblem(state.error, 'NO_INBOX') ? false : LOOK_MS),
	});
	const reload = () => queries.invalidateQueries({queryKey: ['inbox']});
	if (inbox.isPending) return <Loading />;
	if (isProblem(inbox.error, 'NO_INBOX')) return <p className="placeholder">{T.inbox.none}</p>;
	const newest = inbox.data?.pages[0];
	return (
		<>
			{inbox.isError && <Fault reason={T.failed(reasonOf(inbox.error))} onRetry={() => void inbox.refetch()} />}
			{action.fault !== null && <Fault reason={action.fault} />}
			{newest !== undefined && inbox.data !== undefined && (
				<>
					<Health status={newest.status} />
					<Tools inbox={newest} action={action} onDone={() => void reload()} />
					<div className="buttons">
						<label className="check">
							<input type="checkbox" checked={isAtFailed} onChange={event => setAtFailed(event.target.checked)} />
							{T.inbox.onlyFailed}
						</label>
						<button type="button" aria-pressed={isHeld} onClick={() => setHeld(!isHeld)}>
							{isHeld ? T.files.resume : T.files.pause}
						</button>
					</div>
					<InboxFiles
						files={inbox.data.pages.flatMap(page => page.files)}
						tags={newest.tags}
						isBusy={action.isBusy}
						onRetry={(claims, tag) => void action.run(() => retry({claims}, tag).then(reload))}
					/>
					{inbox.hasNextPage && (
						<button type="button" onClick={() => void inbox.fetchNextPage()}>
							{T.admin.more}
						</button>
					)}
				</>
			)}
		</>
	);
}

const Health = ({status: {folder, health, files, rows}}: Pick<Inbox, 'status'>): ReactNode => (
	<>
		<p>
			<bdi>{show(folder, 200)}</bdi>: {T.inbox.health[health.status]}
		</p>
		{health.reasons.map(({code, message}) => (
			<p key={code} className="reason">
				{show(message)}
			</p>
		))}
		<dl className="figures">
			{COUNTS.map(state => (
				<div key={state}>
					<dt>{T.inbox.states[state]}</dt>
					<dd>{formatInteger(files[state])}</dd>
				</div>
			))}
			<div>
				<dt>{T.overview.rows}</dt>
				<dd>{formatInteger(rows.read)}</dd>
			</div>
			<div>
				<dt>{T.overview.rejected}</dt>
				<dd>{formatInteger(rows.rejected)}</dd>
			</div>
		</dl>
	</>
);

interface ToolsProps {
	readonly inbox: Inbox;
	readonly action: ActionState;
	readonly onDone: () => void;
}

/** What is done to the folder as a whole. */
function Tools({inbox: {status, tags}, action, onDone}: ToolsProps): ReactNode {
	const [tag, setTag] = useState(BY_ITSELF);
	const [isAsked, setAsked] = useState(false);
	const isPaused = status.health.reasons.some(({code}) => code === 'INTAKE_PAUSED');
	const {failed} = status.files;
	const pause = (): void => {
		void action.run(async () => {
			await ask('POST', `${PATH}/${isPaused ? 'resume' : 'pause'}`);
			announce(isPaused ? T.inbox.resumed : T.inbox.paused);
			onDone();
		});
	};
	return (
		<div className="buttons">
			<button type="button" disabled={action.isBusy} onClick={pause}>
				{isPaused ? T.inbox.resume : T.inbox.pause}
			</button>
			<RouteChoice label={T.inbox.routeOfAll} tags={tags} tag={tag} onChange={setTag} />
			<button type="button" disabled={action.isBusy || failed === 0} onClick={() => setAsked(true)}>
				{T.inbox.retryAll}
			</button>
			{isAsked && (
				<Confirm
					question={T.inbox.confirmAll(failed)}
					action={T.inbox.retryAll}
					onConfirm={() => void action.run(() => retry({all_failed: true}, tag).then(onDone))}
					onClose={() => setAsked(false)}
				/>
			)}
		</div>
	);
}

async function retry(
	which: {readonly claims: readonly string[]} | {readonly all_failed: true},
	tag: string,
): Promise<void> {
	const json = {...which, ...(tag !== BY_ITSELF && {tag})};
	const {file_count: number} = await ask<{readonly file_count: number}>('POST', `${PATH}/retry`, {json});
	announce(T.inbox.retried(number));
}
