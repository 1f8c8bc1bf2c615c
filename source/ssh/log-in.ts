// How somebody who connects shows who they are: by a key that is known, or, where the server takes them, by a password and what belongs to it.
import type {AuthContext, KeyboardAuthContext, PublicKeyAuthContext} from 'ssh2';
import {type AuthorizedKey, keysFor} from './authorized-keys.ts';
import {fingerprintOf} from './host-key.ts';

/** Somebody who has logged in. */
export interface Visitor {
	readonly name: string;
	readonly role: string;
	/** Whether the server knows them by an account. */
	readonly hasAccount: boolean;
	/** The id of what the server keeps of theirs, also where it is without accounts. */
	readonly account: string;
	/** For requests to the server. */
	readonly token: string;
	readonly end: () => void;
	/** Aborted when they may not be here any more. */
	readonly ended: AbortSignal;
}

export interface Login {
	/** Those that are accepted now. */
	readonly keys: () => Promise<readonly AuthorizedKey[]>;
	/** @returns `null`: there is nobody of this name, or not any more. */
	readonly begin: (name: string, key: AuthorizedKey, from: Origin) => Promise<Visitor | null>;
	/** `null`: passwords are not taken. */
	readonly byPassword: ((login: PasswordLogin, address: string) => Promise<PasswordAnswer>) | null;
}

export interface Origin {
	readonly address: string;
	readonly fingerprint: string;
}

export interface PasswordLogin {
	readonly name: string;
	readonly password: string;
	/** Of the second factor; left out: nobody has been asked for it. */
	readonly code?: string;
}

export type PasswordAnswer =
	| {readonly type: 'in'; readonly visitor: Visitor}
	/** The password is right, and the account has a second factor. */
	| {readonly type: 'code'}
	/** A sentence for the person. */
	| {readonly type: 'refused'; readonly reason: string};

type Method = 'publickey' | 'password' | 'keyboard-interactive';

export interface LoginAttempt {
	/** Those that may be tried. */
	readonly methods: readonly Method[];
	/** @returns `known`: a key that may be used, if its owner signs; `null`: nothing of it lets anybody in. */
	readonly attempt: (context: AuthContext) => Promise<Visitor | 'known' | null>;
}

export function createLogins(logIn: Login, address: string): LoginAttempt {
	const {byPassword} = logIn;
	const methods: readonly Method[] =
		byPassword === null ? ['publickey'] : ['publickey', 'keyboard-interactive', 'password'];
	return {
		methods,
		async attempt(context) {
			if (context.method === 'publickey') return byKey(context, logIn, address);
			if (byPassword === null) return null;
			if (context.method === 'password') {
				const answer = await byPassword({name: context.username, password: context.password}, address);
				// There is no room for a code here: clients go on with the method that has it.
				return answer.type === 'in' ? answer.visitor : null;
			}
			return context.method === 'keyboard-interactive' ? byQuestions(context, byPassword, address) : null;
		},
	};
}

async function byKey(context: PublicKeyAuthContext, logIn: Login, address: string): Promise<Visitor | 'known' | null> {
	const {username: name, key: given, signature} = context;
	const keys = keysFor(await logIn.keys(), {name, address, blob: given.data, at: Date.now()});
	if (signature === undefined) return keys.length > 0 ? 'known' : null;
	const key = keys.find(each => isSignedBy(each, context));
	return key === undefined ? null : logIn.begin(name, key, {address, fingerprint: fingerprintOf(given.data)});
}

/** The library takes some signatures apart and not others: a key that cannot read one says no. */
function isSignedBy(key: AuthorizedKey, {blob, signature, hashAlgo}: PublicKeyAuthContext): boolean {
	return blob !== undefined && signature !== undefined && key.verify(blob, signature, hashAlgo);
}

async function byQuestions(
	context: KeyboardAuthContext,
	byPassword: NonNullable<Login['byPassword']>,
	address: string,
): Promise<Visitor | null> {
	const name = context.username;
	const [password] = await ask(context, '', ['Password: ']);
	if (password === undefined) return null;
	let answer = await byPassword({name, password}, address);
	if (answer.type === 'code') {
		const [code] = await ask(context, 'The code of your app, or a recovery code.', ['Code: ']);
		if (code === undefined) return null;
		answer = await byPassword({name, password, code}, address);
	}
	if (answer.type === 'in') return answer.visitor;
	if (answer.type === 'refused') await ask(context, answer.reason, []);
	return null;
}

/** @returns Nothing where the client has given the login up. */
const ask = (context: KeyboardAuthContext, instruction: string, prompts: readonly string[]): Promise<string[]> =>
	new Promise(resolve => {
		context.prompt(
			prompts.map(prompt => ({prompt, echo: false})),
			'',
			instruction,
			(answers: readonly string[] | Error) => resolve(Array.isArray(answers) ? [...answers] : []),
		);
	});
