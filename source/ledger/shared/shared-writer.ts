// The work of the thread of a shared ledger, one thing after the other: what was asked to be written, what others have written, and to say that one is there.
import {setTimeout as wait} from 'node:timers/promises';
import {safe} from '../../text/safe.ts';
import {messageOf} from '../../text/system-error.ts';
import type {NamedChange} from '../named-writer.ts';
import {PROGRESS} from './log-tables.ts';
import {forgetMembers, leave, sayAndLook} from './members.ts';
import type {Postgres} from './postgres.ts';
import type {Outcome, SharedCopy} from './shared-copy.ts';
import {LogAway, LogFault} from './shared-log.ts';
import {
	type FromSharedThread,
	monotonicNow,
	type Progress,
	type SharedThreadData,
	type Told,
} from './shared-messages.ts';
import {tidyLog} from './snapshots.ts';

export interface SharedCommit {
	readonly changes: readonly NamedChange[];
	/** Called with what has become of it. */
	readonly settle: (outcome: Outcome) => void;
}

export interface SharedWriterOptions {
	readonly data: SharedThreadData;
	readonly postgres: Postgres;
	/** For what takes long: meanwhile the other one says that this instance is there. */
	readonly tidying: Postgres;
	readonly copy: SharedCopy;
	readonly post: (message: FromSharedThread) => void;
	readonly stopping: AbortController;
}

/** What others have written is looked for so often, also where no notice of it has come. */
const LOOK_MS = 1000;
/** PostgreSQL passes no longer notices on. */
const MAX_PROGRESS = 7000;
/** What takes longer to fail has waited for an answer. */
const SOON_MS = 1000;
/** What one that ends waits for the database. */
const LEAVE_MS = 2000;

export class SharedWriter {
	readonly #options: SharedWriterOptions;
	#waiting: SharedCommit[] = [];
	#progress: string[] = [];
	#isNew = true;
	/** Who waits for what others have written until now. */
	#behind: (() => void)[] = [];
	#isWorking = false;
	/** Why nothing can be written, as it was said; `null`: it can. */
	#trouble: Error | null = null;
	#saidAt = Number.NEGATIVE_INFINITY;
	#tidiedAt = monotonicNow();
	#isTidying = false;
	/** A snapshot. */
	#underWay = Promise.resolve();
	readonly #timer: NodeJS.Timeout;

	constructor(options: SharedWriterOptions) {
		this.#options = options;
		this.#timer = setInterval(() => this.look(), LOOK_MS);
	}

	/** Others may have written something. */
	look(): void {
		this.#isNew = true;
		void this.#work();
	}

