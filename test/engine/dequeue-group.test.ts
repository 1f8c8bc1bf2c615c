import fc from 'fast-check';
import {expect, test} from 'vitest';
import {createJob, JobQueue, type JobRules} from '../../source/engine/jobs/job.ts';
import {dequeueGroup} from '../../source/engine/small-files/dequeue-group.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

const readSettings = {...readDefaults, chunkBytes: 1, reader: 'kernel'} as const;
const rulesOf = (timeoutMs: number): JobRules => ({readSettings, retries: 0, timeoutMs});

test('a group has files of the same rules, in the order of the queue, and leaves none out', () => {
	fc.assert(
		fc.property(
			fc.array(fc.record({rules: fc.nat({max: 2}), isSmall: fc.boolean()}), {maxLength: 60}),
			fc.integer({min: 1, max: 3}),
			(files, groupCount) => {
				const rules = [rulesOf(1), rulesOf(2), rulesOf(3)] as const;
				const queue = new JobQueue();
				const added = files.map(({rules: index, isSmall}, place) => {
					const file = `f${place}`;
					const bytesTotal = isSmall ? 10 : 1e9;
					return createJob({file}, {source: {kind: 'file', path: file}, bytesTotal}, rules[index] ?? rules[0]);
				});
				for (const job of added) queue.add(job);
				const taken = [];
				while (queue.peek() !== undefined) {
					const group = dequeueGroup(queue, groupCount);
					expect(new Set(group.map(job => job.rules)).size).toBeLessThanOrEqual(1);
					const large = group.length === 0 ? queue.dequeue() : undefined;
					taken.push(...group, ...(large === undefined ? [] : [large]));
				}
				expect(taken).toEqual(added);
			},
		),
	);
});

test('the members of a packed tar archive are one group, in the order in which they are unpacked', () => {
	const rules = rulesOf(1);
	const jobOf = (archive: string, dataOffset: number, packing: 'gzip' | null = 'gzip') => {
		const place = {
			format: 'tar',
			archiveIdentity: archive.slice(0, 1),
			packing,
			dataOffset,
			unpackedBytes: 1e9,
		} as const;
		const source = {kind: 'member', archive: {kind: 'file', path: archive}, name: 'a.csv', place} as const;
		return createJob({file: `${archive}!${dataOffset}`}, {source, bytesTotal: 1e9}, rules);
	};
	const queue = new JobQueue();
	const jobs = [jobOf('a', 900), jobOf('a', 100), jobOf('a', 500), jobOf('b', 200), jobOf('b', 100, null)];
	for (const job of jobs) queue.add(job);
	const next = (): string[] => dequeueGroup(queue, 2).map(({file}) => file);
	expect([next(), next(), next()]).toEqual([['a!100', 'a!500', 'a!900'], ['b!200'], []]);
	expect(queue.dequeue()?.file).toBe('b!100');
	// Two links of one archive.
	for (const job of [jobOf('c1', 100), jobOf('c1', 500), jobOf('c2', 100), jobOf('c2', 500)]) queue.add(job);
	expect([next(), next()]).toEqual([
		['c1!100', 'c1!500'],
		['c2!100', 'c2!500'],
	]);
});
