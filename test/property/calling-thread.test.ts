// Whether the calling thread reads along makes no difference to what a run says.
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {startBatch} from '../../source/engine/batch.ts';
import {planFiles} from '../../source/engine/plan/plan.ts';
import {CallingThread} from '../../source/engine/pool/calling-thread.ts';
import type {RunningBatch} from '../../source/engine/shared/running-batch.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const usual = fc.integer({min: 0, max: 60}).map(rows => Buffer.from(transactionsText(rows)));
const unusualFiles: ReadonlyArray<Buffer<ArrayBuffer>> = [
	Buffer.from('a,b\n1,2\n'),
	Buffer.from(`${transactionsText(2)}t,c,"open`),
	Buffer.alloc(0),
	gzipSync(transactionsText(30)),
	Buffer.from(transactionsText(8000)),
];
const unusual = fc.constantFrom(...unusualFiles);
const files = fc
	.record({
		many: fc.array(usual, {minLength: 30, maxLength: 80}),
		few: fc.array(fc.tuple(fc.nat({max: 80}), unusual), {maxLength: 10, size: 'max'}),
	})
	.map(({many, few}) => few.reduce((all, [place, file]) => all.toSpliced(place, 0, file), many));

async function reportOf(folder: string, callerReads: boolean) {
	const collector = createReportCollector();
	const events: RunEvent[] = [];
	const plan = await planFiles([folder]);
	const settings = {threads: 2, concurrency: 3, retries: 0};
	const onEvent = (event: RunEvent): void => {
		events.push(event);
		collector.handle(event);
	};
	await startBatch({plan, paths: [folder], settings, callerReads, onEvent}).done;
	const {files: reports, totals, ...rest} = collector.report();
	const timeless = reports.map(file => ({...file, processing_time: 0}));
	return {
		report: {...rest, totals: {...totals, processing_time: 0}, files: timeless},
		startedCount: events.filter(({type}) => type === 'file-started').length,
	};
}

test('a run with it and one without give the same report, and begin each file once', async () => {
	const reads = vi.spyOn(CallingThread.prototype, 'start');
	const endCounts = {done: 0, left: 0, lost: 0};
	await fc.assert(
		fc.asyncProperty(files, async contents => {
			const folder = createTemporaryFolder();
			for (const [index, bytes] of contents.entries()) folder.write(`${String(index).padStart(3, '0')}.csv`, bytes);
			reads.mockClear();
			const own = await reportOf(folder.path, true);
			const batches = reads.mock.results.map(({value}) => value as RunningBatch | null);
			const ends = await Promise.all(batches.map(async batch => (await batch?.ended)?.type));
			expect(ends.filter(type => type === 'left').length, 'none is left twice').toBeLessThanOrEqual(
				contents.filter(bytes => unusualFiles.includes(bytes)).length,
			);
			for (const type of ends) if (type !== undefined) endCounts[type]++;
			reads.mockClear();
			expect(own).toEqual(await reportOf(folder.path, false));
			expect(reads).not.toHaveBeenCalled();
			expect(own.startedCount).toBe(contents.length);
		}),
		{numRuns: 25},
	);
	// It is about what it reads, and about what it leaves.
	expect(endCounts).toEqual({done: expect.any(Number), left: expect.any(Number), lost: 0});
	expect(Math.min(endCounts.done, endCounts.left)).toBeGreaterThan(10);
});
