import {useInfiniteQuery} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {ask, reasonOf} from '../api/ask.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {Dialog} from '../shell/dialog.tsx';
import {show} from '../shell/show-text.ts';
import {Fault, Loading} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import type {Webhook} from './webhooks.tsx';

interface Delivery {
	readonly id: string;
	readonly message_id: string;
	readonly type: string;
	readonly state: 'pending' | 'delivered' | 'failed';
	readonly attempts: number;
	readonly created_at: string;
	readonly next_attempt_at: string | null;
}

interface Page {
	readonly deliveries: readonly Delivery[];
	readonly next_cursor: string | null;
}

interface DeliveriesProps {
	readonly webhook: Webhook;
	readonly mayChange: boolean;
	readonly onClose: () => void;
}

const TEXTS = T.account.notices;
const LOOK_MS = 2000;

/** What was sent to a webhook, the newest first, and a way to send it again. */
export function Deliveries({webhook, mayChange, onClose}: DeliveriesProps): ReactNode {
	const action = useAction();
	const path = `/api/v1/webhooks/${webhook.id}/deliveries?limit=50`;
	const deliveries = useInfiniteQuery({
		queryKey: ['deliveries', webhook.id],
		initialPageParam: '',
		queryFn: ({pageParam, signal}) =>
			ask<Page>('GET', pageParam === '' ? path : `${path}&cursor=${encodeURIComponent(pageParam)}`, {signal}),
		getNextPageParam: page => page.next_cursor ?? undefined,
		// What waits is sent meanwhile; what has ended stays as it is.
		refetchInterval: ({state}) =>
			state.data?.pages.some(page => page.deliveries.some(each => each.state === 'pending')) === true ? LOOK_MS : false,
	});
	const sendAgain = (id: string): void => {
		void action.run(async () => {
			await ask('POST', `/api/v1/deliveries/${id}/resend`);
			await deliveries.refetch();
		});
	};
	const columns: readonly Column<Delivery>[] = [
		{id: 'at', title: T.admin.at, rank: each => each.created_at, show: each => <Time at={each.created_at} />},
		{id: 'type', title: TEXTS.about, rank: ({type}) => type, show: ({type}) => type},
		{id: 'state', title: T.admin.state, rank: ({state}) => state, show: ({state}) => TEXTS.deliveryStates[state]},
		{id: 'attempts', title: T.file.attempts, rank: each => each.attempts, isFigure: true, show: each => each.attempts},
		{id: 'next', title: TEXTS.next, show: each => <Time at={each.next_attempt_at} />},
		...(mayChange
			? [
					{
						...{id: 'again', title: T.admin.action},
						show: ({id, message_id: message}: Delivery) => (
							<button type="button" aria-label={`${TEXTS.again}: ${message}`} onClick={() => sendAgain(id)}>
								{TEXTS.again}
							</button>
						),
					},
				]
			: []),
	];
	return (
		<Dialog title={TEXTS.deliveriesOf(show(webhook.url, 80))} isWide onClose={onClose}>
			{action.fault !== null && <Fault reason={action.fault} />}
			{deliveries.isPending && <Loading />}
			{deliveries.isError && <Fault reason={T.failed(reasonOf(deliveries.error))} />}
			{deliveries.data !== undefined && (
				<DataTable
					caption={TEXTS.deliveries}
					isCaptionHidden
					columns={columns}
					rows={deliveries.data.pages.flatMap(page => page.deliveries)}
					keyOf={({id}) => id}
				/>
			)}
			{deliveries.hasNextPage && (
				<button type="button" onClick={() => void deliveries.fetchNextPage()}>
					{T.admin.more}
				</button>
			)}
		</Dialog>
	);
}
