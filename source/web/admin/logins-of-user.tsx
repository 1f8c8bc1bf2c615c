import {useQuery, useQueryClient} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {ask} from '../api/ask.ts';
import {LoginsTable} from '../session/logins-table.tsx';
import {type Login, readLogins} from '../session/session.ts';
import {Dialog} from '../shell/dialog.tsx';
import {show} from '../shell/show-text.ts';
import {Answered, Fault} from '../shell/states.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';

interface LoginsOfUserProps {
	readonly id: string;
	readonly name: string;
	readonly onClose: () => void;
}

/** Where somebody else is signed in, each to be ended. */
export function LoginsOfUser({id, name, onClose}: LoginsOfUserProps): ReactNode {
	const queries = useQueryClient();
	const action = useAction();
	const logins = useQuery({queryKey: ['logins', id], queryFn: () => readLogins(id)});
	const end = (login: Login): void => {
		void action.run(async () => {
			await ask('DELETE', `/api/v1/users/${id}/sessions/${login.id}`);
			await queries.invalidateQueries({queryKey: ['logins', id]});
		});
	};
	return (
		<Dialog title={T.admin.loginsOf(show(name, 80))} isWide onClose={onClose}>
			{action.fault !== null && <Fault reason={action.fault} />}
			<Answered query={logins}>{rows => <LoginsTable logins={rows} onEnd={end} />}</Answered>
		</Dialog>
	);
}
