import type {ReactNode} from 'react';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {show} from '../shell/show-text.ts';
import {Time} from '../shell/times.tsx';
import {T} from '../texts.ts';
import type {Login} from './session.ts';

interface LoginsTableProps {
	readonly logins: readonly Login[];
	readonly onEnd: (login: Login) => void;
}

/** Where an account is signed in: one's own, or that of somebody else. */
export function LoginsTable({logins, onEnd}: LoginsTableProps): ReactNode {
	const columns: readonly Column<Login>[] = [
		{
			...{id: 'client', title: T.account.client},
			show: ({client, is_current: isCurrent}) => (
				<span className="cell-text">
					{show(client ?? T.none, 120)} {isCurrent && <strong>({T.account.current})</strong>}
				</span>
			),
		},
		{id: 'from', title: T.account.from, show: ({last_used_from: from}) => from ?? T.none},
		{
			id: 'used',
			title: T.account.lastUsed,
			rank: each => each.last_used_at,
			show: each => <Time at={each.last_used_at} />,
		},
		{id: 'until', title: T.account.until, rank: each => each.expires_at, show: each => <Time at={each.expires_at} />},
		{
			...{id: 'end', title: T.admin.action},
			show: login => (
				<button
					type="button"
					aria-label={`${T.account.end}: ${show(login.client ?? login.id, 60)}`}
					onClick={() => onEnd(login)}
				>
					{T.account.end}
				</button>
			),
		},
	];
	return <DataTable caption={T.account.logins} isCaptionHidden columns={columns} rows={logins} keyOf={({id}) => id} />;
}
