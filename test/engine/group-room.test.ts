// Memory for groups: one thread at a time has more than its share, others wait, and none of it is seen in a report.
import {expect, test} from 'vitest';
import {startBatch} from '../../source/engine/batch.ts';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import {GroupRoom} from '../../source/engine/shared/group-room.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

test('a thread that is the only one has no bound', () => {
	const room = new GroupRoom();
	room.shareAmong(1);
	expect([room.take(1, 2 ** 20), room.take(2, 2 ** 20), room.isTakenBy(1)]).toEqual([true, true, false]);
});

test('of more threads each has its share, and one at a time more than that until it ends', () => {
	const room = new GroupRoom();
	room.shareAmong(4);
	const others = new GroupRoom(room.buffer);
	expect([room.take(1, 65_536), others.take(2, 65_536), room.isTakenBy(1)]).toEqual([true, true, false]);
	expect([room.take(1, 65_537), others.take(2, 65_537), room.take(1, 2 ** 20)]).toEqual([true, false, true]);
	others.leave(2);
	expect([others.isTakenBy(1), others.take(2, 65_537)]).toEqual([true, false]);
	room.leave(1);
	expect([others.take(2, 65_537), others.isTakenBy(2)]).toEqual([true, true]);
});

test('a share is never so small that usual columns of categories meet it', () => {
	const room = new GroupRoom();
	room.shareAmong(1000);
	expect([room.take(1, 32_768), room.isTakenBy(1)]).toEqual([true, false]);
});

/** One record for each of so many categories, which only this file has. */
const manyCategories = (name: string, count: number): string =>
	`customer_id,amount,date,category\n${Array.from({length: count}, (_, index) => `c,1,2024-01-01,${name}${index}\n`).join('')}`;

/** @returns The reports without their times, and how many threads were ended for their memory. */
async function readWith(paths: readonly string[], threads: number): Promise<{reports: unknown; endedCount: number}> {
	const events: RunEvent[] = [];
	let endedCount = 0;
	const run = startBatch({
		plan: await planFiles(paths),
		paths,
		settings: {concurrency: threads, threads, retries: 0},
		onEvent: event => events.push(event),
		onLog(message, {cause}) {
			if (message === 'worker-ended' && String(cause).includes('much memory')) endedCount++;
		},
	});
	await run.done;
	const reports: Record<string, unknown> = {};
	for (const event of events) {
		if (event.type === 'run-completed') reports.all = event.analyses;
		else if ('report' in event) reports[event.file] = {...event.report, processing_time: 0};
	}
	return {reports, endedCount};
}

test('files of many categories are read one after the other by as many threads, and say the same', async () => {
	const folder = createTemporaryFolder();
	const paths = ['a', 'b', 'c'].map(name => folder.write(`${name}.csv`, manyCategories(name, 45_000)));
	const together = await readWith(paths, 8);
	expect(together.endedCount).toBeGreaterThan(0);
	const alone = await readWith(paths, 1);
	expect(alone.endedCount).toBe(0);
	expect(together.reports).toEqual(alone.reports);
});

test('a file that several threads share is read by one where it has many categories', async () => {
	const folder = createTemporaryFolder();
	const path = folder.write('large.csv', manyCategories('a category with a long name '.repeat(6), 90_000));
	const together = await readWith([path], 8);
	expect(together.endedCount).toBeGreaterThan(0);
	expect(together.reports).toEqual((await readWith([path], 1)).reports);
});
