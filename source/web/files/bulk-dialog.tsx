// One action on all files that match, done by the server: first what it would do, then how far it is.
import {useQuery} from '@tanstack/react-query';
import {type ReactNode, useState} from 'react';
import {ask, reasonOf} from '../api/ask.ts';
import type {Bulk, BulkAction, BulkPlan} from '../api/types.ts';
import {Dialog} from '../shell/dialog.tsx';
import {show} from '../shell/show-text.ts';
import {Fault} from '../shell/states.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {fileStore} from './file-store.ts';

const ACTIONS: readonly BulkAction[] = ['run', 'cancel', 'retry', 'delete'];
/** What every file matches: the server asks for at least one term. */
const ALL = 'size>=0';
const LOOK_MS = 500;

interface BulkDialogProps {
	readonly q: string;
	readonly onClose: () => void;
}

export function BulkDialog({q, onClose}: BulkDialogProps): ReactNode {
	const [action, setAction] = useState<BulkAction>('run');
	const [bulkId, setBulkId] = useState<string | null>(null);
	const starting = useAction();
	const json = {action, q: q.trim() === '' ? ALL : q};
	const plan = useQuery({
		queryKey: ['bulk-plan', action, q],
		enabled: bulkId === null,
		gcTime: 0,
		retry: false,
		// The list may be behind what matches: what is started is what the plan says.
		queryFn: ({signal}) => ask<BulkPlan>('POST', '/api/v1/bulk?dry_run=true', {json, signal}),
	});
	const start = (total: number): void => {
		void starting.run(async () => {
			setBulkId((await ask<Bulk>('POST', '/api/v1/bulk', {json: {...json, expected_count: total}})).id);
		});
	};
	return (
		<Dialog title={T.bulk.title} onClose={onClose}>
			<p>
				<bdi>{T.bulk.filter(show(q))}</bdi>
			</p>
			{bulkId !== null ? (
				<BulkProgress id={bulkId} />
			) : (
				<>
					<label htmlFor="bulk-action">{T.bulk.action}</label>
					<select id="bulk-action" value={action} onChange={event => setAction(event.target.value as BulkAction)}>
						{ACTIONS.map(each => (
							<option key={each} value={each}>
								{T.bulk.actions[each]}
							</option>
						))}
					</select>
					{plan.isPending && <p>{T.loading}</p>}
					{plan.isError && <Fault reason={reasonOf(plan.error)} onRetry={() => void plan.refetch()} />}
					{plan.data !== undefined && (
						<>
							<p>{T.bulk.plan(plan.data.applies, plan.data.total)}</p>
							<h3>{T.bulk.sample}</h3>
							<ul className="sample">
								{plan.data.sample.map(({file_id: id, name}) => (
									<li key={id}>
										<bdi>{show(name, 80)}</bdi>
									</li>
								))}
							</ul>
							{starting.fault !== null && <Fault reason={starting.fault} />}
							<button
								type="button"
								className="strong"
								disabled={starting.isBusy || plan.data.applies === 0}
								onClick={() => start(plan.data.total)}
							>
								{T.bulk.start(plan.data.applies)}
							</button>
						</>
					)}
				</>
			)}
		</Dialog>
	);
}

function BulkProgress({id}: {readonly id: string}): ReactNode {
	const stopping = useAction();
	const bulk = useQuery({
		queryKey: ['bulk', id],
		queryFn: async ({signal}) => {
			const answer = await ask<Bulk>('GET', `/api/v1/bulk/${id}`, {signal});
			// Removed files tell nothing by events.
			if (answer.status !== 'RUNNING' && answer.action === 'delete') {
				fileStore.rows.clear();
				void fileStore.load();
			}
			return answer;
		},
		refetchInterval: ({state}) => (state.data === undefined || state.data.status === 'RUNNING' ? LOOK_MS : false),
	});
	if (bulk.isError) return <Fault reason={reasonOf(bulk.error)} onRetry={() => void bulk.refetch()} />;
	if (bulk.data === undefined) return <p>{T.loading}</p>;
	const {total, done, skipped, failed, status} = bulk.data;
	return (
		<>
			<progress aria-label={T.bulk.progress} value={done + skipped + failed} max={Math.max(1, total)} />
			<p role="status">
				{T.bulk.ended[status]}: {T.bulk.state(done, total, skipped, failed)}
			</p>
			{status === 'RUNNING' && (
				<button type="button" onClick={() => void stopping.run(() => ask('DELETE', `/api/v1/bulk/${id}`))}>
					{T.bulk.stop}
				</button>
			)}
		</>
	);
}
