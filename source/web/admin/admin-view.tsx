// What admins see of all accounts.
import type {ReactNode} from 'react';
import {useUser} from '../session/session.ts';
import {Tabs} from '../shell/tabs.tsx';
import {T} from '../texts.ts';
import {AuditLog} from './audit-log.tsx';
import {Invitations} from './invitations.tsx';
import {UsageOfAll} from './usage-of-all.tsx';
import {Users} from './users.tsx';

const PARTS = {users: Users, invitations: Invitations, usage: UsageOfAll, audit: AuditLog} as const;
type Part = keyof typeof PARTS;

const isPart = (name: string): name is Part => Object.hasOwn(PARTS, name);

export default function AdminView({part = 'users'}: {readonly part?: string | undefined}): ReactNode {
	const {role} = useUser();
	const shown = isPart(part) ? part : 'users';
	const Shown = PARTS[shown];
	return (
		<main id="content">
			<h1>{T.admin.title}</h1>
			{role === 'admin' ? (
				<>
					<Tabs
						label={T.admin.title}
						path="/admin"
						titles={T.admin}
						parts={Object.keys(PARTS) as Part[]}
						shown={shown}
					/>
					<Shown />
				</>
			) : (
				<p className="placeholder">{T.admin.notForYou}</p>
			)}
		</main>
	);
}
