// The files of a run by their ids: 1, 2, 3 … in the order in which they came.
import type {FileAddress} from '../../model/file-address.ts';
import type {FileReport, RunTotals} from '../../model/report.ts';
import {sumTotals, TotalsSum} from '../../model/totals.ts';
import type {Job} from '../jobs/job.ts';

export interface JobTable extends Iterable<Job> {
	/** How the next file will be named in events. */
	readonly nextAddress: (file: string) => FileAddress;
	/** @param address - The one that `nextAddress` gave. */
	readonly add: (address: FileAddress, job: Job) => void;
	/** The same for an entry that is not read. */
	readonly addReport: (address: FileAddress, report: FileReport) => void;
	/** A job has its report: its last one, unless the file is tried again. */
	readonly end: (job: Job, report: FileReport) => void;
	readonly find: (address: FileAddress) => Job | undefined;
	/** Of all files that have ended. */
	readonly totals: (elapsedMs: number) => RunTotals;
	/** Goes on with files that are added meanwhile. */
	readonly [Symbol.iterator]: () => Iterator<Job>;
}

/** Keeps all files, because they may be tried again and looked into. */
export class AllJobs implements JobTable {
	/** At `id - 1`; `null` for what is not read. */
	readonly #jobs: Array<Job | null> = [];
	/** The first one of each name. */
	readonly #firstOfName = new Map<string, Job | null>();
	readonly #otherReports: FileReport[] = [];

	nextAddress(file: string): FileAddress {
		return this.#firstOfName.has(file) ? {file, jobId: this.#jobs.length + 1} : {file};
	}

	add(address: FileAddress, job: Job): void {
		this.#add(address, job);
	}

	addReport(address: FileAddress, report: FileReport): void {
		this.#add(address, null);
		this.#otherReports.push(report);
	}

	#add({file, jobId}: FileAddress, job: Job | null): void {
		this.#jobs.push(job);
		if (jobId === undefined) this.#firstOfName.set(file, job);
	}

	end(job: Job, report: FileReport): void {
		job.report = report;
	}

	find({file, jobId}: FileAddress): Job | undefined {
		if (jobId === undefined) return this.#firstOfName.get(file) ?? undefined;
		const job = this.#jobs[jobId - 1];
		// An id of the first one of a name is not part of its address.
		return job?.file === file && job.jobId === jobId ? job : undefined;
	}

	totals(elapsedMs: number): RunTotals {
		const reports = Array.from(this, job => job.report).filter(report => report !== null);
		return sumTotals([...reports, ...this.#otherReports], elapsedMs);
	}

	*[Symbol.iterator](): Iterator<Job> {
		for (const job of this.#jobs) if (job !== null) yield job;
	}
}

/** Keeps the files that have not ended, and the sum of the others: for a run that goes on as long as its process. */
export class OpenJobs implements JobTable {
	readonly #jobs = new Map<number, Job>();
	readonly #sum = new TotalsSum();
	#count = 0;

	/** Names of files that have ended are not known any more, so each file is named by its id as well. */
	nextAddress(file: string): FileAddress {
		return {file, jobId: this.#count + 1};
	}

	add(_: FileAddress, job: Job): void {
		this.#jobs.set(++this.#count, job);
	}

	addReport(_: FileAddress, report: FileReport): void {
		this.#count++;
		this.#sum.add(report);
	}

	end(job: Job, report: FileReport): void {
		if (job.jobId !== undefined) this.#jobs.delete(job.jobId);
		this.#sum.add(report);
	}

	find({file, jobId = 0}: FileAddress): Job | undefined {
		const job = this.#jobs.get(jobId);
		return job?.file === file ? job : undefined;
	}

	totals(elapsedMs: number): RunTotals {
		return this.#sum.after(elapsedMs);
	}

	[Symbol.iterator](): Iterator<Job> {
		return this.#jobs.values();
	}
}
