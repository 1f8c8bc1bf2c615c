// The rows of the list, for all views: read page by page, then followed. Views hear of changes at most ten times a second.
import {useSyncExternalStore} from 'react';
import type {EventBlock} from '../../client/event-blocks.ts';
import {ask, reasonOf} from '../api/ask.ts';
import type {FileAnswer, TaskAnswer} from '../api/types.ts';
import type {LinkState} from '../live/event-stream.ts';
import {followTogether} from '../live/shared-stream.ts';
import {endSession} from '../session/session.ts';
import {type FileRow, FileRows, type ServerEvent} from './file-rows.ts';

export interface StoreState {
	/** Counted up with each change. */
	readonly version: number;
	/** What has changed since the version before. */
	readonly changed: ReadonlySet<string>;
	readonly link: LinkState;
	readonly isLoading: boolean;
	/** Why the list could not be read; `null`: it was. */
	readonly fault: string | null;
	/** There are more files than are listed. */
	readonly isCut: boolean;
	/** What has ended since the page was opened. */
	readonly ended: {readonly done: number; readonly failed: number};
}

const PAGE = 1000;
const MOST_FILES = 100_000;
const SPACING_MS = 100;

export class FileStore {
	readonly rows = new FileRows();
	readonly #listeners = new Set<() => void>();
	readonly #listensToEvents = new Set<(event: ServerEvent) => void>();
	#state: StoreState = {
		...{version: 0, changed: new Set(), link: 'connecting', isLoading: true, fault: null, isCut: false},
		ended: {done: 0, failed: 0},
	};
	#pending = new Set<string>();
	#timer: ReturnType<typeof setTimeout> | null = null;
	#stop: (() => void) | null = null;
	/** What is told before the list is there has ended before that. */
	#hasLoaded = false;
	#loading: AbortController | null = null;

	getState = (): StoreState => this.#state;

	subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	onEvent(listener: (event: ServerEvent) => void): () => void {
		this.#listensToEvents.add(listener);
		return () => this.#listensToEvents.delete(listener);
	}

	/** Follows first, and reads the list then, so nothing is missed between them. */
	open(): void {
		this.#stop ??= followTogether({
			onBlocks: blocks => this.#take(blocks),
			onState: link => this.#set({link}),
			onSignedOut: endSession,
		});
		void this.load();
	}

	close(): void {
		this.#stop?.();
		this.#stop = null;
		this.#loading?.abort();
		this.rows.clear();
		this.#hasLoaded = false;
		this.#set({version: this.#state.version + 1, isLoading: true, fault: null});
	}

	async load(): Promise<void> {
		this.#loading?.abort();
		const loading = new AbortController();
		this.#loading = loading;
		this.#set({isLoading: true, fault: null});
		try {
			let cursor: string | null = null;
			do {
				const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
				const page: {readonly files: readonly FileAnswer[]; readonly next_cursor: string | null} = await ask(
					'GET',
					`/api/v1/files?limit=${PAGE}${query}`,
					{signal: loading.signal},
				);
				for (const file of page.files) this.#note(this.rows.takeAnswer(file));
				cursor = page.next_cursor;
			} while (cursor !== null && this.rows.size < MOST_FILES);
			this.#hasLoaded = true;
			this.#set({isLoading: false, isCut: cursor !== null});
		} catch (error) {
			if (!loading.signal.aborted) this.#set({isLoading: false, fault: reasonOf(error)});
		}
	}

	/** Asks for what events have not told. */
	async complete(id: string): Promise<void> {
		try {
			this.#note(this.rows.takeAnswer(await ask<FileAnswer>('GET', `/api/v1/files/${id}`)));
		} catch {
			// It may be gone, and then an event says so.
		}
	}

	takeTask(task: TaskAnswer): void {
		this.#note(this.rows.takeTask(task));
	}

	remove(id: string): void {
		if (this.rows.remove(id)) this.#note(id);
	}

	#take(blocks: readonly EventBlock[]): void {
		for (const {name, data} of blocks) {
			const event = parse(data);
			if (event === null) continue;
			if (name === 'reset') void this.load();
			else if (name === 'snapshot') {
				for (const task of event.tasks as readonly TaskAnswer[]) this.#note(this.rows.takeTask(task));
			} else {
				const id = this.rows.takeEvent(event);
				this.#note(id);
				if (id !== null && this.#hasLoaded) this.#countEnd(event);
			}
			for (const listener of this.#listensToEvents) listener(event);
		}
	}

	/** Of a file that is known, and that has not been told of yet. */
	#countEnd({type}: ServerEvent): void {
		if (type !== 'file-completed' && type !== 'file-failed') return;
		const {done, failed} = this.#state.ended;
		const ended = type === 'file-completed' ? {done: done + 1, failed} : {done, failed: failed + 1};
		this.#state = {...this.#state, ended};
	}

	#note(id: string | null): void {
		if (id === null) return;
		this.#pending.add(id);
		if (this.#timer !== null) return;
		this.#timer = setTimeout(() => {
			this.#timer = null;
			const changed = this.#pending;
			this.#pending = new Set();
			this.#set({version: this.#state.version + 1, changed});
		}, SPACING_MS);
	}

	#set(change: Partial<StoreState>): void {
		this.#state = {...this.#state, ...change};
		for (const listener of this.#listeners) listener();
	}
}

function parse(data: string): ServerEvent | null {
	try {
		return JSON.parse(data) as ServerEvent;
	} catch {
		return null;
	}
}

export const fileStore = new FileStore();

export const useFileState = <Value>(select: (state: StoreState) => Value): Value =>
	useSyncExternalStore(fileStore.subscribe, () => select(fileStore.getState()));

export const useFileRow = (id: string): FileRow | undefined =>
	useSyncExternalStore(fileStore.subscribe, () => fileStore.rows.get(id));
