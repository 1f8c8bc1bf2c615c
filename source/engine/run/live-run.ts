// What the parts of a run share: its files, and where the run is.
import type {Job} from '../jobs/job.ts';
import {JobQueue} from '../jobs/job.ts';
import {Consolidation, type GroupSource} from '../shared/consolidation.ts';
import type {FileGroup} from '../small-files/file-group.ts';
import type {EventStream} from './event-stream.ts';
import {AllJobs, type JobTable, OpenJobs} from './job-table.ts';
import {ReadStates} from './read-states.ts';
import type {RunClock} from './run-clock.ts';
import type {RunOptions} from './run-options.ts';

interface LiveRunOptions extends Pick<RunOptions, 'forgetsEnded' | 'earlier'> {
	/** Told when groups of further files are not needed any more. */
	readonly backend: GroupSource;
}

export class LiveRun {
	readonly clock: RunClock;
	readonly events: EventStream;
	readonly jobs: JobTable;
	readonly queue = new JobQueue();
	/** Jobs whose attempt is watched. */
	readonly running = new Set<Job>();
	/** Groups of small files that wait for a thread or are not settled. */
	readonly groups = new Set<FileGroup>();
	readonly readStates = new ReadStates();
	/** See `RunOptions`. */
	readonly forgetsEnded: boolean;
	readonly consolidation: Consolidation;
	/** Jobs that have not ended, and one for each reason that more may come: see intake.ts. */
	openCount = 0;
	isPaused = false;
	isStopping = false;
	isOver = false;

	constructor(clock: RunClock, events: EventStream, {backend, forgetsEnded = false, earlier = []}: LiveRunOptions) {
		this.consolidation = new Consolidation(backend);
		this.consolidation.absorb(...earlier);
		this.jobs = forgetsEnded ? new OpenJobs() : new AllJobs();
		this.forgetsEnded = forgetsEnded;
		this.clock = clock;
		this.events = events;
	}

	/** Whether everything is held: because a person paused the run, or because subscribers cannot take more. */
	get isHeld(): boolean {
		return this.isPaused || !this.events.hasRoom;
	}

	/** Holds the attempt of a job, or lets it go on. */
	applyHold({work}: Job): void {
		work.attempt?.hold(this.isHeld || work.isPaused, this.clock.now());
	}

	applyHolds(): void {
		for (const job of this.running) this.applyHold(job);
		for (const group of this.groups) group.hold(this.isHeld);
	}
}
