// Asks the thread that hashes passwords.
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import {BreachedListError} from './breached-passwords.ts';
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
	/** Why the list of breached passwords cannot be read; then there is no hash either. */
	readonly listFault?: string;
	readonly isRight?: boolean;
}

export interface PasswordThreadData {
	readonly breachedPasswordsFile: string | null;
}

const THREAD_ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? './password-thread.ts' : './server/password-thread.cjs',
	import.meta.url,
);

/** Each takes a sixth of a second, one after the other: so many of one place, which waits ten seconds then, and of all. */
const [MAX_OF_PLACE, MAX_WAITING] = [64, 256];

interface Job {
	readonly message: ToPasswordThread;
	readonly resolve: (reply: FromPasswordThread) => void;
	readonly reject: (error: Error) => void;
}

export class Passwords {
	/** Started when it is needed first. */
	#worker: Worker | null = null;
	/** Those of each place, the place whose turn is next first: a place that sends many at once waits for them, and others wait for two of them at most. */
	readonly #waiting = new Map<string, Job[]>();
	#underWay: Job | null = null;
	#count = 0;
	readonly #breachedPasswordsFile: string | null;

	/** @param breachedPasswordsFile - See `breached-passwords.ts`; `null`: there is none. */
	constructor(breachedPasswordsFile: string | null = null) {
		this.#breachedPasswordsFile = breachedPasswordsFile;
	}

	/**
	@param place - Of who asks, see `place-of.ts`.
	@throws {Problem} Where it is one of those that are guessed first, or too many wait.
	@throws {BreachedListError}
	*/
	async hash(password: string, place: string): Promise<string> {
		const {hash, isCommon, listFault} = await this.#ask(place, id => ({type: 'hash', id, password}));
		if (isCommon)
			throw problem(
				'COMMON_PASSWORD',
				'This password is among those that are guessed first, because others have used and lost it: choose another one.',
			);
		if (listFault !== undefined) throw new BreachedListError(this.#breachedPasswordsFile ?? '', listFault);
		if (hash === undefined) throw new Error('Expected a hash');
		return hash;
	}

	/** @throws {Problem} When too many wait. */
	async verify(password: string, stored: string | null, place: string): Promise<boolean> {
		return (await this.#ask(place, id => ({type: 'verify', id, password, stored}))).isRight === true;
	}

	async close(): Promise<void> {
		await this.#worker?.terminate();
	}

	#start(): Worker {
		const worker = new Worker(THREAD_ENTRY, {
			stderr: true,
			workerData: {breachedPasswordsFile: this.#breachedPasswordsFile} satisfies PasswordThreadData,
		});
		worker.on('message', (reply: FromPasswordThread) => {
			this.#underWay?.resolve(reply);
			this.#underWay = null;
			this.#next();
		});
		worker.on('error', error => {
			// The next one gets a new thread.
			this.#worker = null;
			this.#underWay?.reject(error);
			this.#underWay = null;
			this.#next();
		});
		worker.unref();
		return worker;
	}

	#next(): void {
		const [first] = this.#waiting;
		if (this.#underWay !== null || first === undefined) return;
		const [place, [job, ...others]] = first;
		this.#waiting.delete(place);
		if (others.length > 0) this.#waiting.set(place, others);
		if (job === undefined) throw new Error('Expected a place to have somebody who waits');
		this.#underWay = job;
		this.#worker ??= this.#start();
		this.#worker.postMessage(job.message);
	}

	#ask(place: string, toMessage: (id: number) => ToPasswordThread): Promise<FromPasswordThread> {
		const jobs = this.#waiting.get(place) ?? [];
		const count = Array.from(this.#waiting.values(), ({length}) => length).reduce((sum, length) => sum + length, 0);
		if (jobs.length >= MAX_OF_PLACE || count >= MAX_WAITING)
			throw problem('TOO_MANY_LOGINS', 'Too many log in at once. Please try again later.', {retryAfter: 10});
		const {promise, resolve, reject} = Promise.withResolvers<FromPasswordThread>();
		this.#waiting.set(place, [...jobs, {message: toMessage(this.#count++), resolve, reject}]);
		this.#next();
		return promise;
	}
}
