// Waits for tasks of a server, all by one stream of events, and hands on what is said of each.
import {type Patience, untilItGoesWell} from '../../../client/backoff.ts';
import type {Connection} from '../../../client/connection.ts';
import {hasEnded, type ServerEvent, type ServerMessage, type TaskView} from '../../../client/messages.ts';
import {readEvents, type StreamState} from '../../../client/read-events.ts';

interface FollowedTask {
	readonly onEvent: (event: ServerEvent) => void;
	readonly resolve: (task: TaskView) => void;
	readonly reject: (error: unknown) => void;
}

export class TaskFollower {
	readonly #connection: Connection;
	readonly #patience: Patience;
	readonly #tasks = new Map<string, FollowedTask>();
	readonly #controller = new AbortController();
	/** Why nothing can be followed any more. */
	#failure: {readonly error: unknown} | null = null;

	/** @param patience - Its signal ends all waiting. */
	constructor(connection: Connection, patience: Patience, onState: (state: StreamState) => void) {
		this.#connection = connection;
		this.#patience = patience;
		void this.#read(onState);
	}

	/**
	Resolves with the task when it has ended.

	@throws {ClientError}
	*/
	async untilEnded(id: string, onEvent: FollowedTask['onEvent']): Promise<TaskView> {
		if (this.#failure !== null) throw this.#failure.error;
		const {promise, resolve, reject} = Promise.withResolvers<TaskView>();
		// What goes wrong while it is looked at below is thrown there.
		promise.catch(() => {});
		this.#tasks.set(id, {onEvent, resolve, reject});
		try {
			// It may have ended before anybody listened.
			await this.#look(id);
			return await promise;
		} finally {
			this.#tasks.delete(id);
		}
	}

	close(): void {
		this.#controller.abort();
	}

	async #read(onState: (state: StreamState) => void): Promise<void> {
		const {signal = this.#controller.signal, backoff} = this.#patience;
		const stop = AbortSignal.any([signal, this.#controller.signal]);
		try {
			const options = {connection: this.#connection, signal: stop, onState, ...(backoff !== undefined && {backoff})};
			for await (const message of readEvents(options)) await this.#take(message);
			this.#fail(stop.reason);
		} catch (error) {
			this.#fail(error);
		}
	}

	async #take(message: ServerMessage): Promise<void> {
		if (message.type === 'event') {
			const {event} = message;
			const task = event.runId === undefined ? undefined : this.#tasks.get(event.runId);
			if (task === undefined || event.runId === undefined) return;
			if (event.type === 'run-completed') await this.#look(event.runId);
			else task.onEvent(event);
			return;
		}
		// How things are now says nothing of tasks that are older than those it lists.
		if (message.type === 'snapshot' && message.isComplete)
			for (const id of [...this.#tasks.keys()]) await this.#look(id);
	}

	async #look(id: string): Promise<void> {
		const path = `/api/v1/run/${encodeURIComponent(id)}`;
		const {signal} = this.#patience;
		const {body} = await untilItGoesWell(() => this.#connection.ask<TaskView>('GET', path, {signal}), this.#patience);
		if (hasEnded(body)) this.#tasks.get(id)?.resolve(body);
	}

	#fail(error: unknown): void {
		this.#failure = {error};
		for (const {reject} of this.#tasks.values()) reject(error);
	}
}
