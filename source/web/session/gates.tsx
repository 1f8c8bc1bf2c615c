// What a login must do before anything else.
import type {ReactNode} from 'react';
import {T} from '../texts.ts';
import {ChangePassword} from './change-password.tsx';
import {EnrolSecondFactor} from './second-factor.tsx';
import {type Gate, passGate, signOut} from './session.ts';

export default function Gates({gate}: {readonly gate: Gate}): ReactNode {
	return (
		<main className="gate">
			{gate === 'password' ? (
				<>
					<h1>{T.session.choosePassword}</h1>
					<p>{T.session.choosePasswordHint}</p>
					<ChangePassword onDone={passGate} />
				</>
			) : (
				<>
					<h1>{T.factor.title}</h1>
					<p>{T.factor.needed}</p>
					<EnrolSecondFactor onDone={passGate} />
				</>
			)}
			<p>
				<button type="button" className="plain" onClick={() => void signOut()}>
					{T.session.signOut}
				</button>
			</p>
		</main>
	);
}
