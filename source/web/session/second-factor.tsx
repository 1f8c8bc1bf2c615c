// Adding a second factor: the password, the secret for an app, a first code, and ten codes for the day on which the app is lost.
import {type FormEvent, type ReactNode, useState} from 'react';
import {ask} from '../api/ask.ts';
import {copyText} from '../shell/copy-text.ts';
import {Field} from '../shell/field.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {QrCode} from './qr-code.tsx';

type Step =
	| {readonly name: 'password'}
	| {readonly name: 'code'; readonly secret: string; readonly uri: string}
	| {readonly name: 'codes'; readonly codes: readonly string[]};

const PATH = '/api/v1/auth/second-factor';

export function EnrolSecondFactor({onDone}: {readonly onDone: () => void}): ReactNode {
	const [step, setStep] = useState<Step>({name: 'password'});
	const [typed, setTyped] = useState('');
	const action = useAction();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		void action.run(async () => {
			if (step.name === 'password') {
				const begun = await ask<{secret: string; uri: string}>('POST', PATH, {json: {password: typed}});
				setStep({name: 'code', ...begun});
			} else {
				const json = {code: typed.replaceAll(' ', '')};
				const {recovery_codes: codes} = await ask<{recovery_codes: string[]}>('POST', `${PATH}/confirm`, {json});
				setStep({name: 'codes', codes});
			}
			setTyped('');
		});
	};
	if (step.name === 'codes') return <RecoveryCodes codes={step.codes} onKept={onDone} />;
	return (
		<form onSubmit={submit}>
			{step.name === 'code' && (
				<>
					<p>{T.factor.scan}</p>
					<QrCode text={step.uri} label={T.factor.qr} />
					<p>
						{T.factor.secret}: <code className="secret">{step.secret}</code>
					</p>
				</>
			)}
			{step.name === 'password' ? (
				<Field
					key="password"
					label={T.session.password}
					type="password"
					autoComplete="current-password"
					required
					value={typed}
					onChange={event => setTyped(event.target.value)}
					fault={action.fault}
				/>
			) : (
				<Field
					key="code"
					label={T.factor.firstCode}
					inputMode="numeric"
					autoComplete="one-time-code"
					required
					value={typed}
					onChange={event => setTyped(event.target.value)}
					fault={action.fault}
				/>
			)}
			<button type="submit" className="strong" disabled={action.isBusy}>
				{step.name === 'password' ? T.factor.add : T.factor.confirm}
			</button>
		</form>
	);
}

export const RecoveryCodes = ({
	codes,
	onKept,
}: {
	readonly codes: readonly string[];
	readonly onKept: () => void;
}): ReactNode => (
	<section aria-label={T.factor.recovery}>
		<p>{T.factor.recoveryHint}</p>
		<ul className="codes">
			{codes.map(code => (
				<li key={code}>
					<code>{code}</code>
				</li>
			))}
		</ul>
		<div className="buttons">
			<button type="button" onClick={() => void copyText(codes.join('\n'))}>
				{T.copy}
			</button>
			<button type="button" className="strong" onClick={onKept}>
				{T.factor.kept}
			</button>
		</div>
	</section>
);
