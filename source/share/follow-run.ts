// Follows a run that runs elsewhere: its state as a store that the dashboard can show, and its control.
import {WebSocket} from 'ws';
import type {Connection, ConnectionState} from '../model/connection.ts';
import type {FileAddress} from '../model/file-address.ts';
import type {RunCommand} from '../model/run-command.ts';
import {performWith} from '../model/run-command.ts';
import type {RunControl} from '../model/run-control.ts';
import type {RunState} from '../store/state.ts';
import type {ShownStore} from '../store/store.ts';
import {type About, type Answers, type RunMessage, SUBPROTOCOL, type ViewerMessage, type Welcome} from './messages.ts';
import {RunMirror} from './run-mirror.ts';

export interface FollowOptions {
	/** `ws://127.0.0.1:8001`, or `ws+unix:` and the path of a socket. */
	readonly url: string;
	/** Of this program. */
	readonly version: string;
	/** Called with what people should read. */
	readonly onMessage: (message: string) => void;
}

export interface FollowedElsewhere {
	readonly store: ShownStore;
	readonly control: RunControl;
	readonly welcome: Welcome;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	readonly connection: Connection;
	/** Resolves when all files have come that there are. */
	readonly whole: Promise<void>;
	readonly close: () => void;
}

/** It cannot be followed at all. */
export class FollowError extends Error {
	override readonly name = 'FollowError';
}

const [FIRST_WAIT_MS, MAX_WAIT_MS] = [500, 10_000];
const ANSWER_MS = 10_000;
const GREETING_MS = 10_000;
/** Messages are small, but for the results of a run with many groups. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** @throws {FollowError} Where nobody listens there, or it is no run that this program can follow. */
export async function followRun(options: FollowOptions): Promise<FollowedElsewhere> {
	const following = new Following(options);
	const welcome = await following.connect();
	return {
		store: {getSnapshot: () => following.state, subscribe: listener => following.onState(listener)},
		control: following.control(welcome.mayControl),
		welcome,
		now: () => following.now(),
		connection: {get: () => following.connection, subscribe: listener => following.onConnection(listener)},
		whole: following.whole,
		close: () => following.close(),
	};
}

class Following {
	readonly #options: FollowOptions;
	readonly #mirror = new RunMirror();
	#socket: WebSocket | null = null;
	#connection: ConnectionState = 'connecting';
	readonly #stateListeners = new Set<() => void>();
	readonly #connectionListeners = new Set<() => void>();
	readonly #answers = new Map<number, (value: Answers[About]) => void>();
	#nextId = 1;
	#waitMs = FIRST_WAIT_MS;
	#isClosed = false;
	#retry: NodeJS.Timeout | undefined;
	/** When the last frame came, on the clock of this process. */
	#frameAtMs = performance.now();
	/** The frames of a new connection begin anew: what is shown stays until the first one has come. */
	#isFresh = true;
	readonly #whole = Promise.withResolvers<void>();

	constructor(options: FollowOptions) {
		this.#options = options;
	}

	get state(): RunState {
		return this.#mirror.state;
	}

	get connection(): ConnectionState {
		return this.#connection;
	}

	get whole(): Promise<void> {
		return this.#whole.promise;
	}

	onState(listener: () => void): () => void {
		this.#stateListeners.add(listener);
		return () => this.#stateListeners.delete(listener);
	}

	onConnection(listener: () => void): () => void {
		this.#connectionListeners.add(listener);
		return () => this.#connectionListeners.delete(listener);
	}

	/** The clock of the run goes on between frames. */
	now(): number {
		const {elapsedMs, phase} = this.state;
		return phase === 'running' ? elapsedMs + (performance.now() - this.#frameAtMs) : elapsedMs;
	}

	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#retry);
		this.#socket?.terminate();
	}

