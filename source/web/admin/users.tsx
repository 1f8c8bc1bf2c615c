import {useInfiniteQuery, useQueryClient} from '@tanstack/react-query';
import {type ReactNode, useState} from 'react';
import {ask, reasonOf} from '../api/ask.ts';
import {ROLES, type Role} from '../api/types.ts';
import {useUser} from '../session/session.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {Dialog} from '../shell/dialog.tsx';
import {show} from '../shell/show-text.ts';
import {Fault, Loading} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {LoginsOfUser} from './logins-of-user.tsx';

interface Account {
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	readonly is_disabled: boolean;
	readonly has_second_factor: boolean;
	readonly last_used_at: string | null;
}

interface Page {
	readonly users: readonly Account[];
	readonly next_cursor: string | null;
}

const PATH = '/api/v1/users';

export function Users(): ReactNode {
	const queries = useQueryClient();
	const me = useUser();
	const action = useAction();
	const [given, setGiven] = useState<{readonly name: string; readonly password: string} | null>(null);
	const [opened, setOpened] = useState<Account | null>(null);
	const users = useInfiniteQuery({
		queryKey: ['users'],
		initialPageParam: '',
		queryFn: ({pageParam, signal}) =>
			ask<Page>('GET', `${PATH}?limit=100${pageParam === '' ? '' : `&cursor=${encodeURIComponent(pageParam)}`}`, {
				signal,
			}),
		getNextPageParam: page => page.next_cursor ?? undefined,
	});
	const change = (method: string, path: string, json?: object): void => {
		void action.run(async () => {
			const answer = await ask<{readonly user: Account; readonly password: string} | undefined>(method, PATH + path, {
				json,
			});
			if (answer?.password !== undefined) setGiven({name: answer.user.name, password: answer.password});
			await queries.invalidateQueries({queryKey: ['users']});
		});
	};
	if (users.isPending) return <Loading />;
	return (
		<section aria-label={T.admin.users}>
			{users.isError && <Fault reason={T.failed(reasonOf(users.error))} onRetry={() => void users.refetch()} />}
			{action.fault !== null && <Fault reason={action.fault} />}
			{users.data !== undefined && (
				<DataTable
					caption={T.admin.users}
					isCaptionHidden
					columns={columnsOf(me.id, change, setOpened)}
					rows={users.data.pages.flatMap(page => page.users)}
					keyOf={({id}) => id}
				/>
			)}
			{users.hasNextPage && (
				<button type="button" onClick={() => void users.fetchNextPage()}>
					{T.admin.more}
				</button>
			)}
			{opened !== null && <LoginsOfUser id={opened.id} name={opened.name} onClose={() => setOpened(null)} />}
			{given !== null && (
				<Dialog title={T.admin.reset} onClose={() => setGiven(null)}>
					<p>{T.admin.resetDone(show(given.name))}:</p>
					<p>
						<code className="secret">{given.password}</code>
					</p>
				</Dialog>
			)}
		</section>
	);
}

const columnsOf = (
	me: string,
	change: (method: string, path: string, json?: object) => void,
	openLogins: (account: Account) => void,
): readonly Column<Account>[] => [
	{
		...{id: 'name', title: T.admin.name, rank: ({name}) => name},
		show: ({name}) => (
			<span className="cell-text">
				<bdi>{show(name, 80)}</bdi>
			</span>
		),
	},
	{
		...{id: 'role', title: T.admin.role, rank: ({role}) => ROLES.indexOf(role)},
		show: ({id, name, role}) => (
			<select
				aria-label={T.admin.roleOf(show(name, 80))}
				value={role}
				disabled={id === me}
				onChange={event => change('PATCH', `/${id}`, {role: event.target.value})}
			>
				{ROLES.map(each => (
					<option key={each}>{each}</option>
				))}
			</select>
		),
	},
	{
		...{id: 'state', title: T.admin.state, rank: each => (each.is_disabled ? 1 : 0)},
		show: each => (each.is_disabled ? T.admin.disabled : T.admin.enabled),
	},
	{
		...{id: 'factor', title: T.admin.secondFactor, rank: each => (each.has_second_factor ? 0 : 1)},
		show: each => (each.has_second_factor ? T.yes : T.no),
	},
	{id: 'used', title: T.admin.lastUsed, rank: each => each.last_used_at, show: each => <Time at={each.last_used_at} />},
	{
		...{id: 'actions', title: T.admin.action},
		show: account => {
			const {id, name, is_disabled: isDisabled, has_second_factor: hasFactor} = account;
			return id === me ? null : (
				<span className="buttons">
					<Button
						name={name}
						text={isDisabled ? T.admin.enable : T.admin.disable}
						onClick={() => change('PATCH', `/${id}`, {is_disabled: !isDisabled})}
					/>
					<Button name={name} text={T.admin.reset} onClick={() => change('POST', `/${id}/reset`)} />
					<Button name={name} text={T.admin.logins} onClick={() => openLogins(account)} />
					<Button name={name} text={T.admin.endLogins} onClick={() => change('DELETE', `/${id}/sessions`)} />
					{hasFactor && (
						<Button name={name} text={T.admin.resetFactor} onClick={() => change('DELETE', `/${id}/second-factor`)} />
					)}
				</span>
			);
		},
	},
];

const Button = ({
	name,
	text,
	onClick,
}: {
	readonly name: string;
	readonly text: string;
	readonly onClick: () => void;
}): ReactNode => (
	<button type="button" aria-label={`${text}: ${show(name, 80)}`} onClick={onClick}>
		{text}
	</button>
);
