// The second backend of a run: its files are read by workers on other machines, and what they came to is merged here, as from threads. What
// only this process can read, standard input for example, its own threads read.
import type {
	FilesOfGroup,
	GroupClient,
	JobBackend,
	RunningGroup,
	RunningTask,
	WorkerTask,
} from '../engine/backend/job-backend.ts';
import {isSendable} from '../engine/shared/source-location.ts';
import type {Coordinator} from './coordinator.ts';
import {startCutFile} from './cut-file.ts';
import {mayBeCut} from './file-spans.ts';
import {absolute, areSendable} from './messages.ts';
import {SentGroup} from './sent-group.ts';
import {startWholeFile} from './whole-file.ts';

/** A worker that was told to abort and has not answered by then does not hear. */
const ABORT_GRACE_MS = 1500;

export class ClusterBackend implements JobBackend {
	readonly #coordinator: Coordinator;
	readonly #local: JobBackend;
	readonly #closing = new AbortController();
	readonly #running = new Set<{
		readonly abort: () => void;
		readonly kill: () => void;
		readonly ended: Promise<unknown>;
	}>();

	/** @param local - For what only this process can read. */
	constructor(coordinator: Coordinator, local: JobBackend) {
		this.#coordinator = coordinator;
		this.#local = local;
	}

	readonly start = async (task: WorkerTask, signal: AbortSignal): Promise<RunningTask | null> => {
		const {source, settings} = task;
		if (!isSendable(source) || !areSendable(settings)) return this.#local.start(task, signal);
		const ending = AbortSignal.any([signal, this.#closing.signal]);
		if (ending.aborted) return null;
		const sent = {...task, source: absolute(source)};
		const running = mayBeCut(sent)
			? await startCutFile(this.#coordinator, sent, ending)
			: await startWholeFile(this.#coordinator, sent, ending);
		if (running === null) return null;
		this.#follow({abort: () => running.direct('abort'), kill: running.kill, ended: running.outcome});
		if (this.#closing.signal.aborted) running.direct('abort');
		return running;
	};

	readonly startGroup = async (client: GroupClient): Promise<RunningGroup | null> => {
		await this.#coordinator.untilRoom(this.#closing.signal);
		const files = this.#closing.signal.aborted ? {sources: [], settings: null} : client.choose();
		const {sources, settings} = files;
		if (sources.length === 0 || settings === null) return null;
		if (!sources.every(isSendable) || !areSendable(settings)) return this.#startHere(client, files);
		const group = new SentGroup(this.#coordinator, {sources: sources.map(absolute), settings}, client);
		this.#follow({abort: () => group.abortAll(sources.length), kill: group.kill, ended: group.ended});
		client.onStart(group);
		return group;
	};

	/** What goes into its tables is decided by all workers together nowhere: they come with all groups. */
	readonly giveUpGroups = (analysis: string): void => this.#local.giveUpGroups(analysis);

	readonly setFilesInFlight = (count: number): void => this.#local.setFilesInFlight(count);

	readonly close = async (): Promise<void> => {
		this.#closing.abort();
		const running = [...this.#running];
		for (const {abort} of running) abort();
		const timer = setTimeout(() => {
			for (const {kill} of this.#running) kill();
		}, ABORT_GRACE_MS);
		await Promise.all([Promise.allSettled(running.map(({ended}) => ended)), this.#local.close()]);
		clearTimeout(timer);
	};

	async #startHere(client: GroupClient, files: FilesOfGroup): Promise<RunningGroup | null> {
		return (await this.#local.startGroup?.({...client, choose: () => files})) ?? null;
	}

	#follow(running: {readonly abort: () => void; readonly kill: () => void; readonly ended: Promise<unknown>}): void {
		this.#running.add(running);
		const remove = (): void => void this.#running.delete(running);
		// Why it has failed is told to who waits for it.
		void running.ended.then(remove, remove);
	}
}
