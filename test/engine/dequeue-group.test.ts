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
