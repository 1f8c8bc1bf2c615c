// How files come into a run: each entry becomes a job in the queue, or the report of a file that is not read.
import {aboutJob, createJob} from '../jobs/job.ts';
import {neverReadReport} from '../jobs/reports.ts';
import type {PlanEntry} from '../plan/plan.ts';
import {Turns} from '../shared/turns.ts';
import type {JobLife} from './job-life.ts';
import type {LiveRun} from './live-run.ts';

export interface IntakeOptions {
	/** Jobs are in the queue. */
	readonly onQueued: () => void;
	/** All of a plan is queued. */
	readonly onEnded: () => void;
}

export class Intake {
	readonly #live: LiveRun;
	readonly #life: JobLife;
	readonly #options: IntakeOptions;

	constructor(live: LiveRun, life: JobLife, options: IntakeOptions) {
		this.#live = live;
		this.#life = life;
		this.#options = options;
	}

	/** Takes the entries of a plan out of it, in turns. */
	async addPlan(entries: PlanEntry[]): Promise<void> {
		const {events} = this.#live;
		const {onQueued, onEnded} = this.#options;
		const turns = new Turns();
		this.#live.openCount++;
		for (const entry of entries) {
			this.#add(entry);
			if (events.room !== null) await events.room;
			if (!turns.isOver()) continue;
			// Threads have work while the others are queued.
			onQueued();
			await turns.next();
		}
		entries.length = 0;
		this.#live.openCount--;
		onQueued();
		onEnded();
	}

	#add(entry: PlanEntry): void {
		const {jobs, queue, events, otherReports} = this.#live;
		const address = jobs.nextAddress(entry.file);
		if (entry.type === 'file') {
			const job = createJob(address, entry);
			jobs.add(address, job);
			this.#live.openCount++;
			queue.add(job);
			events.emit({type: 'file-queued', ...aboutJob(job), bytesTotal: job.bytesTotal});
			// A subscriber may have stopped the run as it got this event.
			if (this.#live.isStopping) this.#life.cancel(job);
			return;
		}
		const report = neverReadReport(entry);
		otherReports.push(report);
		jobs.add(address, null);
		const about = {...address, attempt: 0};
		if (entry.type === 'skipped') events.emit({type: 'file-skipped', ...about, report});
		else {
			events.emit({type: 'file-queued', ...about, bytesTotal: 0});
			events.emit({type: 'file-failed', ...about, report});
		}
	}
}
