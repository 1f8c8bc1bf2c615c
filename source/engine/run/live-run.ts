// What the parts of a run share: its files, and where the run is.
import type {FileReport} from '../../model/report.ts';
import type {Job} from '../jobs/job.ts';
import {JobQueue} from '../jobs/job.ts';
import {Consolidation, type GroupSource} from '../shared/consolidation.ts';
import type {FileGroup} from '../small-files/file-group.ts';
import type {EventStream} from './event-stream.ts';
import {JobTable} from './job-table.ts';
import {ReadStates} from './read-states.ts';
import type {RunClock} from './run-clock.ts';

export class LiveRun {
	readonly clock: RunClock;
	readonly events: EventStream;
	readonly jobs = new JobTable();
	readonly queue = new JobQueue();
	/** Reports of entries that are not jobs. */
	readonly otherReports: FileReport[] = [];
	/** Jobs whose attempt is watched. */
	readonly running = new Set<Job>();
	/** Groups of small files that wait for a thread or are not settled. */
	readonly groups = new Set<FileGroup>();
	readonly readStates = new ReadStates();
	readonly consolidation: Consolidation;
	/** Jobs that have not ended, and one for each reason that more may come: see intake.ts. */
	openCount = 0;
	isPaused = false;
	isStopping = false;
	isOver = false;

	/** @param groupSource - Told when groups of further files are not needed any more. */
	constructor(clock: RunClock, events: EventStream, groupSource: GroupSource) {
		this.consolidation = new Consolidation(groupSource);
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
