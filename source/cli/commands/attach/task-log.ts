// What happens with the tasks of an account, as one state. The server is asked once for it, however many dashboards of this process show it: what comes is
// read and counted once, not by each of them.
import {AsyncResource} from 'node:async_hooks';
import {describeAnalyses} from '../../../analysis/registry.ts';
import {ClientError} from '../../../client/client-error.ts';
import type {Connection as Server} from '../../../client/connection.ts';
import {readEvents, type StreamState} from '../../../client/read-events.ts';
import {TasksAsRun} from '../../../client/tasks-as-run.ts';
import {version} from '../../../engine/version.ts';
import type {AnalysisInfo} from '../../../model/analysis-info.ts';
import type {RunEvent} from '../../../model/events.ts';
import type {FileAddress} from '../../../model/file-address.ts';
import type {FileReport} from '../../../model/report.ts';
import {createRunState, reduceInPlace} from '../../../store/reduce.ts';
import type {RunState} from '../../../store/state.ts';
import {createStore, type Store} from '../../../store/store.ts';
import {withReport} from '../../../store/with-report.ts';

/** What comes to the store: what happens, and what this side asks for. */
type StoreEvent =
	| RunEvent
	| {readonly type: 'forgotten'}
	| {readonly type: 'report-loaded'; readonly address: FileAddress; readonly report: FileReport};

/** One that shows it. */
export interface LogReader {
	readonly server: Server;
	readonly onState: (state: StreamState) => void;
	/** Called where the server does not let this one see anything (any more): the others go on. */
	readonly onRefused: (error: ClientError) => void;
}

/** With nothing coming for so long, all has come that there was. */
const QUIET_MS = 500;
/** Dashboards are painted at times of their own; those that are painted at about the same time show the same. */
const STATE_MS = 50;

export class TaskLog {
	readonly tasks: TasksAsRun;
	readonly store: Store<RunState, StoreEvent>;
	readonly analyses: readonly AnalysisInfo[] = describeAnalyses(null);
	/** Resolves when all has come that there is. */
	readonly whole: Promise<void>;
	readonly #quiet: NodeJS.Timeout;
	readonly #readers = new Set<Reader>();
	readonly #onUnread: () => void;
	/** The one by whose connection it comes, until that leaves. */
	#carrier: {readonly reader: Reader; readonly leaving: AbortController} | null = null;
	#state: StreamState = {name: 'connecting'};
	/** The last event that has come. */
	#place: string | null = null;
	#told = {atMs: performance.now(), elapsedMs: 0};

	/** @param onUnread - Called when nobody reads it any more: it is not to be joined again. */
	constructor(origin: string, onUnread: () => void = () => {}) {
		this.#onUnread = onUnread;
		const whole = Promise.withResolvers<void>();
		this.whole = whole.promise;
		// Nothing says where the past ends and the present begins.
		this.#quiet = setTimeout(() => whole.resolve(), QUIET_MS);
		this.store = createStore<RunState, StoreEvent>({
			initialState: createRunState(),
			reduce: applyAll,
			scheduleFrame: publish => setTimeout(publish, STATE_MS).unref(),
		});
		this.tasks = new TasksAsRun({
			...{origin, version, analyses: this.analyses},
			onReset: () => this.store.dispatch({type: 'forgotten'}),
			onEvent: event => {
				this.#told = {atMs: performance.now(), elapsedMs: event.elapsedMs};
				this.store.dispatch(event);
			},
		});
	}

	/** Milliseconds since the run began. */
	readonly now = (): number => this.#told.elapsedMs + (performance.now() - this.#told.atMs);

	/** @returns Call it when this one has gone. */
	join({server, onState, onRefused}: LogReader): () => void {
		// An error in a session must end this session alone, also where the connection of another one has read the event.
		const reader: Reader = {
			server,
			onState: AsyncResource.bind(onState),
			onRefused: AsyncResource.bind(onRefused),
			carry: AsyncResource.bind(() => this.#carryBy(reader)),
		};
		this.#readers.add(reader);
		if (this.#carrier === null) reader.carry();
		else reader.onState(this.#state);
		return () => {
			if (this.#readers.delete(reader)) this.#passOn(reader);
		};
	}

	/** The place is kept, so nothing is missed, and nothing comes twice. */
	#passOn(gone: Reader): void {
		if (this.#carrier?.reader !== gone) return;
		this.#carrier.leaving.abort();
		this.#carrier = null;
		const [next] = this.#readers;
		if (next !== undefined) next.carry();
		else {
			clearTimeout(this.#quiet);
			this.#onUnread();
		}
	}

	#carryBy(reader: Reader): void {
		const leaving = new AbortController();
		this.#carrier = {reader, leaving};
		this.#read(reader.server, leaving.signal).catch((error: unknown) => {
			if (!(error instanceof ClientError)) throw error;
			if (!this.#readers.delete(reader)) return;
			reader.onRefused(error);
			this.#passOn(reader);
		});
	}

	async #read(connection: Server, signal: AbortSignal): Promise<void> {
		const messages = readEvents({
			...{connection, signal, after: this.#place},
			onState: state => {
				// Another one carries it on: it is as live as before.
				if (!signal.aborted && !(state.name === 'connecting' && this.#state.name === 'live')) this.#become(state);
			},
		});
		for await (const message of messages) {
			// Somebody else reads on from here.
			if (signal.aborted) return;
			this.tasks.handle(message);
			if ('id' in message && message.id !== null) this.#place = message.id;
			this.#quiet.refresh();
		}
	}

	#become(state: StreamState): void {
		this.#state = state;
		if (state.name === 'live') this.tasks.beginWithNone();
		for (const {onState} of this.#readers) onState(state);
	}
}

/** Those of the accounts that somebody looks at now. */
export class TaskLogs {
	readonly #origin: string;
	readonly #byAccount = new Map<string, TaskLog>();

	constructor(origin: string) {
		this.#origin = origin;
	}

	/** To be joined at once: it is there as long as somebody reads it. */
	of(account: string): TaskLog {
		const known = this.#byAccount.get(account);
		if (known !== undefined) return known;
		const log = new TaskLog(this.#origin, () => this.#byAccount.delete(account));
		this.#byAccount.set(account, log);
		return log;
	}
}

interface Reader extends LogReader {
	/** Brings what comes to all. */
	readonly carry: () => void;
}

function applyAll(state: RunState, events: readonly StoreEvent[]): RunState {
	let next = state;
	let together: RunEvent[] = [];
	const flush = (): void => {
		next = reduceInPlace(next, together);
		together = [];
	};
	for (const event of events) {
		if (event.type !== 'forgotten' && event.type !== 'report-loaded') {
			together.push(event);
			continue;
		}
		flush();
		next = event.type === 'forgotten' ? createRunState() : withReport(next, event.address, event.report);
	}
	flush();
	return next;
}
