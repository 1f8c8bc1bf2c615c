// What the coordinator of a run decides about its jobs: facts go in, commands come out. It does nothing by itself, and knows neither
// BullMQ nor a clock, so that a simulation can play it with all that a queue may do: forget jobs, give one to two workers, tell late, tell
// twice, or tell nothing.
//
//   submit ──> waiting ──> at work ──> ended          a job is what a run wants; a token names one attempt to get it from the queue:
//                 ▲           │                       what comes with any other token of the job changes nothing
//                 └───────────┘ its worker died, or the queue lost it
//
// It is the truth; the queue is a way to carry it. A result counts once, by the token that is valid when it comes.

/** What the queue has of a token. */
export type Sighting<Result> =
	| {readonly type: 'waiting'}
	/** A worker has it. */
	| {readonly type: 'active'}
	| {readonly type: 'completed'; readonly result: Result}
	/** Its workers died, one after the other. */
	| {readonly type: 'crashed'}
	/** A worker would not take it: it says why. */
	| {readonly type: 'refused'; readonly why: string}
	/** What is there cannot be used: nobody who has the secret wrote it. */
	| {readonly type: 'unusable'; readonly why: string}
	/** Its worker let go of it, as it had not heard of the run: a machine slept, or a network was away. */
	| {readonly type: 'let-go'}
	| {readonly type: 'missing'};

export type JobEnd<Result> =
	| {readonly type: 'result'; readonly result: Result}
	| {readonly type: 'crashed'}
	| {readonly type: 'refused'; readonly why: string}
	/** Given up by the run. */
	| {readonly type: 'given-up'};

export type Command<Result> =
	| {readonly type: 'add'; readonly key: string; readonly token: string}
	/** Not needed any more. What a worker has stays until it lets go. */
	| {readonly type: 'remove'; readonly token: string}
	| {readonly type: 'look'; readonly tokens: readonly string[]}
	/** A worker has begun, for the first time. */
	| {readonly type: 'started'; readonly key: string}
	/** It had not begun, and never will. */
	| {readonly type: 'withdrawn'; readonly key: string}
	| {readonly type: 'ended'; readonly key: string; readonly end: JobEnd<Result>};

export interface CoordinationOptions {
	/** A name that no other attempt has, of any run. */
	readonly createToken: (key: string) => string;
	/** How often the queue is asked for jobs that are open, and for attempts that are not valid any more. */
	readonly lookEveryMs?: number;
	readonly lookBackEveryMs?: number;
}

/** What happened beside the usual. */
export interface CoordinationCounts {
	/** Attempts that were put into the queue. */
	readonly attempts: number;
	/** Jobs that were put into the queue once more, because it had lost them. */
	readonly lost: number;
	/** Jobs that were taken up again after their worker had died, or had let go of them. */
	readonly restarted: number;
	/** Results that came when their attempt was not valid any more, and changed nothing. */
	readonly late: number;
}

/** So many results that nobody with the secret wrote, or that did not come through, and the job is given up: it would be the same for ever. */
const MAX_UNUSABLE = 3;

interface OpenJob {
	readonly key: string;
	token: string;
	/** When the queue said that it has it; `null`: it has not said so yet. */
	acceptedAtMs: number | null;
	/** Whether a worker has ever begun. */
	hasStarted: boolean;
	/** Whether a worker has it now, as far as it is known. */
	isAtWork: boolean;
	unusableCount: number;
}

export class Coordination<Result> {
	readonly #options: Required<CoordinationOptions>;
	readonly #jobs = new Map<string, OpenJob>();
	/** Valid tokens, and the jobs that they are of. */
	readonly #jobOf = new Map<string, OpenJob>();
	/** Tokens that were valid, and may still be in the queue. */
	readonly #old = new Set<string>();
	#commands: Command<Result>[] = [];
	#lookAtMs = 0;
	#lookBackAtMs = 0;
	readonly #counts = {attempts: 0, lost: 0, restarted: 0, late: 0};

	constructor({lookEveryMs = 1000, lookBackEveryMs = 5000, createToken}: CoordinationOptions) {
		this.#options = {createToken, lookEveryMs, lookBackEveryMs};
	}

