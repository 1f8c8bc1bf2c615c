import {type FormEvent, type ReactNode, useState} from 'react';
import {Link, useLocation} from 'wouter';
import {Field} from '../shell/field.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {register} from './session.ts';

/** In the part of the address that is sent to nobody: `#invitation=…`, or `#setup=…` for the first account. */
const invitationIn = (hash: string): {readonly secret: string; readonly isFirst: boolean} => {
	const given = new URLSearchParams(hash.replace(/^#/, ''));
	const first = given.get('setup');
	return {secret: first ?? given.get('invitation') ?? '', isFirst: first !== null};
};

export function Register(): ReactNode {
	const [given] = useState(() => invitationIn(location.hash));
	const [invitation, setInvitation] = useState(given.secret);
	const [name, setName] = useState('');
	const [password, setPassword] = useState('');
	const [, navigate] = useLocation();
	const action = useAction();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		void action.run(async () => {
			await register({name, password}, invitation.trim());
			// The invitation is used up.
			navigate('/', {replace: true});
		});
	};
	return (
		<main className="gate">
			<h1>{given.isFirst ? T.session.firstAdmin : T.session.register}</h1>
			{given.isFirst && <p>{T.session.firstAdminHint}</p>}
			<form onSubmit={submit}>
				{given.secret === '' && (
					<Field
						label={T.session.invitation}
						hint={T.session.invitationHint}
						autoComplete="off"
						value={invitation}
						onChange={event => setInvitation(event.target.value)}
					/>
				)}
				<Field
					label={T.session.name}
					name="username"
					autoComplete="username"
					autoCapitalize="none"
					required
					value={name}
					onChange={event => setName(event.target.value)}
				/>
				<Field
					label={T.session.password}
					hint={T.session.passwordHint}
					name="password"
					type="password"
					autoComplete="new-password"
					required
					value={password}
					onChange={event => setPassword(event.target.value)}
					fault={action.fault}
				/>
				<button type="submit" className="strong" disabled={action.isBusy}>
					{action.isBusy ? T.session.working : T.session.register}
				</button>
			</form>
			<p>
				<Link href="/">{T.session.haveAccount}</Link>
			</p>
		</main>
	);
}
