// One session of a connection: a terminal and the dashboard on it, or one command.
import {AsyncLocalStorage, AsyncResource} from 'node:async_hooks';
import {once} from 'node:events';
import type {Socket} from 'node:net';
import type {Writable} from 'node:stream';
import type {ServerChannel, Session, SFTPWrapper} from 'ssh2';
import {ChannelTerminal, type TerminalSize, toSize} from './channel-terminal.ts';
import type {Visitor} from './log-in.ts';
import {isRsync} from './rsync/read-request.ts';
import {tellBeside} from './sftp/beside-sftp.ts';
import {serveSftp} from './sftp/serve-sftp.ts';
import type {SftpTree} from './sftp/tree.ts';
import type {SshServerOptions} from './ssh-server.ts';

export interface SessionContext {
	readonly visitor: Visitor;
	/** What the client has set, as far as it may, and what is known of its terminal. */
	readonly env: Readonly<Record<string, string>>;
	/** Aborted when the session is to end: the server ends, or the client has gone. */
	readonly signal: AbortSignal;
	/** Called when somebody does something, or waits for it. */
	readonly isBusy: () => void;
}

/** The first two resolve with an exit code. What they throw ends this session alone. */
export interface SessionHandlers {
	readonly shell: (terminal: ChannelTerminal, context: SessionContext) => Promise<number>;
	/** @param hasTerminal - Whether a person sees what is written. */
	readonly exec: (words: string, channel: ServerChannel, context: SessionContext) => Promise<number>;
	/**
	What a client of SFTP sees.

	@param tell - Called with what people should read.
	*/
	readonly files: (context: SessionContext, tell: (sentence: string) => void) => SftpTree;
}

export interface SessionParts {
	readonly visitor: Visitor;
	readonly socket: Socket;
	readonly address: string;
	/** Aborted when it is to end, with a sentence for the person in front of it. */
	readonly leaving: AbortSignal;
	/** Aborted when the connection has ended. */
	readonly ended: AbortSignal;
	readonly isBusy: SessionContext['isBusy'];
}

/** What says how a person wants to see things; nothing that a program would run by. */
const VARIABLES =
	/^(?:LANG|LC_(?:ALL|CTYPE)|COLORTERM|COLORFGBG|NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|TZ|TERM_PROGRAM|TMUX|FILEPROC_(?:THEME|FPS|KEYS|ASCII|MOUSE|FILTER|BACKGROUND|NOTIFY|TITLE))$/;
/** Whoever waits for a command is not idle. */
const BUSY_MS = 60_000;
const MAX_VARIABLES = 30;
const MAX_VALUE = 1000;
const FAULT_CODE = 70;
const USAGE_CODE = 2;

/** The session that code runs for, which what it throws later belongs to. */
const faults = new AsyncLocalStorage<(error: unknown) => void>();

/** @returns Whether the error is that of a session, which ends for it. */
export function endSessionOf(error: unknown): boolean {
	const end = faults.getStore();
	end?.(error);
	return end !== undefined;
}

/** Resolves when it has ended. */
export function serveSession(session: Session, parts: SessionParts, options: SshServerOptions): Promise<void> {
	const env: Record<string, string> = {SSH_CONNECTION: `${parts.address} 0 server 0`};
	const done = Promise.withResolvers<void>();
	let size: TerminalSize | null = null;
	let terminal: ChannelTerminal | null = null;
	let hasBegun = false;
	const begin = (channel: ServerChannel, perform: (context: SessionContext) => Promise<number>): void => {
		hasBegun = true;
		run(channel, perform, {env, ...parts}, options).then(done.resolve, done.reject);
	};
	session.on('pty', (accept, _reject, {term, cols, rows}) => {
		size = toSize(cols, rows);
		if (term !== '') env.TERM = term.slice(0, MAX_VALUE);
		accept?.();
	});
	session.on('env', (accept, reject, {key, val}) => {
		const isTaken = VARIABLES.test(key) && val.length <= MAX_VALUE && Object.keys(env).length < MAX_VARIABLES;
		if (isTaken) env[key] = val;
		(isTaken ? accept : reject)?.();
	});
	session.on('window-change', (accept, _reject, {cols, rows}) => {
		size = toSize(cols, rows);
		terminal?.output.resize(size);
		accept?.();
	});
	session.on('shell', (accept, reject) => {
		if (hasBegun) return reject();
		const channel = accept();
		begin(channel, context => {
			if (size === null) {
				channel.stderr.write('The dashboard needs a terminal: ssh -t. Or say what to do: ssh … help\r\n');
				return Promise.resolve(USAGE_CODE);
			}
			terminal = new ChannelTerminal(channel, parts.socket, size);
			terminal.input.on('data', parts.isBusy);
			return options.handlers.shell(terminal, context);
		});
	});
	session.on('exec', (accept, reject, {command}) => {
		if (hasBegun) return reject();
		const channel = accept();
		begin(channel, context => {
			// rsync waits for nothing but its own other end, and says itself when something comes.
			if (isRsync(command)) return options.handlers.exec(command, channel, context);
			const busy = setInterval(parts.isBusy, Math.min(BUSY_MS, options.limits.idleMs / 2));
			return options.handlers.exec(command, channel, context).finally(() => clearInterval(busy));
		});
	});
	session.on('sftp', (accept, reject) => {
		if (hasBegun) return reject();
		hasBegun = true;
		runSftp(accept(), {env, ...parts}, options).then(done.resolve, done.reject);
	});
	session.on('subsystem', (_accept, reject) => reject());
	session.on('close', () => {
		if (!hasBegun) done.resolve();
	});
	parts.ended.addEventListener('abort', () => {
		if (!hasBegun) done.resolve();
	});
	return done.promise;
}