	/** Resolves when all is here that others had written when it was asked for; where that cannot be known now, at once. */
	catchUp(): Promise<void> {
		if (this.#trouble !== null) return Promise.resolve();
		return new Promise(resolve => {
			this.#behind.push(resolve);
			this.look();
		});
	}

	/** There is an entry of this number. */
	lookFor(number: number): void {
		if (number > this.#options.copy.place.number) this.look();
	}

	commit(commits: readonly SharedCommit[]): void {
		// It is tried every second whether the database is there again; meanwhile nobody waits for that.
		if (this.#trouble !== null) for (const {settle} of commits) settle(this.#trouble);
		else this.#waiting.push(...commits);
		void this.#work();
	}

	tell(progress: Progress): void {
		const told = JSON.stringify([this.#options.data.instance, progress] satisfies Told);
		if (this.#trouble === null && Buffer.byteLength(told) < MAX_PROGRESS) this.#progress.push(told);
		void this.#work();
	}

	/** What has become of a commit is not known, and cannot be found out now: who has written it waits for that, and nobody else. */
	keepWaiting(error: LogAway): void {
		this.#fail(error);
		for (const resolve of this.#behind.splice(0)) resolve();
	}

	/** The server ends: after a moment nobody waits any more. */
	async stop(): Promise<void> {
		await wait(LEAVE_MS, undefined, {ref: false});
		this.#options.stopping.abort();
	}

	/** When all is written that can be. */
	async end(): Promise<void> {
		clearInterval(this.#timer);
		const {stopping, postgres, tidying, data} = this.#options;
		const patience = this.stop();
		// A snapshot that is under way is none.
		tidying.end();
		await Promise.race([this.#underWay, patience]);
		while (this.#isWorking || (this.#waiting.length > 0 && !stopping.signal.aborted)) await wait(10);
		if (postgres.isConnected) await Promise.race([leave(postgres, data.instance).catch(() => {}), patience]);
		postgres.giveUp();
	}

	async #work(): Promise<void> {
		if (this.#isWorking) return;
		this.#isWorking = true;
		try {
			while (await this.#doNext());
		} finally {
			this.#isWorking = false;
		}
	}

	/** @returns Whether there may be more to do. */
	async #doNext(): Promise<boolean> {
		const {copy, postgres} = this.#options;
		const behind = this.#behind.splice(0);
		try {
			if (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0));
			else if (this.#progress.length > 0 && behind.length === 0) {
				const told = this.#progress.splice(0, MAX_NOTICES);
				await postgres.ask(`SELECT pg_notify('${PROGRESS}', told) FROM unnest($1::text[]) AS told`, [told]);
			} else if (this.#isNew) {
				this.#isNew = false;
				await copy.catchUp();
				if (monotonicNow() - this.#saidAt >= this.#options.data.times.sayMs) await this.#say();
			} else return false;
			this.#recovered();
			return true;
		} catch (error) {
			this.#fail(error);
			return false;
		} finally {
			for (const resolve of behind) resolve();
		}
	}

	async #write(commits: readonly SharedCommit[]): Promise<void> {
		try {
			const outcomes = await this.#writeTwice(commits.map(({changes}) => changes));
			for (const [index, {settle}] of commits.entries()) settle(this.#explained(outcomes[index] ?? null));
		} catch (error) {
			const fault = this.#explained(error instanceof Error ? error : new Error(String(error)));
			for (const {settle} of commits) settle(fault);
			throw error;
		}
	}

	/** A connection that was lost meanwhile, as that of a process that was frozen, can mostly be made again at once. */
	async #writeTwice(commits: readonly (readonly NamedChange[])[]): Promise<readonly Outcome[]> {
		const begunAt = monotonicNow();
		try {
			return await this.#writeOnce(commits);
		} catch (error) {
			if (!(error instanceof LogAway) || monotonicNow() - begunAt > SOON_MS) throw error;
			return this.#writeOnce(commits);
		}
	}

	/** Who has been silent, as one that was frozen, first says that it is there: what it begins must not be taken for that of a dead one. */
	async #writeOnce(commits: readonly (readonly NamedChange[])[]): Promise<readonly Outcome[]> {
		const {copy, data} = this.#options;
		if (monotonicNow() - this.#saidAt > data.times.deadMs / 2) await this.#say();
		return copy.write(commits);
	}

	#explained(outcome: Outcome): Outcome {
		return isOfLog(outcome) ? troubleWith(this.#options.data.address.shown, outcome) : outcome;
	}

	async #say(): Promise<void> {
		const {data, postgres, copy, post} = this.#options;
		const now = monotonicNow();
		const {number: position} = copy.place;
		const {alive, keeperMs} = await sayAndLook(
			postgres,
			{id: data.instance, version: data.version, position},
			data.times,
		);
		this.#saidAt = now;
		const isKeeper = keeperMs > 0;
		post({type: 'members', alive, askedAt: now, keeperUntil: isKeeper ? now + keeperMs : 0});
		if (isKeeper && !this.#isTidying && now - this.#tidiedAt >= data.times.tidyMs) this.#underWay = this.#tidy();
	}

	async #tidy(): Promise<void> {
		const {data, tidying, post, stopping} = this.#options;
		this.#isTidying = true;
		try {
			await forgetMembers(tidying);
			await tidyLog(tidying, data.path, `${data.path}.snapshot`, data.snapshotLimits);
			await tidying.close();
		} catch (error) {
			tidying.giveUp();
			// Where the log is away, that is said by who writes.
			if (!(error instanceof LogAway) && !stopping.signal.aborted)
				post({
					type: 'said',
					sentence: `No copy of the metadata could be put to ${data.address.shown}: ${safe(messageOf(error))}. It is tried again`,
				});
		} finally {
			this.#tidiedAt = monotonicNow();
			this.#isTidying = false;
		}
	}

	#fail(error: unknown): void {
		const {data, post} = this.#options;
		// A disk that is full is told to those who write.
		if (!isOfLog(error)) return;
		const trouble = troubleWith(data.address.shown, error);
		if (this.#trouble?.message !== trouble.message) post({type: 'said', sentence: trouble.message});
		this.#trouble = trouble;
		for (const {settle} of this.#waiting.splice(0)) settle(trouble);
		this.#progress = [];
	}

	#recovered(): void {
		if (this.#trouble === null) return;
		this.#trouble = null;
		const {data, post} = this.#options;
		post({type: 'said', sentence: `The metadata at ${data.address.shown} are there again`});
	}
}

const MAX_NOTICES = 20;

const isOfLog = (error: unknown): error is LogAway | LogFault => error instanceof LogAway || error instanceof LogFault;

/** With the address, and what is to be done. */
export const troubleWith = (shown: string, error: LogAway | LogFault): Error =>
	error instanceof LogFault
		? new LogFault(`The metadata at ${safe(shown)} cannot be used: ${messageOf(error)}`)
		: new LogAway(
				`The metadata at ${safe(shown)} cannot be reached: ${safe(messageOf(error))}. Nothing can be changed until they can; what is there can be read`,
			);
