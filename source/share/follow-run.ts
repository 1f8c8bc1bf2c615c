// Follows a run that runs elsewhere: its state as a store that the dashboard can show, and its control.
import type {Connection, ConnectionState} from '../model/connection.ts';
import type {FileAddress} from '../model/file-address.ts';
import type {RunCommand} from '../model/run-command.ts';
import {performWith} from '../model/run-command.ts';
import type {RunControl} from '../model/run-control.ts';
import type {RunState} from '../store/state.ts';
import type {ShownStore} from '../store/store.ts';
import type {About, Answers, RunMessage, ViewerMessage, Welcome} from './messages.ts';
import {type LinkEnd, RunLink} from './run-link.ts';
import {RunMirror} from './run-mirror.ts';

export interface FollowOptions {
	/** `ws://127.0.0.1:8001`, or `ws+unix:` and the path of a socket. */
	readonly url: string;
	/** Of this program. */
	readonly version: string;
	/** Called with what people should read. */
	readonly onMessage: (message: string) => void;
	/** A run that says nothing for so long is lost. Default: three times as long as it takes to give a sign of life. */
	readonly silenceMs?: number;
	/** At most so long it waits before it connects again, then twice as long, and so on. Default: half a second. */
	readonly firstWaitMs?: number;
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
const SILENCE_MS = 45_000;

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
	#link: RunLink | null = null;
	#connection: ConnectionState = 'connecting';
	readonly #stateListeners = new Set<() => void>();
	readonly #connectionListeners = new Set<() => void>();
	readonly #answers = new Map<number, (value: Answers[About]) => void>();
	#nextId = 1;
	/** Since there was a connection last. */
	readonly #toldFaults = new Set<string>();
	#waitMs: number;
	#isClosed = false;
	#retry: NodeJS.Timeout | undefined;
	/** When the last frame came, on the clock of this process. */
	#frameAtMs = performance.now();
	/** The frames of a new connection begin anew: what is shown stays until the first one has come. */
	#isFresh = true;
	readonly #whole = Promise.withResolvers<void>();

	constructor(options: FollowOptions) {
		this.#options = options;
		this.#waitMs = this.#firstWaitMs;
	}

	get #firstWaitMs(): number {
		return this.#options.firstWaitMs ?? FIRST_WAIT_MS;
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
		this.#link?.end({reason: 'It is left', isFinal: true});
	}

	/** Resolves when it has been welcomed and the first frame has come. */
	connect(): Promise<Welcome> {
		const {promise, resolve, reject} = Promise.withResolvers<Welcome>();
		let welcome: Welcome | null = null;
		this.#isFresh = true;
		const link = new RunLink({
			...{url: this.#options.url, silenceMs: this.#options.silenceMs ?? SILENCE_MS},
			onMessage: message => {
				if (message.type === 'welcome') {
					welcome = message;
					const {version} = message;
					if (version !== this.#options.version)
						link.end({reason: describeVersions(version, this.#options.version), isFinal: true});
					return;
				}
				this.#handle(message);
				if (welcome !== null && message.type === 'frame') resolve(welcome);
			},
			onEnd: end => {
				reject(new FollowError(end.reason));
				this.#lose(end);
			},
		});
		this.#link = link;
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
		if (message.type === 'refusal') {
			this.#options.onMessage(message.message);
			if (message.id !== undefined) this.#answers.get(message.id)?.(null);
		} else if (message.type === 'answer') this.#answers.get(message.id)?.(message.value);
		else {
			if (this.#isFresh) this.#mirror.reset();
			this.#isFresh = false;
			const wasEnded = this.state.phase === 'ended';
			this.#mirror.apply(message);
			this.#frameAtMs = performance.now();
			this.#send({type: 'taken', frame: message.number});
			this.#waitMs = this.#firstWaitMs;
			this.#toldFaults.clear();
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
		if (this.#link?.send(message) === true) return;
		if (message.type === 'perform') this.#options.onMessage('Not connected: try again when the connection is back');
	}

	#lose({reason, isFinal}: LinkEnd): void {
		if (this.#isClosed) return;
		for (const answer of this.#answers.values()) answer(null);
		// Whoever began to follow is told of it by an error.
		if (this.#connection === 'connecting') return;
		// A run that has ended is not waited for.
		if (this.state.phase === 'ended') {
			this.#setConnection('ended');
			return;
		}
		this.#tellFault(isFinal ? reason : `${reason}: it is tried again`);
		this.#setConnection(isFinal ? 'given-up' : 'lost');
		if (isFinal) return;
		this.#retry = setTimeout(() => {
			// What is wrong has been said by then.
			this.connect().catch(() => {});
		}, Math.random() * this.#waitMs);
		this.#waitMs = Math.min(MAX_WAIT_MS, this.#waitMs * 2);
	}

	/** Each once, until there is a connection again. */
	#tellFault(fault: string): void {
		if (this.#toldFaults.has(fault)) return;
		this.#toldFaults.add(fault);
		this.#options.onMessage(fault);
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
