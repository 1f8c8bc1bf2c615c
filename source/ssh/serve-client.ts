// One connection: its login, and the sessions that it opens. What goes wrong in it ends it alone.
import type {Socket} from 'node:net';
import type {AuthContext, Connection} from 'ssh2';
import {createLogins, type Visitor} from './log-in.ts';
import {serveSession} from './serve-session.ts';
import type {SshServerOptions} from './ssh-server.ts';

export interface ClientParts {
	readonly client: Connection;
	readonly socket: Socket;
	readonly address: string;
}

/** So many sessions of one connection at once, as OpenSSH allows. */
const MAX_SESSIONS = 10;
/** Longer ones end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Until sessions that do not end are cut off: a client that is stopped would hold up the end of the server, of which this is a part. */
export const CLOSE_MS = 1500;

/** @param admit - Called once somebody has logged in; `false`: there are too many already. */
export function serveClient(
	{client, socket, address: rawAddress}: ClientParts,
	options: SshServerOptions,
	leaving: AbortSignal,
	admit: () => boolean,
): void {
	const {limits, onFault} = options;
	// IPv4 comes as a part of IPv6 where both are listened on.
	const address = rawAddress.replace(/^::ffff:(?=\d+\.)/, '');
	const ended = new AbortController();
	/** Its sessions are to end; the reason is a sentence for the people in front of them. */
	const parting = new AbortController();
	const sessions = new Set<Promise<void>>();
	let visitor: Visitor | null = null;
	const part = (reason: string): void => {
		if (parting.signal.aborted || ended.signal.aborted) return;
		parting.abort(reason);
		const overdue = setTimeout(() => socket.destroy(), CLOSE_MS);
		ended.signal.addEventListener('abort', () => clearTimeout(overdue), {once: true});
		Promise.allSettled(sessions).then(() => client.end());
	};
	client.on('error', () => socket.destroy());
	client.on('close', () => ended.abort());
	socket.once('close', () => ended.abort());
	// What has come whole is still taken.
	ended.signal.addEventListener('abort', () => void Promise.allSettled(sessions).then(() => visitor?.end()), {
		once: true,
	});
	leaving.addEventListener('abort', () => part('The server ends.'), {once: true, signal: ended.signal});

	letIn(client, {options, address, refuse: () => socket.destroy()}, found => {
		if (visitor !== null || ended.signal.aborted || parting.signal.aborted || !admit()) return false;
		visitor = found;
		found.ended.addEventListener('abort', () => part('You may not be here any more: ask who runs the server.'), {
			...{once: true, signal: ended.signal},
		});
		return true;
	});

	let idle: NodeJS.Timeout | undefined;
	const isBusy = (): void => void idle?.refresh();
	client.on('ready', () => {
		const total = setTimeout(
			() => part('It has lasted as long as a login may.'),
			Math.min(limits.totalMs, MAX_TIMER_MS),
		);
		idle = setTimeout(() => part('No key was pressed for too long.'), Math.min(limits.idleMs, MAX_TIMER_MS));
		ended.signal.addEventListener('abort', () => {
			clearTimeout(total);
			clearTimeout(idle);
		});
	});
	client.on('session', (accept, reject) => {
		if (visitor === null || parting.signal.aborted || sessions.size >= MAX_SESSIONS) {
			reject();
			return;
		}
		const parts = {visitor, socket, address, leaving: parting.signal, ended: ended.signal, isBusy};
		const session = serveSession(accept(), parts, options);
		sessions.add(session);
		session.then(
			() => sessions.delete(session),
			(error: unknown) => {
				sessions.delete(session);
				onFault(error);
			},
		);
	});
	// Nothing is forwarded: who asks for it gets a refusal by the library.
	client.on('request', (_accept, reject) => reject?.());
}

interface Door {
	readonly options: SshServerOptions;
	readonly address: string;
	/** Ends the connection. */
	readonly refuse: () => void;
}

/** @param take - `false`: somebody has shown who they are, but does not come in. */
function letIn(client: Connection, {options, address, refuse}: Door, take: (visitor: Visitor) => boolean): void {
	const {limits, logIn, onFault} = options;
	const {methods, attempt} = createLogins(logIn, address);
	let attempts = 0;
	const authenticate = async (context: AuthContext): Promise<void> => {
		const found = await attempt(context);
		if (found === 'known') return context.accept();
		if (found === null) {
			if (context.method !== 'none' && ++attempts >= limits.maxAttempts) refuse();
			else context.reject([...methods]);
		} else if (take(found)) context.accept();
		else {
			found.end();
			refuse();
		}
	};
	client.on('authentication', context => {
		authenticate(context).catch((error: unknown) => {
			onFault(error);
			refuse();
		});
	});
}
