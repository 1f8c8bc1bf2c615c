// One connection: its login by a public key, and the sessions that it opens. What goes wrong in it ends it alone.
import type {Socket} from 'node:net';
import type {AuthContext, Connection, PublicKeyAuthContext} from 'ssh2';
import {type AuthorizedKey, type Knock, keysFor} from './authorized-keys.ts';
import {fingerprintOf} from './host-key.ts';
import {serveSession} from './serve-session.ts';
import type {SshServerOptions} from './ssh-server.ts';

/** Somebody who has logged in. */
export interface Visitor {
	readonly name: string;
	readonly role: string;
	/** For requests to the server. */
	readonly token: string;
	readonly end: () => void;
}

export interface Login {
	/** Those that are accepted now. */
	readonly keys: () => Promise<readonly AuthorizedKey[]>;
	/** @returns `null`: there is nobody of this name, or not any more. */
	readonly begin: (name: string, key: AuthorizedKey, from: Origin) => Promise<Visitor | null>;
}

export interface Origin {
	readonly address: string;
	readonly fingerprint: string;
}

export interface ClientParts {
	readonly client: Connection;
	readonly socket: Socket;
	readonly address: string;
}

/** So many sessions of one connection at once, as OpenSSH allows. */
const MAX_SESSIONS = 10;
/** Longer ones end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const METHODS = ['publickey' as const];

/** @param admit - Called once somebody has logged in; `false`: there are too many already. */
export function serveClient(
	{client, socket, address: rawAddress}: ClientParts,
	options: SshServerOptions,
	leaving: AbortSignal,
	admit: () => boolean,
): void {
	const {limits, logIn, onFault} = options;
	// IPv4 comes as a part of IPv6 where both are listened on.
	const address = rawAddress.replace(/^::ffff:(?=\d+\.)/, '');
	const ended = new AbortController();
	let visitor: Visitor | null = null;
	let attempts = 0;
	client.on('error', () => socket.destroy());
	client.on('close', () => ended.abort());
	socket.once('close', () => ended.abort());
	ended.signal.addEventListener('abort', () => visitor?.end(), {once: true});
	leaving.addEventListener('abort', () => endAfterSessions(), {once: true, signal: ended.signal});

	const authenticate = async (context: AuthContext): Promise<void> => {
		if (context.method !== 'publickey') return refuse(context);
		const keys = keysFor(await logIn.keys(), knockOf(context, address));
		if (context.signature === undefined) return keys.length > 0 ? context.accept() : refuse(context);
		const key = keys.find(each => isSignedBy(each, context));
		if (key === undefined || visitor !== null) return refuse(context);
		const found = await logIn.begin(context.username, key, {address, fingerprint: fingerprintOf(context.key.data)});
		if (found === null) return refuse(context);
		if (ended.signal.aborted || leaving.aborted || !admit()) {
			found.end();
			socket.destroy();
			return;
		}
		visitor = found;
		context.accept();
	};
	const refuse = (context: AuthContext): void => {
		if (context.method !== 'none' && ++attempts >= limits.maxAttempts) socket.destroy();
		else context.reject(METHODS);
	};
	client.on('authentication', context => {
		authenticate(context).catch((error: unknown) => {
			onFault(error);
			socket.destroy();
		});
	});

	const sessions = new Set<Promise<void>>();
	const endAfterSessions = (): void => {
		Promise.allSettled(sessions).then(() => client.end());
	};
	let idle: NodeJS.Timeout | undefined;
	const isBusy = (): void => void idle?.refresh();
	client.on('ready', () => {
		const total = setTimeout(() => socket.destroy(), Math.min(limits.totalMs, MAX_TIMER_MS));
		idle = setTimeout(() => socket.destroy(), Math.min(limits.idleMs, MAX_TIMER_MS));
		ended.signal.addEventListener('abort', () => {
			clearTimeout(total);
			clearTimeout(idle);
		});
	});
	client.on('session', (accept, reject) => {
		if (visitor === null || leaving.aborted || sessions.size >= MAX_SESSIONS) {
			reject();
			return;
		}
		const session = serveSession(accept(), {visitor, socket, address, leaving, ended: ended.signal, isBusy}, options);
		sessions.add(session);
		session.finally(() => sessions.delete(session));
	});
	// Nothing is forwarded: who asks for it gets a refusal by the library.
	client.on('request', (_accept, reject) => reject?.());
}

const knockOf = ({username: name, key}: PublicKeyAuthContext, address: string): Knock => ({
	...{name, address, blob: key.data, at: Date.now()},
});

/** The library takes some signatures apart and not others: a key that cannot read one says no. */
function isSignedBy(key: AuthorizedKey, {blob, signature, hashAlgo}: PublicKeyAuthContext): boolean {
	return blob !== undefined && signature !== undefined && key.verify(blob, signature, hashAlgo);
}
