// One's own account: how one signs in, and what is kept for it.
import type {ReactNode} from 'react';
import type {Role} from '../api/types.ts';
import {hasAccount, mayCall, useUser} from '../session/session.ts';
import {show} from '../shell/show-text.ts';
import {Tabs} from '../shell/tabs.tsx';
import {T} from '../texts.ts';
import {DropLinks} from './drop-links.tsx';
import {Mappings} from './mappings.tsx';
import {OwnLogin} from './own-login.tsx';
import {Tokens} from './tokens.tsx';
import {Webhooks} from './webhooks.tsx';

interface AccountPart {
	readonly View: () => ReactNode;
	readonly least: Role;
	/** Whether a server that was started without accounts has it, too. */
	readonly isForOpenServer: boolean;
}

const PARTS = {
	login: {View: OwnLogin, least: 'viewer', isForOpenServer: false},
	columns: {View: Mappings, least: 'viewer', isForOpenServer: true},
	notices: {View: Webhooks, least: 'viewer', isForOpenServer: true},
	tokens: {View: Tokens, least: 'viewer', isForOpenServer: false},
	links: {View: DropLinks, least: 'user', isForOpenServer: false},
} as const satisfies Readonly<Record<string, AccountPart>>;
type Part = keyof typeof PARTS;

export default function AccountView({part}: {readonly part?: string | undefined}): ReactNode {
	const user = useUser();
	const parts = (Object.keys(PARTS) as Part[]).filter(name => {
		const {least, isForOpenServer} = PARTS[name];
		return mayCall(user, least) && (isForOpenServer || hasAccount(user));
	});
	const shown = parts.find(name => name === part) ?? parts[0] ?? 'columns';
	const {View} = PARTS[shown];
	return (
		<main id="content">
			<h1>{T.account.title}</h1>
			<p>
				<bdi>{show(user.name)}</bdi>, {T.account.role}: {user.role}
			</p>
			{!hasAccount(user) && <p>{T.account.openServer}</p>}
			<Tabs label={T.account.title} path="/account" titles={T.account.parts} parts={parts} shown={shown} />
			<View />
		</main>
	);
}
