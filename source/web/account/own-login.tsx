// Password, second factor, and where one is signed in.
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {type FormEvent, type ReactNode, useState} from 'react';
import {ask} from '../api/ask.ts';
import type {SecondFactor} from '../api/types.ts';
import {ChangePassword} from '../session/change-password.tsx';
import {LoginsTable} from '../session/logins-table.tsx';
import {EnrolSecondFactor, RecoveryCodes} from '../session/second-factor.tsx';
import {endLogin, type Login, readLogins, signOut, signOutEverywhere} from '../session/session.ts';
import {announce} from '../shell/announce.tsx';
import {Field} from '../shell/field.tsx';
import {Answered, Fault} from '../shell/states.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';

export function OwnLogin(): ReactNode {
	const logins = useQuery({queryKey: ['logins'], queryFn: () => readLogins()});
	return (
		<>
			<Answered query={logins}>{answer => <Logins logins={answer} />}</Answered>
			<section aria-labelledby="factor">
				<h2 id="factor">{T.factor.title}</h2>
				<Factor />
			</section>
			<section aria-labelledby="password">
				<h2 id="password">{T.account.password}</h2>
				<ChangePassword
					onDone={() => {
						announce(T.session.passwordChanged);
						void logins.refetch();
					}}
				/>
			</section>
		</>
	);
}

function Logins({logins}: {readonly logins: readonly Login[]}): ReactNode {
	const queries = useQueryClient();
	const action = useAction();
	const end = ({id, is_current: isCurrent}: Login): void => {
		void action.run(async () => {
			if (isCurrent) return signOut();
			await endLogin(id);
			await queries.invalidateQueries({queryKey: ['logins']});
		});
	};
	return (
		<section aria-labelledby="logins">
			<h2 id="logins">{T.account.logins}</h2>
			{action.fault !== null && <Fault reason={action.fault} />}
			<LoginsTable logins={logins} onEnd={end} />
			<div className="buttons">
				<button type="button" onClick={() => void action.run(signOut)}>
					{T.session.signOut}
				</button>
				<button type="button" disabled={action.isBusy} onClick={() => void action.run(signOutEverywhere)}>
					{T.account.everywhere}
				</button>
			</div>
		</section>
	);
}

const PATH = '/api/v1/auth/second-factor';

function Factor(): ReactNode {
	const queries = useQueryClient();
	const [doing, setDoing] = useState<'add' | 'renew' | 'disable' | null>(null);
	const factor = useQuery({queryKey: ['factor'], queryFn: ({signal}) => ask<SecondFactor>('GET', PATH, {signal})});
	const finish = (): void => {
		setDoing(null);
		void queries.invalidateQueries({queryKey: ['factor']});
	};
	return (
		<Answered query={factor}>
			{({is_enrolled: isEnrolled, is_required: isRequired, recovery_codes_left: left}) => (
				<>
					<p>{isEnrolled ? T.factor.enrolled(left) : T.factor.none}</p>
					{doing === 'add' && <EnrolSecondFactor onDone={finish} />}
					{(doing === 'renew' || doing === 'disable') && <Prove action={doing} onDone={finish} />}
					{doing === null && (
						<div className="buttons">
							{isEnrolled ? (
								<>
									<button type="button" onClick={() => setDoing('renew')}>
										{T.factor.renew}
									</button>
									{!isRequired && (
										<button type="button" onClick={() => setDoing('disable')}>
											{T.factor.remove}
										</button>
									)}
								</>
							) : (
								<button type="button" onClick={() => setDoing('add')}>
									{T.factor.add}
								</button>
							)}
						</div>
					)}
				</>
			)}
		</Answered>
	);
}

/** A session that was left open is not enough for this. */
function Prove({action: name, onDone}: {readonly action: 'renew' | 'disable'; readonly onDone: () => void}): ReactNode {
	const [password, setPassword] = useState('');
	const [code, setCode] = useState('');
	const [codes, setCodes] = useState<readonly string[] | null>(null);
	const action = useAction();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		void action.run(async () => {
			const json = {password, code: code.replaceAll(' ', '')};
			if (name === 'disable') {
				await ask('POST', `${PATH}/disable`, {json});
				onDone();
			} else setCodes((await ask<{recovery_codes: string[]}>('POST', `${PATH}/recovery-codes`, {json})).recovery_codes);
		});
	};
	if (codes !== null) return <RecoveryCodes codes={codes} onKept={onDone} />;
	return (
		<form onSubmit={submit}>
			<Field
				label={T.session.password}
				type="password"
				autoComplete="current-password"
				required
				value={password}
				onChange={event => setPassword(event.target.value)}
			/>
			<Field
				label={T.session.code}
				hint={T.session.codeHint}
				autoComplete="one-time-code"
				required
				value={code}
				onChange={event => setCode(event.target.value)}
				fault={action.fault}
			/>
			<button type="submit" className="strong" disabled={action.isBusy}>
				{name === 'disable' ? T.factor.remove : T.factor.renew}
			</button>
		</form>
	);
}
