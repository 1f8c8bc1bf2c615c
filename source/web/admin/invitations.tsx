import {useQuery, useQueryClient} from '@tanstack/react-query';
import {type ReactNode, useState} from 'react';
import {ask} from '../api/ask.ts';
import {ROLES, type Role} from '../api/types.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {ShownOnce} from '../shell/shown-once.tsx';
import {Answered, Fault} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';

interface Invitation {
	readonly id: string;
	readonly role: Role;
	readonly expires_at: string;
}

const PATH = '/api/v1/invitations';

export function Invitations(): ReactNode {
	const queries = useQueryClient();
	const [role, setRole] = useState<Role>('user');
	const [link, setLink] = useState<string | null>(null);
	const action = useAction();
	const open = useQuery({
		queryKey: ['invitations'],
		queryFn: async ({signal}) =>
			(await ask<{readonly invitations: readonly Invitation[]}>('GET', PATH, {signal})).invitations,
	});
	const reload = () => queries.invalidateQueries({queryKey: ['invitations']});
	const invite = (): void => {
		void action.run(async () => {
			const {invitation} = await ask<{readonly invitation: string}>('POST', PATH, {json: {role}});
			// Behind the #, which is sent to nobody.
			setLink(`${location.origin}/app/register#invitation=${encodeURIComponent(invitation)}`);
			await reload();
		});
	};
	const columns: readonly Column<Invitation>[] = [
		{id: 'role', title: T.admin.role, rank: each => ROLES.indexOf(each.role), show: each => each.role},
		{id: 'until', title: T.admin.until, rank: each => each.expires_at, show: each => <Time at={each.expires_at} />},
		{
			...{id: 'withdraw', title: T.admin.action},
			show: ({id, role: invited}) => (
				<button
					type="button"
					aria-label={`${T.admin.withdraw}: ${invited}`}
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
		<section aria-label={T.admin.invitations}>
			<div className="buttons">
				<label>
					{T.admin.inviteAs}{' '}
					<select value={role} onChange={event => setRole(event.target.value as Role)}>
						{ROLES.map(each => (
							<option key={each}>{each}</option>
						))}
					</select>
				</label>
				<button type="button" className="strong" disabled={action.isBusy} onClick={invite}>
					{T.admin.invite}
				</button>
			</div>
			{action.fault !== null && <Fault reason={action.fault} />}
			{link !== null && <ShownOnce hint={T.admin.inviteLink} text={link} />}
			<Answered query={open}>
				{answer =>
					answer.length === 0 ? (
						<p className="placeholder">{T.admin.noInvitations}</p>
					) : (
						<DataTable
							caption={T.admin.invitations}
							isCaptionHidden
							columns={columns}
							rows={answer}
							keyOf={({id}) => id}
						/>
					)
				}
			</Answered>
		</section>
	);
}