	get counts(): CoordinationCounts {
		return {...this.#counts};
	}

	/** Jobs that have not ended. */
	get openCount(): number {
		return this.#jobs.size;
	}

	/** Those of them that no worker has. */
	get waitingCount(): number {
		let count = 0;
		for (const {isAtWork} of this.#jobs.values()) if (!isAtWork) count++;
		return count;
	}

	tokenOf(key: string): string | null {
		return this.#jobs.get(key)?.token ?? null;
	}

	isAtWork(key: string): boolean {
		return this.#jobs.get(key)?.isAtWork === true;
	}

	/** What is to be done now, in this order. */
	takeCommands(): readonly Command<Result>[] {
		const commands = this.#commands;
		this.#commands = [];
		return commands;
	}

	/** The run wants a job done. */
	submit(key: string): void {
		const job: OpenJob = {
			...{key, token: '', acceptedAtMs: null},
			...{hasStarted: false, isAtWork: false, unusableCount: 0},
		};
		this.#jobs.set(key, job);
		this.#attempt(job);
	}

	/** The run does not want it any more, unless a worker has begun. */
	withdraw(key: string): void {
		const job = this.#jobs.get(key);
		if (job === undefined || job.hasStarted) return;
		this.#close(job);
		this.#commands.push({type: 'withdrawn', key});
	}

	/** The run gives it up, whatever a worker does. */
	giveUp(key: string): void {
		const job = this.#jobs.get(key);
		if (job !== undefined) this.#end(job, {type: 'given-up'});
	}

	/** The queue has taken an attempt. */
	accepted(token: string, nowMs: number): void {
		const job = this.#jobOf.get(token);
		if (job !== undefined) job.acceptedAtMs ??= nowMs;
		// It was given up on its way.
		else this.#commands.push({type: 'remove', token});
	}

	/**
	Somebody has looked.

	@param lookedAtMs - When that began: what was missing then may have come since.
	*/
	saw(token: string, sighting: Sighting<Result>, lookedAtMs: number): void {
		const job = this.#jobOf.get(token);
		if (job === undefined) this.#sawOld(token, sighting);
		else this.#sawValid(job, sighting, lookedAtMs);
	}

	/** To be called several times a second. */
	tick(nowMs: number): void {
		const {lookEveryMs, lookBackEveryMs} = this.#options;
		if (nowMs >= this.#lookAtMs) {
			this.#lookAtMs = nowMs + lookEveryMs;
			this.#look(Array.from(this.#jobs.values()).flatMap(job => (job.acceptedAtMs === null ? [] : [job.token])));
		}
		if (nowMs < this.#lookBackAtMs) return;
		this.#lookBackAtMs = nowMs + lookBackEveryMs;
		this.#look([...this.#old]);
	}

	#look(tokens: readonly string[]): void {
		if (tokens.length > 0) this.#commands.push({type: 'look', tokens});
	}

	#attempt(job: OpenJob): void {
		job.token = this.#options.createToken(job.key);
		job.acceptedAtMs = null;
		job.isAtWork = false;
		this.#jobOf.set(job.token, job);
		this.#counts.attempts++;
		this.#commands.push({type: 'add', key: job.key, token: job.token});
	}

	/** From now on, what comes with this token changes nothing. */
	#supersede({token}: OpenJob): void {
		this.#jobOf.delete(token);
		this.#old.add(token);
		this.#commands.push({type: 'remove', token});
	}

	#close(job: OpenJob): void {
		this.#supersede(job);
		this.#jobs.delete(job.key);
	}

	#end(job: OpenJob, end: JobEnd<Result>): void {
		this.#close(job);
		this.#commands.push({type: 'ended', key: job.key, end});
	}

	#sawValid(job: OpenJob, sighting: Sighting<Result>, lookedAtMs: number): void {
		switch (sighting.type) {
			case 'waiting':
				if (job.isAtWork) this.#counts.restarted++;
				job.isAtWork = false;
				return;
			case 'active':
				this.#start(job);
				return;
			case 'missing': {
				const wasThere = job.acceptedAtMs !== null && lookedAtMs >= job.acceptedAtMs;
				if (!wasThere) return;
				this.#counts.lost++;
				this.#supersede(job);
				this.#attempt(job);
				return;
			}
			case 'let-go':
				this.#counts.restarted++;
				this.#supersede(job);
				this.#attempt(job);
				return;
			case 'unusable':
				if (++job.unusableCount >= MAX_UNUSABLE) {
					this.#start(job);
					this.#end(job, {type: 'refused', why: sighting.why});
					return;
				}
				this.#supersede(job);
				this.#attempt(job);
				return;
			case 'completed':
				this.#start(job);
				this.#end(job, {type: 'result', result: sighting.result});
				this.#old.delete(job.token);
				return;
			case 'crashed':
			case 'refused':
				this.#start(job);
				this.#end(job, sighting);
		}
	}

	/** Whatever has an end had a beginning, even if nobody saw it. */
	#start(job: OpenJob): void {
		job.isAtWork = true;
		if (job.hasStarted) return;
		job.hasStarted = true;
		this.#commands.push({type: 'started', key: job.key});
	}

	#sawOld(token: string, {type}: Sighting<Result>): void {
		if (!this.#old.has(token)) return;
		if (type === 'missing') {
			this.#old.delete(token);
			return;
		}
		if (type === 'completed') this.#counts.late++;
		// A worker that has it cannot be robbed of it: it is looked at again.
		if (type !== 'active') {
			this.#old.delete(token);
			this.#commands.push({type: 'remove', token});
		}
	}
}
