// Where one is notified: webhooks and mail addresses, what is sent there, and what was.
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {type FormEvent, type ReactNode, useState} from 'react';
import {ask} from '../api/ask.ts';
import {mayCall, useUser} from '../session/session.ts';
import {Checks} from '../shell/checks.tsx';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {Field} from '../shell/field.tsx';
import {show} from '../shell/show-text.ts';
import {ShownOnce} from '../shell/shown-once.tsx';
import {Answered, Fault} from '../shell/states.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {Deliveries} from './deliveries.tsx';

export interface Webhook {
	readonly id: string;
	readonly url: string;
	readonly types: readonly string[];
	readonly state: 'unconfirmed' | 'on' | 'off';
	readonly off_reason: string | null;
	readonly failures: number;
}

const PATH = '/api/v1/webhooks';
const TEXTS = T.account.notices;
type NoticeType = keyof typeof TEXTS.types;
const TYPES = Object.keys(TEXTS.types) as NoticeType[];

/** @returns Whether it went well. */
type Change = (method: string, path: string, json?: object) => Promise<boolean>;

export function Webhooks(): ReactNode {
	const queries = useQueryClient();
	const user = useUser();
	const action = useAction();
	const [secret, setSecret] = useState<string | null>(null);
	const [opened, setOpened] = useState<Webhook | null>(null);
	const webhooks = useQuery({
		queryKey: ['webhooks'],
		queryFn: async ({signal}) => (await ask<{readonly webhooks: readonly Webhook[]}>('GET', PATH, {signal})).webhooks,
	});
	const change: Change = (method, path, json) =>
		action.run(async () => {
			// Only the switch is set that was pressed, so whatever else was changed meanwhile stays as it is.
			const headers = method === 'PATCH' ? {'if-match': '*'} : {};
			const answer = await ask<{readonly secret?: string | null} | undefined>(method, PATH + path, {json, headers});
			// It is shown once, so what is done after it does not take it away.
			if (typeof answer?.secret === 'string') setSecret(answer.secret);
			await queries.invalidateQueries({queryKey: ['webhooks']});
		});
	const mayChange = mayCall(user, 'user');
	return (
		<section aria-label={T.account.parts.notices}>
			<p className="hint">{TEXTS.hint}</p>
			{mayChange && <NewWebhook isBusy={action.isBusy} onMake={json => change('POST', '', json)} />}
			{secret !== null && <ShownOnce hint={TEXTS.secret} text={secret} />}
			{action.fault !== null && <Fault reason={action.fault} />}
			<Answered query={webhooks}>
				{rows => (
					<DataTable
						caption={T.account.parts.notices}
						isCaptionHidden
						columns={columnsOf(mayChange ? change : null, setOpened)}
						rows={rows}
						keyOf={({id}) => id}
					/>
				)}
			</Answered>
			{webhooks.data
				?.filter(({state}) => state === 'unconfirmed' && mayChange)
				.map(webhook => (
					<Confirmation
						key={webhook.id}
						webhook={webhook}
						onSend={code => change('POST', `/${webhook.id}/confirm`, {code})}
					/>
				))}
			{opened !== null && <Deliveries webhook={opened} mayChange={mayChange} onClose={() => setOpened(null)} />}
		</section>
	);
}

/** @param change - `null`: the role may only look. */
const columnsOf = (change: Change | null, open: (webhook: Webhook) => void): readonly Column<Webhook>[] => [
	{
		...{id: 'url', title: TEXTS.place, rank: ({url}) => url},
		show: ({url}) => (
			<span className="cell-text">
				<bdi>{show(url, 200)}</bdi>
			</span>
		),
	},
	{id: 'types', title: TEXTS.about, show: ({types}) => types.join(', ')},
	{
		...{id: 'state', title: T.admin.state, rank: ({state}) => state},
		show: ({state, off_reason: reason}) =>
			reason === null ? TEXTS.states[state] : `${TEXTS.states[state]}: ${show(reason, 200)}`,
	},
	{
		...{id: 'actions', title: T.admin.action},
		show: webhook => {
			const {id, url, state} = webhook;
			const button = (text: string, onClick: () => void): ReactNode => (
				<button key={text} type="button" aria-label={`${text}: ${show(url, 60)}`} onClick={onClick}>
					{text}
				</button>
			);
			return (
				<span className="buttons">
					{button(TEXTS.deliveries, () => open(webhook))}
					{change !== null && [
						...(state === 'unconfirmed'
							? []
							: [
									button(state === 'on' ? TEXTS.turnOff : TEXTS.turnOn, () =>
										change('PATCH', `/${id}`, {state: state === 'on' ? 'off' : 'on'}),
									),
									button(TEXTS.test, () => change('POST', `/${id}/test`)),
								]),
						...(url.startsWith('mailto:') ? [] : [button(TEXTS.newSecret, () => change('POST', `/${id}/secret`))]),
						button(T.files.remove, () => change('DELETE', `/${id}`)),
					]}
				</span>
			);
		},
	},
];

interface NewWebhookProps {
	readonly isBusy: boolean;
	/** @returns Whether it was made. */
	readonly onMake: (webhook: {readonly url: string; readonly types: readonly string[]}) => Promise<boolean>;
}

function NewWebhook({isBusy, onMake}: NewWebhookProps): ReactNode {
	const [url, setUrl] = useState('');
	const [types, setTypes] = useState<readonly NoticeType[]>(['run.completed']);
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		const place = url.includes('://') || url.startsWith('mailto:') ? url.trim() : `mailto:${url.trim()}`;
		// Another press makes no second one.
		void onMake({url: place, types}).then(isMade => isMade && setUrl(''));
	};
	return (
		<form onSubmit={submit}>
			<Field
				label={TEXTS.place}
				hint={TEXTS.placeHint}
				autoComplete="off"
				required
				value={url}
				onChange={event => setUrl(event.target.value)}
			/>
			<Checks legend={TEXTS.about} titles={TEXTS.types} names={TYPES} chosen={types} onChange={setTypes} />
			<button type="submit" className="strong" disabled={isBusy || types.length === 0}>
				{TEXTS.make}
			</button>
		</form>
	);
}

function Confirmation({
	webhook,
	onSend,
}: {
	readonly webhook: Webhook;
	readonly onSend: (code: string) => void;
}): ReactNode {
	const [code, setCode] = useState('');
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		onSend(code.trim());
	};
	return (
		<form onSubmit={submit}>
			<Field
				label={TEXTS.code(show(webhook.url.replace(/^mailto:/, ''), 100))}
				hint={TEXTS.codeHint}
				autoComplete="one-time-code"
				required
				value={code}
				onChange={event => setCode(event.target.value)}
			/>
			<button type="submit">{T.factor.confirm}</button>
		</form>
	);
}
