// Tokens of one's programs: made, seen and withdrawn.
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {type FormEvent, type ReactNode, useState} from 'react';
import {ask} from '../api/ask.ts';
import {mayCall, useUser} from '../session/session.ts';
import {Checks} from '../shell/checks.tsx';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {Field} from '../shell/field.tsx';
import {SelectField} from '../shell/select-field.tsx';
import {show} from '../shell/show-text.ts';
import {ShownOnce} from '../shell/shown-once.tsx';
import {Answered, Fault} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';

interface Token {
	readonly id: string;
	readonly name: string;
	readonly scopes: readonly string[];
	readonly created_at: string;
	readonly expires_at: string | null;
	readonly last_used_at: string | null;
	readonly last_used_from: string | null;
}

/** Each with the least role that it is of use to. */
const SCOPES = {
	read: 'viewer',
	upload: 'uploader',
	run: 'user',
	'admin:users': 'admin',
	'admin:audit': 'admin',
} as const;
type Scope = keyof typeof SCOPES;

const PATH = '/api/v1/tokens';
const DAY_SECONDS = 24 * 60 * 60;
const FOR_EVER = 'never';

export function Tokens(): ReactNode {
	const queries = useQueryClient();
	const action = useAction();
	const tokens = useQuery({
		queryKey: ['tokens'],
		queryFn: async ({signal}) => (await ask<{readonly tokens: readonly Token[]}>('GET', PATH, {signal})).tokens,
	});
	const reload = () => queries.invalidateQueries({queryKey: ['tokens']});
	const columns: readonly Column<Token>[] = [
		{
			...{id: 'name', title: T.admin.name, rank: ({name}) => name},
			show: ({name}) => (
				<span className="cell-text">
					<bdi>{show(name, 100)}</bdi>
				</span>
			),
		},
		{id: 'scopes', title: T.account.mayDo, show: ({scopes}) => scopes.join(', ')},
		{
			...{id: 'used', title: T.account.lastUsed, rank: each => each.last_used_at},
			show: each => <Time at={each.last_used_at} />,
		},
		{id: 'from', title: T.account.from, show: ({last_used_from: from}) => from ?? T.none},
		{
			...{id: 'until', title: T.account.until, rank: each => each.expires_at},
			show: ({expires_at: at}) => (at === null ? T.account.lifetimes[FOR_EVER] : <Time at={at} />),
		},
		{
			...{id: 'withdraw', title: T.admin.action},
			show: ({id, name}) => (
				<button
					type="button"
					aria-label={`${T.admin.withdraw}: ${show(name, 60)}`}
					onClick={() => {
						void action.run(async () => {
							await ask('DELETE', `${PATH}/${id}`);
							await reload();
						});
					}}
				>
					{T.admin.withdraw}
				</button>
			),
		},
	];
	return (
		<section aria-label={T.account.parts.tokens}>
			<p className="hint">{T.account.tokensHint}</p>
			<NewToken onMade={() => void reload()} />
			{action.fault !== null && <Fault reason={action.fault} />}
			<Answered query={tokens}>
				{rows => (
					<DataTable
						caption={T.account.parts.tokens}
						isCaptionHidden
						columns={columns}
						rows={rows}
						keyOf={({id}) => id}
					/>
				)}
			</Answered>
		</section>
	);
}

function NewToken({onMade}: {readonly onMade: () => void}): ReactNode {
	const user = useUser();
	const [name, setName] = useState('');
	const [scopes, setScopes] = useState<readonly Scope[]>(['read']);
	const [days, setDays] = useState('90');
	const [secret, setSecret] = useState<string | null>(null);
	const action = useAction();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		void action.run(async () => {
			if (scopes.length === 0) throw new Error(T.account.noScope);
			const expires = days === FOR_EVER ? null : Number(days) * DAY_SECONDS;
			const {token} = await ask<{readonly token: string}>('POST', PATH, {
				json: {name: name.trim(), scopes, expires_in: expires},
			});
			setSecret(token);
			setName('');
			onMade();
		});
	};
	return (
		<form onSubmit={submit}>
			<Field
				label={T.account.tokenName}
				hint={T.account.tokenNameHint}
				autoComplete="off"
				maxLength={100}
				required
				value={name}
				onChange={event => setName(event.target.value)}
			/>
			<Checks
				legend={T.account.mayDo}
				titles={T.account.scopes}
				names={(Object.keys(SCOPES) as Scope[]).filter(scope => mayCall(user, SCOPES[scope]))}
				chosen={scopes}
				onChange={setScopes}
			/>
			<SelectField label={T.account.lifetime} value={days} choices={T.account.lifetimes} onChange={setDays} />
			{action.fault !== null && <Fault reason={action.fault} />}
			<button type="submit" className="strong" disabled={action.isBusy}>
				{T.account.makeToken}
			</button>
			{secret !== null && <ShownOnce hint={T.account.tokenMade} text={secret} />}
		</form>
	);
}
