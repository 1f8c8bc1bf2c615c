// Which files are read in groups, and how many make up one.

import type {JobBackend, WorkerTask} from '../backend/job-backend.ts';
import type {Job, JobQueue} from '../jobs/job.ts';
import type {ReadSettings, SourceLocation} from '../shared/protocol.ts';
import {packedTarOf} from '../shared/source-location.ts';
import {packingOfName} from '../unpacking/packing.ts';

/** A group has at most this number of files and bytes: some 10 ms of work, beside which the time between two groups is nothing. */
const MAX_FILES = 256;
const MAX_BYTES = 4 * 1024 * 1024;

/** Up to this size a file takes less time than a message. */
const SMALL_BYTES = 256 * 1024;

const isSmall = ({source, bytesTotal = null}: Pick<WorkerTask, 'source' | 'bytesTotal'>): boolean =>
	bytesTotal !== null &&
	bytesTotal <= SMALL_BYTES &&
	((source.kind === 'file' && !isNamedPacked(source)) ||
		(source.kind === 'member' && source.place.unpackedBytes <= SMALL_BYTES));

/** Whether a name that the file came with says more than where it lies, which is all that a group knows. */
const isNamedPacked = ({path, name}: Extract<SourceLocation, {readonly kind: 'file'}>): boolean =>
	name !== undefined && packingOfName(name) !== packingOfName(path);

/** A backend that reads files in groups. */
export type GroupBackend = Required<Pick<JobBackend, 'startGroup'>>;

/**
Whether small files that are read with these settings go in groups. Simulated waits are there to show files one by one; the
structure of hundreds of files would be more than all else that a group sends.
*/
export const areGrouped = ({
	reader,
	simulateIoMs,
	tellsStructure,
}: Pick<ReadSettings, 'reader' | 'simulateIoMs' | 'tellsStructure'>): boolean =>
	reader === 'kernel' && simulateIoMs === 0 && tellsStructure !== true;

export const canGroup = (backend: Partial<GroupBackend>, settings: ReadSettings): backend is GroupBackend =>
	backend.startGroup !== undefined && areGrouped(settings);

/**
Takes the next small files from the queue, if it begins with any, which are read by the same rules: fewer towards the end, so
that threads end together.

@param groupCount - How many groups are read at the same time.
@param isAlone - Whether a file is in no group, however small it is.
*/
export function dequeueGroup(
	queue: JobQueue,
	groupCount: number,
	isAlone: (source: SourceLocation) => boolean = () => false,
): Job[] {
	const next = queue.peek();
	const tar = next === undefined ? null : packedTarOf(next.source);
	if (tar !== null) return dequeueMembers(queue, tar);
	const maxFiles = Math.min(MAX_FILES, Math.ceil(queue.size / (2 * groupCount)));
	const jobs: Job[] = [];
	let bytes = 0;
	for (let job = queue.peek(); job !== undefined && isSmall(job); job = queue.peek()) {
		if (isAlone(job.source)) break;
		bytes += job.bytesTotal ?? 0;
		const [first = job] = jobs;
		if (jobs.length > 0 && (jobs.length === maxFiles || bytes > MAX_BYTES || job.rules !== first.rules)) break;
		queue.dequeue();
		jobs.push(job);
		if (maxFiles <= 1) break;
	}
	return jobs;
}

/** The members of a packed tar archive are read by one thread, in the order in which they are unpacked: several would each unpack all of it. */
function dequeueMembers(queue: JobQueue, archive: string): Job[] {
	const jobs: Job[] = [];
	for (let job = queue.peek(); job !== undefined && packedTarOf(job.source) === archive; job = queue.peek()) {
		if (jobs[0] !== undefined && job.rules !== jobs[0].rules) break;
		queue.dequeue();
		jobs.push(job);
	}
	return jobs.sort((left, right) => offsetOf(left) - offsetOf(right));
}

const offsetOf = ({source}: Job): number =>
	source.kind === 'member' && source.place.format === 'tar' ? source.place.dataOffset : 0;