async function runSftp(
	sftp: SFTPWrapper,
	{visitor, env, leaving, ended, isBusy}: RunParts,
	{handlers, onFault}: SshServerOptions,
): Promise<void> {
	const failed = new AbortController();
	const fail = (error: unknown): void => {
		onFault(error);
		failed.abort();
	};
	const signal = AbortSignal.any([leaving, ended, failed.signal]);
	const tell = (sentence: string): void => tellBeside(sftp, `fileproc-tui: ${sentence}\r\n`);
	leaving.addEventListener('abort', () => tell(String(leaving.reason)), {once: true, signal: ended});
	await faults.run(fail, async () => {
		const tree = handlers.files({visitor, env, signal, isBusy}, tell);
		await serveSftp(sftp, tree, {
			...{signal, tell, onAsked: isBusy, onFault: fail},
			within: AsyncResource.bind((perform: () => void) => perform()),
		});
	});
}

interface RunParts extends SessionParts {
	readonly env: Readonly<Record<string, string>>;
}

async function run(
	channel: ServerChannel,
	perform: (context: SessionContext) => Promise<number>,
	{visitor, env, leaving, ended, isBusy}: RunParts,
	{onFault}: SshServerOptions,
): Promise<void> {
	const fault = Promise.withResolvers<number>();
	const [failed, closed] = [new AbortController(), new AbortController()];
	channel.once('close', () => closed.abort());
	// What is said behind the end of a client that has gone is an error of the stream that it is written to.
	for (const stream of [channel, channel.stderr]) stream.on('error', () => closed.abort());
	const signal = AbortSignal.any([leaving, ended, closed.signal, failed.signal]);
	const fail = (error: unknown): void => {
		onFault(error);
		failed.abort();
		fault.resolve(FAULT_CODE);
	};
	let code = FAULT_CODE;
	try {
		code = await faults.run(fail, () => Promise.race([perform({visitor, env, signal, isBusy}), fault.promise]));
	} catch (error) {
		fail(error);
	}
	if (code === FAULT_CODE)
		channel.stderr.write('This session has failed, which is a bug; the server has noted it.\r\n');
	else if (leaving.aborted) channel.stderr.write(`fileproc-tui: ${String(leaving.reason)}\r\n`);
	const isOver = AbortSignal.any([ended, closed.signal]);
	// However slowly the client reads: behind the end, nothing more is sent.
	await Promise.all([untilSent(channel, isOver), untilSent(channel.stderr, isOver)]);
	channel.exit(code);
	channel.end();
	channel.close();
	// Unread input would hold back that the client has closed its side, which it does once all is on its terminal: a connection that ends before costs
	// what the client has not written yet, and the terminal stays on its other screen.
	channel.resume();
	if (!isOver.aborted) await once(isOver, 'abort');
}

/** Resolves when all that was written has been handed on, or there is nobody to hand it to. */
function untilSent(stream: Writable, isOver: AbortSignal): Promise<void> {
	if (isOver.aborted || stream.writableLength === 0) return Promise.resolve();
	return new Promise(resolve => {
		stream.write('', () => resolve());
		isOver.addEventListener('abort', () => resolve(), {once: true});
	});
}
