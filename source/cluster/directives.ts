// What a run tells workers about its jobs: kept for as long as one may have the job, and published when it changes, one time after the other.
import {FORGET_AFTER_MS} from './heard.ts';
import type {JobDirective, RunBody} from './messages.ts';

interface OpenDirective {
	directive: JobDirective['directive'];
	isKilled: boolean;
	readonly cancelled: Set<number>;
}

export class Directives {
	readonly #open = new Map<string, OpenDirective>();
	/** Killed jobs that a worker may still have, by their tokens. */
	readonly #killed = new Map<string, OpenDirective>();
	readonly #id: string;
	readonly #tokenOf: (key: string) => string | null;
	readonly #publishBody: (body: RunBody) => Promise<void>;
	#beat = 0;
	#isPublishing = false;
	#mustPublish = false;
	#isClosed = false;
	/** Resolves when what was said last is published, or could not be. */
	published: Promise<void> = Promise.resolve();

	constructor(id: string, tokenOf: (key: string) => string | null, publishBody: (body: RunBody) => Promise<void>) {
		this.#id = id;
		this.#tokenOf = tokenOf;
		this.#publishBody = publishBody;
	}

	get isPending(): boolean {
		return this.#mustPublish || this.#isPublishing;
	}

	begin(key: string): void {
		this.#open.set(key, {directive: 'run', isKilled: false, cancelled: new Set()});
	}

	forget(key: string): void {
		this.#open.delete(key);
	}

	direct(key: string, directive: JobDirective['directive']): void {
		const open = this.#open.get(key);
		if (open === undefined || open.directive === 'abort') return;
		open.directive = directive;
		this.publish();
	}

	cancelFile(key: string, index: number): void {
		this.#open.get(key)?.cancelled.add(index);
		this.publish();
	}

	/** Nobody waits for this attempt any more, and a worker may have it all the same. */
	kill(key: string, token: string): void {
		const directive = this.#open.get(key);
		if (directive === undefined) return;
		directive.isKilled = true;
		this.#killed.set(token, directive);
		this.publish();
		setTimeout(() => this.#killed.delete(token), FORGET_AFTER_MS).unref();
	}

	publish(): void {
		this.#mustPublish = true;
		if (!this.#isPublishing) this.published = this.#publishNow().catch(() => {});
	}

	close(): void {
		this.#isClosed = true;
	}

	async #publishNow(): Promise<void> {
		this.#isPublishing = true;
		try {
			do {
				this.#mustPublish = false;
				await this.#publishBody({type: 'run', id: this.#id, beat: ++this.#beat, directives: this.#describe()});
			} while (this.#mustPublish && !this.#isClosed);
		} finally {
			this.#isPublishing = false;
		}
	}

	#describe(): readonly JobDirective[] {
		const open = Array.from(this.#open, ([key, directive]) => [this.#tokenOf(key), directive] as const);
		return [...open, ...this.#killed].flatMap(([token, {directive, isKilled, cancelled}]) =>
			token === null || (directive === 'run' && !isKilled && cancelled.size === 0)
				? []
				: [{token, directive, isKilled, cancelled: [...cancelled]}],
		);
	}
}
