import {type FormEvent, type ReactNode, useState} from 'react';
import {ask} from '../api/ask.ts';
import {Field} from '../shell/field.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';

export function ChangePassword({onDone}: {readonly onDone: () => void}): ReactNode {
	const [current, setCurrent] = useState('');
	const [next, setNext] = useState('');
	const action = useAction();
	const submit = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		const json = {current_password: current, new_password: next};
		if (!(await action.run(() => ask('POST', '/api/v1/auth/password', {json})))) return;
		setCurrent('');
		setNext('');
		onDone();
	};
	return (
		<form onSubmit={event => void submit(event)}>
			<Field
				label={T.session.currentPassword}
				type="password"
				autoComplete="current-password"
				required
				value={current}
				onChange={event => setCurrent(event.target.value)}
			/>
			<Field
				label={T.session.newPassword}
				hint={T.session.passwordHint}
				type="password"
				autoComplete="new-password"
				required
				value={next}
				onChange={event => setNext(event.target.value)}
				fault={action.fault}
			/>
			<button type="submit" className="strong" disabled={action.isBusy}>
				{T.account.change}
			</button>
		</form>
	);
}
