// How files come into a run: each entry becomes a job in the queue, or the report of a file that is not read. The plan is
// taken in at the beginning; further files may follow for as long as the run takes them.
import {areCombined} from '../../analysis/registry.ts';
import type {FileAddress} from '../../model/file-address.ts';
import {aboutJob, createJob, type JobRules} from '../jobs/job.ts';
import {neverReadReport} from '../jobs/reports.ts';
import type {PlanEntry} from '../plan/plan.ts';
import {Turns} from '../shared/turns.ts';
import type {JobLife} from './job-life.ts';
import type {JobRulesTable, JobSettings} from './job-settings.ts';
import type {LiveRun} from './live-run.ts';

export interface IntakeOptions {
	readonly rules: JobRulesTable;
	/** Whether the run is open until `close`, also when it has no file left. */
	readonly staysOpen: boolean;
	/** Jobs are in the queue. */
	readonly onQueued: () => void;
	/** A reason that more files may come is gone. */
	readonly onEnded: () => void;
}

export class Intake {
	readonly #live: LiveRun;
	readonly #life: JobLife;
	readonly #options: IntakeOptions;
	#isClosed = false;

	constructor(live: LiveRun, life: JobLife, options: IntakeOptions) {
		this.#live = live;
		this.#life = life;
		this.#options = options;
		// The plan, and whatever comes until the run is closed.
		live.openCount = options.staysOpen ? 2 : 1;
	}

	/** Takes all entries of the plan out of it, in turns. To be called once. */
	async addPlan(entries: PlanEntry[]): Promise<void> {
		await this.#addAll(entries, this.#options.rules.ofRun, false);
		entries.length = 0;
		this.#release();
	}

	/** See `Run.addFile`. */
	addFile(entry: PlanEntry, settings: JobSettings = {}): FileAddress | null {
		if (!this.#isOpen) return null;
		const rules = this.#options.rules.rulesOf(settings);
		// A subscriber may close the run as it gets the first of two events.
		this.#live.openCount++;
		const address = this.#add(entry, rules, true);
		this.#release();
		return address;
	}

	/** See `Run.addFiles`. */
	async addFiles(entries: Iterable<PlanEntry>, settings: JobSettings = {}): Promise<number> {
		if (!this.#isOpen) return 0;
		const rules = this.#options.rules.rulesOf(settings);
		// The run does not end before all of them are in it.
		this.#live.openCount++;
		try {
			return await this.#addAll(entries, rules, true);
		} finally {
			this.#release();
		}
	}

	/** See `Run.close`. */
	close(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		if (this.#options.staysOpen) this.#release();
	}

	get #isOpen(): boolean {
		return !this.#isClosed && !this.#live.isStopping && !this.#live.isOver;
	}

	#release(): void {
		this.#live.openCount--;
		this.#options.onQueued();
		this.#options.onEnded();
	}

	async #addAll(entries: Iterable<PlanEntry>, rules: JobRules, isAdded: boolean): Promise<number> {
		const {events} = this.#live;
		const turns = new Turns();
		let count = 0;
		for (const entry of entries) {
			this.#add(entry, rules, isAdded);
			count++;
			if (events.room !== null) await events.room;
			if (!turns.isOver()) continue;
			// Threads have work while the others are queued.
			this.#options.onQueued();
			await turns.next();
		}
		return count;
	}

	#add(entry: PlanEntry, rules: JobRules, isAdded: boolean): FileAddress {
		const {jobs, queue, events} = this.#live;
		const address = jobs.nextAddress(entry.file);
		const addition = isAdded ? ({isAdded} as const) : {};
		if (entry.type === 'file') {
			const job = createJob(address, entry, rules);
			jobs.add(address, job);
			this.#live.openCount++;
			queue.add(job);
			events.emit({type: 'file-queued', ...aboutJob(job), bytesTotal: job.bytesTotal, ...addition});
			// A subscriber may have stopped the run as it got this event.
			if (this.#live.isStopping) this.#life.cancel(job);
			return address;
		}
		const report = neverReadReport(entry, areCombined(rules.readSettings.analysis));
		jobs.addReport(address, report);
		const about = {...address, attempt: 0};
		if (entry.type === 'skipped') events.emit({type: 'file-skipped', ...about, report, ...addition});
		else {
			events.emit({type: 'file-queued', ...about, bytesTotal: 0, ...addition});
			events.emit({type: 'file-failed', ...about, report});
		}
		return address;
	}
}
