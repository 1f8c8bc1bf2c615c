// What is kept of files that have ended: a watched folder goes on for months, so nothing of each may be.
import {setTimeout as wait} from 'node:timers/promises';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {expect, test, vi} from 'vitest';
import {loadWatchPipeline} from '../../source/cli/commands/watch/load-watch-pipeline.ts';
import {Watcher} from '../../source/watch/watcher.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const FILES = 200;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('nothing of a file is kept when it has ended', async () => {
	const folder = createTemporaryFolder();
	for (let index = 0; index < FILES; index++)
		folder.write(`unprocessed/f${index}.csv`, `${transactionsText(2)}T${index},C,1.00,2026-01-01,fuel\n`);
	/** Of each file what is largest: its report, with its figures, and its outcome, with the document. */
	const kept: WeakRef<object>[] = [];
	const loaded = await loadWatchPipeline(null, {
		...{settings: {threads: 1}, maxTextBytes: 1024, onLog() {}},
		onEvent: (claim, event) => watcher.onReading(claim, event),
	});
	const watcher = await Watcher.open({
		...{root: folder.path, loaded, settings: {}, version: '0', analyses: [], concurrency: 1, threads: 1},
		...{isOnce: false, settleMs: 0, pollMs: 20, recoveryIntervalMs: 60_000, graceMs: 10_000},
		...{isRecursive: false, needsMarker: false, allowsNetworkDrive: true},
		results: loaded.results,
		onEvent(event) {
			if (event.type === 'file-completed') kept.push(new WeakRef(event.report));
		},
		onNotice: notice => expect.fail(notice),
		onRecovered() {},
		onDecided: (_, decision) => kept.push(new WeakRef(decision)),
	});
	const running = watcher.run();
	try {
		await vi.waitFor(() => expect(watcher.status().files).toMatchObject({completed: FILES, processing: 0}), PATIENT);
		expect(kept).toHaveLength(2 * FILES);
		await vi.waitFor(async () => {
			// What a turn has looked at is kept until it is over.
			await wait(10);
			collectGarbage();
			const count = kept.filter(each => each.deref() !== undefined).length;
			// Those that were looked at last are in caches.
			expect(count).toBeLessThan(FILES / 4);
		}, PATIENT);
		// In the end the figures are of all of them nevertheless.
		watcher.stop();
		await running;
		expect((await loaded.results()).transactions?.total_transactions).toBe(3 * FILES);
	} finally {
		watcher.stop();
		await running.catch(() => {});
		await loaded.close();
	}
});
