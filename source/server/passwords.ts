// Asks the thread that hashes passwords.
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import {problem} from './problem.ts';

export type ToPasswordThread =
	| {readonly type: 'hash'; readonly id: number; readonly password: string}
	/** `stored`: `null` where there is no such account. */
	| {readonly type: 'verify'; readonly id: number; readonly password: string; readonly stored: string | null};

export interface FromPasswordThread {
	readonly id: number;
	readonly hash?: string;
	/** Then there is no hash of it. */
	readonly isCommon?: boolean;
	readonly isRight?: boolean;
}

const THREAD_ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? './password-thread.ts' : './server/password-thread.cjs',
	import.meta.url,
);

/** Each takes a sixth of a second, one after the other. */
const MAX_WAITING = 64;

export class Passwords {
	/** Started when it is needed first. */
	#worker: Worker | null = null;
	readonly #waiting = new Map<
		number,
		{readonly resolve: (reply: FromPasswordThread) => void; readonly reject: (error: Error) => void}
	>();
	#count = 0;

	/** @throws {Problem} Where it is one of those that are guessed first. */
	async hash(password: string): Promise<string> {
		const {hash, isCommon} = await this.#ask(id => ({type: 'hash', id, password}));
		if (isCommon)
			throw problem(
				'COMMON_PASSWORD',
				'This password is among those that are guessed first, because others have used and lost it: choose another one.',
			);
		if (hash === undefined) throw new Error('Expected a hash');
		return hash;
	}

	async verify(password: string, stored: string | null): Promise<boolean> {
		return (await this.#ask(id => ({type: 'verify', id, password, stored}))).isRight === true;
	}

	async close(): Promise<void> {
		await this.#worker?.terminate();
	}

	#start(): Worker {
		const worker = new Worker(THREAD_ENTRY, {stderr: true});
		worker.on('message', (reply: FromPasswordThread) => {
			this.#waiting.get(reply.id)?.resolve(reply);
			this.#waiting.delete(reply.id);
		});
		worker.on('error', error => {
			// The next one gets a new thread.
			this.#worker = null;
			for (const {reject} of this.#waiting.values()) reject(error);
			this.#waiting.clear();
		});
		worker.unref();
		return worker;
	}

	/** @throws {Problem} When too many wait. */
	#ask(toMessage: (id: number) => ToPasswordThread): Promise<FromPasswordThread> {
		if (this.#waiting.size >= MAX_WAITING)
			throw problem('TOO_MANY_LOGINS', 'Too many log in at once. Please try again later.', {retryAfter: 10});
		const id = this.#count++;
		const {promise, resolve, reject} = Promise.withResolvers<FromPasswordThread>();
		this.#waiting.set(id, {resolve, reject});
		this.#worker ??= this.#start();
		this.#worker.postMessage(toMessage(id));
		return promise;
	}
}