	/** Resolves when it has been welcomed and the first frame has come. */
	connect(): Promise<Welcome> {
		const {promise, resolve, reject} = Promise.withResolvers<Welcome>();
		const socket = new WebSocket(this.#options.url, SUBPROTOCOL, {
			...{perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES, handshakeTimeout: GREETING_MS},
			followRedirects: false,
		});
		this.#socket = socket;
		this.#isFresh = true;
		let welcome: Welcome | null = null;
		const give = (message: RunMessage): void => {
			if (message.type === 'welcome') {
				if (message.version !== this.#options.version) {
					reject(new FollowError(describeVersions(message.version, this.#options.version)));
					socket.terminate();
				}
				welcome = message;
				return;
			}
			this.#handle(message);
			if (welcome !== null && message.type === 'frame') resolve(welcome);
		};
		socket.on('message', data => give(JSON.parse(String(data)) as RunMessage));
		socket.on('error', (error: NodeJS.ErrnoException) => reject(new FollowError(describeFault(error))));
		socket.on('close', (_code, reason) => {
			reject(new FollowError(String(reason) || 'The run has closed the connection'));
			this.#lose();
		});
		return promise;
	}

	control(mayControl: boolean): RunControl {
		const send = (command: RunCommand): void => this.#send({type: 'perform', command});
		return {
			perform: performWith({
				...{pause: send, resume: send, stop: send, 'pause-file': send, 'resume-file': send, 'cancel-file': send},
				// How many it has taken is in its events.
				'retry-files': command => {
					send(command);
					return {fileCount: command.files.length};
				},
				'retry-claims': async () => ({fileCount: 0}),
				'set-concurrency': command => {
					if (mayControl) send(command);
					return {concurrency: command.concurrency};
				},
			}),
			inspectFile: (file, jobId) => this.#ask('inspection', {file, ...(jobId !== undefined && {jobId})}),
			inspectRun: () => this.#ask('results'),
			loadReport: address => this.#loadReport(address),
			isElsewhere: true,
		};
	}

	#handle(message: Exclude<RunMessage, Welcome>): void {
		if (message.type === 'refusal') this.#options.onMessage(message.message);
		else if (message.type === 'answer') {
			this.#answers.get(message.id)?.(message.value);
			this.#answers.delete(message.id);
		} else {
			if (this.#isFresh) this.#mirror.reset();
			this.#isFresh = false;
			const wasEnded = this.state.phase === 'ended';
			this.#mirror.apply(message);
			this.#frameAtMs = performance.now();
			this.#send({type: 'taken', frame: message.number});
			this.#waitMs = FIRST_WAIT_MS;
			this.#setConnection('live');
			if (message.isPart !== true) this.#whole.resolve();
			if (this.state.phase === 'ended' && !wasEnded) void this.#loadResults();
			this.#tellState();
		}
	}

	async #loadReport(address: FileAddress): Promise<void> {
		const {file, jobId} = address;
		const report = await this.#ask('report', {file, ...(jobId !== undefined && {jobId})});
		if (report === null) return;
		this.#mirror.setReport(address, report);
		this.#tellState();
	}

	async #loadResults(): Promise<void> {
		const results = await this.#ask('results');
		if (results === null || this.state.phase !== 'ended') return;
		this.#mirror.setResults(results);
		this.#tellState();
	}

	/** `null` where no answer comes. */
	#ask<Key extends About>(about: Key, of: Partial<FileAddress> = {}): Promise<Answers[Key]> {
		const {promise, resolve} = Promise.withResolvers<Answers[Key]>();
		const id = this.#nextId++;
		const end = setTimeout(() => answer(null), ANSWER_MS);
		const answer = (value: Answers[About]): void => {
			clearTimeout(end);
			this.#answers.delete(id);
			resolve(value as Answers[Key]);
		};
		this.#answers.set(id, answer);
		this.#send({type: 'ask', id, about, ...of});
		return promise;
	}

	#send(message: ViewerMessage): void {
		if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
		else if (message.type === 'perform')
			this.#options.onMessage('Not connected: try again when the connection is back');
	}

	#lose(): void {
		if (this.#isClosed) return;
		for (const answer of this.#answers.values()) answer(null);
		// A run that has ended is not waited for.
		if (this.state.phase === 'ended') {
			this.#setConnection('ended');
			return;
		}
		if (this.#connection === 'connecting') return;
		this.#setConnection('lost');
		this.#retry = setTimeout(() => {
			this.connect().catch(() => {});
		}, Math.random() * this.#waitMs);
		this.#waitMs = Math.min(MAX_WAIT_MS, this.#waitMs * 2);
	}

	#setConnection(connection: ConnectionState): void {
		if (this.#connection === connection) return;
		this.#connection = connection;
		for (const listener of this.#connectionListeners) listener();
	}

	#tellState(): void {
		for (const listener of this.#stateListeners) listener();
	}
}

const describeVersions = (theirs: string, ours: string): string =>
	`The run is one of version ${theirs}, and this is ${ours}: follow it with the same version`;

function describeFault({code, message}: NodeJS.ErrnoException): string {
	if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'Nobody listens there: the run may have ended';
	if (code === 'ENOTFOUND') return 'There is no machine of this name';
	return message;
}
