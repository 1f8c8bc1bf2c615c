// Listens for SSH, and limits who may knock: how many at once, how often, and for how long without a login.
import {createServer, type Server, type Socket} from 'node:net';
import ssh2, {type Connection} from 'ssh2';
import type {HostKey} from './host-key.ts';
import type {Login} from './log-in.ts';
import {CLOSE_MS, serveClient} from './serve-client.ts';
import type {SessionHandlers} from './serve-session.ts';
import {SshError} from './ssh-error.ts';

export interface SshLimits {
	/** Connections that somebody has logged in by. */
	readonly maxConnections: number;
	/** Of these, and of those without a login, from one address. */
	readonly maxPerAddress: number;
	/** Without a login. */
	readonly maxPending: number;
	/** So that no single machine keeps all others out. */
	readonly maxPendingPerAddress: number;
	/** To log in. */
	readonly loginMs: number;
	readonly maxAttempts: number;
	/** With no key pressed; an answer to a command that runs is waited for. */
	readonly idleMs: number;
	readonly totalMs: number;
}

export interface SshServerOptions {
	readonly host: string;
	readonly port: number;
	readonly hostKey: HostKey;
	readonly version: string;
	readonly limits: SshLimits;
	readonly logIn: Login;
	readonly handlers: SessionHandlers;
	/** Called with what goes wrong in one connection: it ends, and the others go on. */
	readonly onFault: (error: unknown) => void;
}

export interface RunningSshServer {
	readonly host: string;
	readonly port: number;
	/** How many have logged in. */
	readonly connectionCount: () => number;
	/** Ends all sessions in an orderly way, or by force after some seconds. */
	readonly close: () => Promise<void>;
}

/** A client that has gone without a word is noticed after three of them. */
const KEEPALIVE_MS = 10_000;

/** @throws {SshError} Where it cannot listen. */
export async function startSshServer(options: SshServerOptions): Promise<RunningSshServer> {
	const {hostKey, version, limits} = options;
	const leaving = new AbortController();
	/** The library makes its clients from sockets, and says of each whose it is by its address alone. */
	const sockets = new Map<string, Socket>();
	const pending = new Set<Socket>();
	const connected = new Set<Socket>();
	const ssh = new ssh2.Server(
		{
			hostKeys: [hostKey.text],
			ident: `fileproc-tui_${version}`,
			// By default the library unpacks what few bytes of the wire make very large; files may come compressed all the same, and rsync has a way of its own.
			algorithms: {compress: ['none']},
			keepaliveInterval: KEEPALIVE_MS,
			keepaliveCountMax: 2,
		},
		(client: Connection, info) => {
			const socket = sockets.get(keyOf(info.ip, info.port));
			if (socket === undefined) return;
			serveClient({client, socket, address: info.ip}, options, leaving.signal, () => {
				if (connected.size >= limits.maxConnections) return false;
				pending.delete(socket);
				connected.add(socket);
				return true;
			});
		},
	);
	ssh.on('error', options.onFault);
	const server = createServer({noDelay: true}, socket => {
		const {remoteAddress = '', remotePort = 0} = socket;
		const countOf = (others: ReadonlySet<Socket>): number =>
			[...others].filter(other => other.remoteAddress === remoteAddress).length;
		const isTooMany =
			pending.size >= limits.maxPending ||
			countOf(pending) >= limits.maxPendingPerAddress ||
			countOf(pending) + countOf(connected) >= limits.maxPerAddress;
		if (leaving.signal.aborted || isTooMany) {
			socket.destroy();
			return;
		}
		const key = keyOf(remoteAddress, remotePort);
		sockets.set(key, socket);
		pending.add(socket);
		const overdue = setTimeout(() => {
			if (pending.has(socket)) socket.destroy();
		}, limits.loginMs);
		socket.on('error', () => {});
		socket.once('close', () => {
			clearTimeout(overdue);
			sockets.delete(key);
			pending.delete(socket);
			connected.delete(socket);
		});
		ssh.injectSocket(socket);
	});
	const port = await listen(server, options);
	return {
		host: options.host,
		port,
		connectionCount: () => connected.size,
		async close() {
			const closed = new Promise<void>(resolve => server.close(() => resolve()));
			leaving.abort();
			for (const socket of pending) socket.destroy();
			const overdue = setTimeout(() => {
				for (const socket of connected) socket.destroy();
			}, CLOSE_MS);
			await closed;
			clearTimeout(overdue);
		},
	};
}

const keyOf = (address: string, port: number): string => `${address} ${port}`;

function listen(server: Server, {host, port}: SshServerOptions): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) => {
			const reason =
				error.code === 'EADDRINUSE' ? 'it is in use by another process, so choose another port' : error.message;
			reject(new SshError(`--ssh cannot listen on ${host}:${port}: ${reason}.`));
		});
		server.listen({host, port}, () => {
			const address = server.address();
			resolve(typeof address === 'object' && address !== null ? address.port : port);
		});
	});
}
