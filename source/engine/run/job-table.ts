// The files of a run by their ids: 1, 2, 3 … in the order in which they came.
import type {FileAddress} from '../../model/file-address.ts';
import type {Job} from '../jobs/job.ts';

export class JobTable implements Iterable<Job> {
	/** At `id - 1`; `null` for what is not read. */
	readonly #jobs: Array<Job | null> = [];
	/** The first one of each name. */
	readonly #firstOfName = new Map<string, Job | null>();

	/** How the next file will be named in events. */
	nextAddress(file: string): FileAddress {
		return this.#firstOfName.has(file) ? {file, jobId: this.#jobs.length + 1} : {file};
	}

	/** @param job - With the address that `nextAddress` gave; `null` for what is not read. */
	add({file, jobId}: FileAddress, job: Job | null): void {
		this.#jobs.push(job);
		if (jobId === undefined) this.#firstOfName.set(file, job);
	}

	find({file, jobId}: FileAddress): Job | undefined {
		if (jobId === undefined) return this.#firstOfName.get(file) ?? undefined;
		const job = this.#jobs[jobId - 1];
		// An id of the first one of a name is not part of its address.
		return job?.file === file && job.jobId === jobId ? job : undefined;
	}

	/** Goes on with files that are added meanwhile. */
	*[Symbol.iterator](): Iterator<Job> {
		for (const job of this.#jobs) if (job !== null) yield job;
	}
}
