import {useQuery} from '@tanstack/react-query';
import {type FormEvent, type ReactNode, useState} from 'react';
import {Link} from 'wouter';
import {ask, isProblem} from '../api/ask.ts';
import {Field} from '../shell/field.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {signIn} from './session.ts';

export function SignIn({hasEnded}: {readonly hasEnded: boolean}): ReactNode {
	const [name, setName] = useState('');
	const [password, setPassword] = useState('');
	const [code, setCode] = useState<string | null>(null);
	const action = useAction();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		void action.run(async () => {
			try {
				await signIn({name, password, ...(code !== null && {code: code.replaceAll(' ', '')})});
			} catch (error) {
				if (!isProblem(error, 'SECOND_FACTOR_NEEDED')) throw error;
				setCode('');
			}
		});
	};
	return (
		<main className="gate">
			<h1>{T.product}</h1>
			{hasEnded && <p role="status">{T.session.ended}</p>}
			<form onSubmit={submit}>
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
					name="password"
					type="password"
					autoComplete="current-password"
					required
					value={password}
					onChange={event => setPassword(event.target.value)}
					fault={code === null ? action.fault : null}
				/>
				{code !== null && (
					<Field
						label={T.session.code}
						hint={T.session.codeHint}
						name="code"
						autoComplete="one-time-code"
						required
						autoFocus
						value={code}
						onChange={event => setCode(event.target.value)}
						fault={action.fault}
					/>
				)}
				<button type="submit" className="strong" disabled={action.isBusy}>
					{action.isBusy ? T.session.working : T.session.signIn}
				</button>
			</form>
			<Provider />
			<p>
				<Link href="/register">{T.session.noAccount}</Link>
			</p>
		</main>
	);
}

interface Methods {
	readonly provider: {readonly issuer: string; readonly url: string} | null;
}

/** The browser goes to the provider of the company, where the server has one, and comes back signed in. */
function Provider(): ReactNode {
	const {data} = useQuery({queryKey: ['methods'], queryFn: ({signal}) => ask<Methods>('GET', METHODS, {signal})});
	const provider = data?.provider ?? null;
	if (provider === null) return null;
	return (
		<p>
			<a className="button" href={provider.url}>
				{T.session.byProvider(new URL(provider.issuer).host)}
			</a>
		</p>
	);
}

const METHODS = '/api/v1/auth/methods';
