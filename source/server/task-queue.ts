// Tasks that wait: whether there is room for one more, and whose turn is next.
import type {ServerLedger} from '../ledger/server-ledger.ts';
import type {User} from './accounts.ts';
import {problem} from './problem.ts';
import type {Task} from './task.ts';
import {Turns} from './turns.ts';

export interface TaskLimits {
	readonly maxConcurrentTasks: number;
	readonly maxQueued: number;
	readonly maxQueuedPerUser: number;
	/** `reject`: nothing waits. */
	readonly onFull: 'queue' | 'reject';
}

/** Then it runs by itself, so that others are not blamed for what it does. */
const DEATHS_OF_SUSPECT = 2;
/** Users among whom the next turn is found. */
const MAX_CANDIDATES = 64;
/** A file that waits for a scanner keeps its tasks waiting, and no others. */
const IS_READABLE = `NOT EXISTS (SELECT 1 FROM datasets WHERE datasets.number = tasks.dataset AND scan = 'waiting')`;
const SUSPECT = `SELECT number FROM tasks WHERE state = 'QUEUED' AND is_paused = 0 AND ${IS_READABLE} AND deaths >= ${DEATHS_OF_SUSPECT} ORDER BY number LIMIT 1`;

export interface Turn {
	/** Of the task. */
	readonly number: number;
	/** Whether it has to run by itself. */
	readonly isSuspect: boolean;
}

export class TaskQueue {
	readonly #ledger: ServerLedger;
	readonly #limits: TaskLimits;
	readonly #turns = new Turns();
	/** Tasks that have been let in and are not written down yet, by their accounts. */
	readonly #admitted = new Map<string, number>();

	constructor(ledger: ServerLedger, limits: TaskLimits) {
		this.#ledger = ledger;
		this.#limits = limits;
	}

	/** How many wait for their turn. */
	get count(): number {
		return this.#count(`state = 'QUEUED' AND is_paused = 0`);
	}

	/** How many wait besides those that are worked on, which are not all written down as such. */
	waitingBeside(active: number): number {
		const own = this.#ledger.shared?.instance ?? null;
		const all = `(state = 'QUEUED' AND is_paused = 0) OR (state = 'PROCESSING' AND instance IS ?)`;
		return Math.max(0, this.#count(all, own) - active);
	}

	/**
	How many of those that wait came no later; `null`: it does not wait.

	@param running - Tasks that are worked on: not all of them are written down as such, and they keep no place.
	*/
	positionOf({number, state, isPaused}: Task, running: readonly Pick<Task, 'number'>[]): number | null {
		if (state !== 'QUEUED' || isPaused) return null;
		const before = this.#count(
			`state = 'QUEUED' AND is_paused = 0 AND number < ${number} AND number NOT IN (SELECT value FROM json_each(?))`,
			JSON.stringify(running.map(each => each.number)),
		);
		return before + 1;
	}

	/**
	@param active - Tasks that are worked on.
	@throws {Problem} 429 where no other one may wait.
	*/
	assertRoom(user: Pick<User, 'id'>, active: number): void {
		const {maxConcurrentTasks, maxQueued, maxQueuedPerUser, onFull} = this.#limits;
		// Those whose turn has come are not all written down as such. What other instances work on waits for nobody here.
		const own = this.#ledger.shared?.instance ?? null;
		const admitted = Array.from(this.#admitted.values()).reduce((sum, count) => sum + count, 0);
		const queued =
			Math.max(0, this.#count(`state = 'QUEUED' OR (state = 'PROCESSING' AND instance IS ?)`, own) - active) + admitted;
		const ofUser = this.#count(`state = 'QUEUED' AND account = ?`, user.id) + (this.#admitted.get(user.id) ?? 0);
		const limit =
			onFull === 'reject' && active + queued >= maxConcurrentTasks
				? {name: 'tasks', quota: maxConcurrentTasks}
				: queued >= maxQueued
					? {name: 'queued-tasks', quota: maxQueued}
					: ofUser >= maxQueuedPerUser
						? {name: 'queued-tasks-per-user', quota: maxQueuedPerUser}
						: null;
		if (limit === null) return;
		throw problem('TOO_MANY_TASKS', 'Too many concurrent tasks. Please try again later.', {
			retryAfter: 5,
			limit,
			more: {
				active_tasks: active,
				max_concurrent_tasks: maxConcurrentTasks,
				queued_tasks: queued,
				max_queued: maxQueued,
			},
		});
	}

	/**
	Lets one more in, and counts it until it is written down: of requests that come together no more are let in than there is room for.

	@param write - Writes it down.
	@throws {Problem} 429 where no other one may wait.
	*/
	async admit(user: Pick<User, 'id'>, active: number, write: () => Promise<void>): Promise<void> {
		this.assertRoom(user, active);
		this.#admitted.set(user.id, (this.#admitted.get(user.id) ?? 0) + 1);
		try {
			await write();
		} finally {
			const left = (this.#admitted.get(user.id) ?? 1) - 1;
			if (left === 0) this.#admitted.delete(user.id);
			else this.#admitted.set(user.id, left);
		}
	}

	/** Whether one of those that wait could be worked on, if nothing else were. */
	get hasNext(): boolean {
		return this.#ledger.get(SUSPECT) !== undefined || this.#firstOfEach([]).length > 0;
	}

	/**
	@param running - Tasks that are worked on.
	@returns `undefined`: none may begin now.
	*/
	next(running: readonly Task[]): Turn | undefined {
		const suspect = this.#ledger.get(SUSPECT);
		if (suspect !== undefined)
			return running.length > 0 ? undefined : {number: Number(suspect.number), isSuspect: true};
		const turn = this.#turns.next(this.#firstOfEach(running), running);
		return turn === undefined ? undefined : {number: turn.number, isSuspect: false};
	}

	/** The first task that waits of each account, in the order in which they came; of many accounts those that have waited longest. */
	#firstOfEach(running: readonly Task[]): readonly {readonly account: string; readonly number: number}[] {
		const rows = this.#ledger.all(
			// Those whose turn has come are not all written down as such.
			`SELECT account, min(number) AS number FROM tasks
			WHERE state = 'QUEUED' AND is_paused = 0 AND ${IS_READABLE} AND number NOT IN (SELECT value FROM json_each(?)) GROUP BY account ORDER BY 2 LIMIT ${MAX_CANDIDATES}`,
			JSON.stringify(running.map(({number}) => number)),
		);
		return rows.map(({account, number}) => ({account: String(account), number: Number(number)}));
	}

	#count(condition: string, ...values: readonly (string | null)[]): number {
		return Number(this.#ledger.get(`SELECT count(*) AS count FROM tasks WHERE ${condition}`, ...values)?.count);
	}
}
