// Who has signed in, in this browser: what all views stand on. All tabs of a browser have the same session.
import {useSyncExternalStore} from 'react';
import {ask, isProblem, onRefusal, reasonOf} from '../api/ask.ts';
import {ProblemError} from '../api/problem.ts';
import {type LoginAnswer, ROLES, type Role, type SecondFactor, type User} from '../api/types.ts';

/** What somebody must do before anything else. */
export type Gate = 'password' | 'second-factor';

export type Session =
	| {readonly status: 'loading'}
	| {readonly status: 'unreachable'; readonly reason: string}
	/** `hasEnded`: by itself, or by the server. */
	| {readonly status: 'out'; readonly hasEnded: boolean}
	| {readonly status: 'in'; readonly user: User; readonly gate: Gate | null};

export interface Credentials {
	readonly name: string;
	readonly password: string;
	readonly code?: string;
}

let session: Session = {status: 'loading'};
const listeners = new Set<() => void>();
const tabs = new BroadcastChannel('fileproc-session');

const set = (next: Session): void => {
	session = next;
	for (const listener of listeners) listener();
};

const subscribe = (listener: () => void): (() => void) => {
	listeners.add(listener);
	return () => listeners.delete(listener);
};

export const getSession = (): Session => session;
export const useSession = (): Session => useSyncExternalStore(subscribe, getSession);
export const onSession = subscribe;

/** @throws {Error} Outside of the views of somebody who has signed in. */
export function useUser(): User {
	const current = useSession();
	if (current.status !== 'in') throw new Error('Expected a view for somebody who has signed in');
	return current.user;
}

const GATES: Readonly<Record<string, Gate>> = {
	PASSWORD_CHANGE_NEEDED: 'password',
	SECOND_FACTOR_ENROLMENT_NEEDED: 'second-factor',
};

onRefusal(problem => {
	const gate = GATES[problem.code];
	if (gate !== undefined && session.status === 'in') set({...session, gate});
	else if (problem.code === 'UNAUTHORIZED') endSession();
});

/** The server has ended it. */
export function endSession(): void {
	if (session.status === 'in') set({status: 'out', hasEnded: true});
}

tabs.onmessage = ({data}) => {
	if (data === 'out' && session.status === 'in') set({status: 'out', hasEnded: false});
	if (data === 'in' && session.status === 'out') void loadSession();
};

export async function loadSession(): Promise<void> {
	try {
		const user = await ask<User>('GET', '/api/v1/auth/me');
		set({status: 'in', user, gate: null});
		if (hasAccount(user)) await lookForGate(user);
	} catch (error) {
		if (error instanceof ProblemError && error.status === 401) set({status: 'out', hasEnded: false});
		else if (session.status !== 'in') set({status: 'unreachable', reason: reasonOf(error)});
	}
}

/** Each role may do what those in front of it may. The server has the last word. */
export const mayCall = ({role}: User, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

/** Whether it is somebody's own: a server that was started without accounts has one user for all. */
export const hasAccount = ({id}: User): boolean => id !== 'u_local';

/** A login may have to add a second factor first. */
async function lookForGate(user: User): Promise<void> {
	try {
		const {is_enrolled, is_required} = await ask<SecondFactor>('GET', '/api/v1/auth/second-factor');
		if (is_required && !is_enrolled) set({status: 'in', user, gate: 'second-factor'});
	} catch {
		// What it is refused with is seen to by `onRefusal`.
	}
}

/** @throws {ProblemError} SECOND_FACTOR_NEEDED: the same once more, with a code. */
export async function signIn(credentials: Credentials): Promise<void> {
	const answer = await ask<LoginAnswer>('POST', '/api/v1/auth/login', {json: credentials});
	const gate =
		answer.must_change_password === true
			? 'password'
			: answer.must_enrol_second_factor === true
				? 'second-factor'
				: null;
	set({status: 'in', user: answer.user, gate});
	tabs.postMessage('in');
}

export async function register(credentials: Credentials, invitation: string): Promise<void> {
	const {name, password} = credentials;
	const json = {name, password, ...(invitation !== '' && {invitation})};
	await ask('POST', '/api/v1/auth/register', {json});
	await signIn({name, password});
}

/** What was asked for is done: what else is there to be done shows in the next request. */
export function passGate(): void {
	if (session.status === 'in') set({...session, gate: null});
	void loadSession();
}

export async function signOut(): Promise<void> {
	try {
		await ask('POST', '/api/v1/auth/logout');
	} catch (error) {
		if (!(error instanceof ProblemError && error.status === 401)) throw error;
	}
	tabs.postMessage('out');
	set({status: 'out', hasEnded: false});
}

export interface Login {
	readonly id: string;
	readonly client: string | null;
	readonly is_current: boolean;
	readonly created_at: string;
	readonly expires_at: string;
	/** Unless it is used before. */
	readonly ends_unused_at: string;
	readonly last_used_at: string;
	readonly last_used_from: string | null;
}

/** @param account - The id of somebody else; left out: one's own. */
export const readLogins = async (account?: string): Promise<readonly Login[]> =>
	(
		await ask<{readonly sessions: readonly Login[]}>(
			'GET',
			account === undefined ? '/api/v1/sessions' : `/api/v1/users/${account}/sessions`,
		)
	).sessions;

export const endLogin = (id: string): Promise<void> => ask('DELETE', `/api/v1/sessions/${id}`);

/** The others first: this one is needed for that. */
export async function signOutEverywhere(): Promise<void> {
	for (const {id, is_current} of await readLogins()) {
		if (is_current) continue;
		await endLogin(id).catch((error: unknown) => {
			// It may have ended meanwhile.
			if (!isProblem(error, 'NOT_FOUND')) throw error;
		});
	}
	await signOut();
}
