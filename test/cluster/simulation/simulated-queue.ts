// A queue as BullMQ's is, with all that may happen to one: jobs with locks that expire, and are given to others then; a memory that may be
// emptied, or be again what it was some time ago.
import type {Sighting} from '../../../source/cluster/coordination.ts';

/** A file, or a part of it. */
export interface Asked {
	readonly file: number;
	/** `null`: all of it. */
	readonly part: number | null;
}

/** What a worker came to: for the checker, with when and of what. */
export interface SimulatedResult extends Asked {
	readonly token: string;
	readonly startedAtMs: number;
	/** In which state the file was. */
	readonly version: number;
	/** Whether it was changed while it was read, which whoever reads sees at the end. */
	readonly hasChanged: boolean;
}

interface StoredJob extends Asked {
	readonly token: string;
	state: 'waiting' | 'active' | 'completed' | 'crashed';
	holder: string | null;
	lockedUntilMs: number;
	restarts: number;
	result: SimulatedResult | null;
}

const MAX_RESTARTS = 2;

export class SimulatedQueue {
	#jobs = new Map<string, StoredJob>();
	#dump: ReadonlyMap<string, StoredJob> = new Map();
	get tokens(): ReadonlySet<string> {
		return new Set(this.#jobs.keys());
	}

	add(token: string, asked: Asked): void {
		if (this.#jobs.has(token)) return;
		const empty = {holder: null, lockedUntilMs: 0, restarts: 0, result: null};
		this.#jobs.set(token, {token, ...asked, state: 'waiting', ...empty});
	}

	remove(token: string): void {
		if (this.#jobs.get(token)?.state !== 'active') this.#jobs.delete(token);
	}

	look(token: string): Sighting<SimulatedResult> {
		const job = this.#jobs.get(token);
		if (job === undefined) return {type: 'missing'};
		if (job.state === 'completed' && job.result !== null) return {type: 'completed', result: job.result};
		return {type: job.state === 'completed' ? 'waiting' : job.state};
	}

	/** @param clockMs - Of the worker, whose clock may go wrong. */
	take(holder: string, clockMs: number, lockMs: number): (Asked & {readonly token: string}) | null {
		for (const job of this.#jobs.values()) {
			if (job.state !== 'waiting') continue;
			job.state = 'active';
			job.holder = holder;
			job.lockedUntilMs = clockMs + lockMs;
			return job;
		}
		return null;
	}

	/** @returns Whether the worker still has it. */
	renew(token: string, holder: string, clockMs: number, lockMs: number): boolean {
		const job = this.#jobs.get(token);
		if (job?.state !== 'active' || job.holder !== holder) return false;
		job.lockedUntilMs = clockMs + lockMs;
		return true;
	}

	complete(result: SimulatedResult, holder: string): boolean {
		const job = this.#jobs.get(result.token);
		if (job?.state !== 'active' || job.holder !== holder) return false;
		job.state = 'completed';
		job.result = result;
		return true;
	}

	/** Gives jobs of dead workers to others. */
	sweep(clockMs: number): void {
		for (const job of this.#jobs.values()) {
			if (job.state !== 'active' || job.lockedUntilMs > clockMs) continue;
			job.restarts++;
			job.state = job.restarts > MAX_RESTARTS ? 'crashed' : 'waiting';
			job.holder = null;
		}
	}

	flush(): void {
		this.#jobs.clear();
	}

	dump(): void {
		this.#dump = new Map(Array.from(this.#jobs, ([token, job]) => [token, {...job}]));
	}

	restore(): void {
		this.#jobs = new Map(Array.from(this.#dump, ([token, job]) => [token, {...job}]));
	}
}
