// A file to do, and the queue of those that wait.
import type {FileAddress} from '../../model/file-address.ts';
import type {FileReport} from '../../model/report.ts';
import type {ReadSettings, SourceLocation} from '../shared/protocol.ts';
import {withFound} from '../shared/source-location.ts';
import type {Attempt} from './attempt.ts';

/**
Where a job is:

	queued ──> admitted (waits for a thread) ──> running ──> ended
	  ▲                                            │
	  └────────── waiting (for a retry) ───────────┘
*/
export type JobPhase = 'queued' | 'admitted' | 'running' | 'waiting' | 'ended';

/** What is known of a job from its admission to its end. */
export interface JobWork {
	/** Failures since someone queued it last, which is what `retries` bounds. */
	failures: number;
	workersLost: number;
	isPaused: boolean;
	/** Whether a person has cancelled it since it began to run. */
	isCancelRequested: boolean;
	/** Of the attempt that runs or has run last. */
	startedAtMs: number;
	/** There while admitted: ends the wait for a thread. */
	admission: AbortController | null;
	/** There while it is in a file group: takes it out, or says that the thread has started it. */
	removeFromGroup: ((job: Job) => boolean) | null;
	/** There while running. */
	attempt: Attempt | null;
	/** There while waiting. */
	retryTimer: NodeJS.Timeout | undefined;
}

export interface Job {
	readonly file: string;
	/** As in `FileAddress`. */
	readonly jobId: number | undefined;
	readonly source: SourceLocation;
	readonly bytesTotal: number | null;
	/** Whether a walk or a pattern has found it, rather than a person named it. */
	readonly isFound: boolean;
	/** The same object for all files of a run, unless some were added with settings of their own. */
	readonly rules: JobRules;
	phase: JobPhase;
	/** Attempts started in all. */
	attempts: number;
	/** `NO_WORK` unless it is admitted, runs or waits for a retry, so that little is kept of 100,000 that have ended. */
	work: JobWork;
	/** There once completed, where it can be known: `OpenSource.identity` of the file as it was read, or its number in `ReadStates`. */
	readState: string | number | null;
	/** There once ended. */
	report: FileReport | null;
}

const noWork: JobWork = {
	failures: 0,
	workersLost: 0,
	isPaused: false,
	isCancelRequested: false,
	startedAtMs: 0,
	admission: null,
	removeFromGroup: null,
	attempt: null,
	retryTimer: undefined,
};
export const NO_WORK: JobWork = Object.freeze({...noWork});

/** The job has been admitted; what was known of it before stays, where it was put back. */
export function beginWork(job: Job): void {
	job.phase = 'admitted';
	if (job.work === NO_WORK) job.work = {...noWork};
}

/** How a file is read, and when it is given up. */
export interface JobRules {
	readonly readSettings: ReadSettings;
	/** Further attempts after an error that may pass. */
	readonly retries: number;
	readonly timeoutMs: number;
}

/** What a job is made of. */
export interface JobSource {
	readonly source: SourceLocation;
	readonly bytesTotal: number | null;
	readonly isFound?: boolean | undefined;
}

export const createJob = (address: FileAddress, source: JobSource, rules: JobRules): Job =>
	new FileJob(address, source, rules);

/** What every event about a job begins with. */
export const aboutJob = ({file, jobId, attempts: attempt}: Job): FileAddress & {readonly attempt: number} =>
	jobId === undefined ? {file, attempt} : {file, jobId, attempt};

class FileJob implements Job {
	readonly file: string;
	readonly jobId: number | undefined;
	/** `null` where it is the file of that name, as nearly always: an object for each of 100,000 would say nothing new. */
	readonly #otherSource: SourceLocation | null;
	readonly bytesTotal: number | null;
	readonly isFound: boolean;
	readonly rules: JobRules;
	phase: JobPhase = 'queued';
	attempts = 0;
	work = NO_WORK;
	readState: string | number | null = null;
	report: FileReport | null = null;

	constructor({file, jobId}: FileAddress, {source, bytesTotal, isFound = false}: JobSource, rules: JobRules) {
		this.rules = rules;
		this.file = file;
		this.jobId = jobId;
		this.#otherSource = source.kind === 'file' && source.path === file ? null : withFound(source, isFound);
		this.bytesTotal = bytesTotal === null ? null : asInteger(bytesTotal);
		this.isFound = isFound;
	}

	get source(): SourceLocation {
		return this.#otherSource ?? withFound({kind: 'file', path: this.file}, this.isFound);
	}
}

/** `Stats` gives sizes as fractions, each of which V8 keeps as an object, here and in all that it is handed on to. */
const asInteger = (size: number): number => ((size | 0) === size ? size | 0 : size);

/** First come, first served. */
export class JobQueue {
	#jobs: Job[] = [];
	#head = 0;

	add(job: Job): void {
		job.phase = 'queued';
		this.#jobs.push(job);
	}

	/** The job is the next one again. */
	putBack(job: Job): void {
		job.phase = 'queued';
		if (this.#head > 0) this.#jobs[--this.#head] = job;
		else this.#jobs.unshift(job);
	}

	/** How many there are, cancelled ones included. */
	get size(): number {
		return this.#jobs.length - this.#head;
	}

	/** The job that `dequeue` would give. */
	peek(): Job | undefined {
		while (this.#head < this.#jobs.length && this.#jobs[this.#head]?.phase !== 'queued') this.#head++;
		return this.#jobs[this.#head];
	}

	/**
	Admits the next job that still waits. A cancelled one stays in the queue until its turn comes, and is there twice if it was
	queued again: from now on it does not wait any more, in neither place.
	*/
	dequeue(): Job | undefined {
		while (this.#head < this.#jobs.length) {
			const job = this.#jobs[this.#head++];
			if (this.#head === this.#jobs.length) {
				this.#jobs = [];
				this.#head = 0;
			}
			if (job?.phase !== 'queued') continue;
			beginWork(job);
			return job;
		}
		return undefined;
	}
}
