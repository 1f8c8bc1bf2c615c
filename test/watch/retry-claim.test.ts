// Failed files that are tried again: what becomes of the file, of the claim that failed and of its reason, wherever a process dies.
import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test, vi} from 'vitest';
import {type ClaimsLedger, openClaimsLedger} from '../../source/ledger/claims-ledger.ts';
import type {WatchStatus} from '../../source/model/watch-status.ts';
import {FolderSync} from '../../source/report/folder-sync.ts';
import {createClaimIds} from '../../source/watch/claim-ids.ts';
import {storedName, watchFolders} from '../../source/watch/folders.ts';
import {Inbox} from '../../source/watch/inbox.ts';
import {ProcessorStates} from '../../source/watch/processor-states.ts';
import {retryWanted} from '../../source/watch/retry-claim.ts';
import {requestRetries} from '../../source/watch/retry-requests.ts';
import {readWatchStatus} from '../../source/watch/status.ts';
import type {WatchContext} from '../../source/watch/watch-context.ts';
import {PATIENT} from '../helpers/patient.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';
import {createPipeline, openWatching, type PipelineOptions, watchOnce} from '../helpers/watched-pipeline.ts';

/** It is made once, and each test has a copy. */
let made: string | null = null;
afterAll(() => {
	if (made !== null) rmSync(made, {recursive: true, force: true});
});

/** A watched folder with one failed file, and its claim. */
async function withFailed(): Promise<{root: string; id: string}> {
	const {path: root} = createTemporaryFolder();
	if (made === null) {
		made = mkdtempSync(join(tmpdir(), 'fileproc-failed-'));
		mkdirSync(join(made, 'unprocessed'));
		writeFileSync(join(made, 'unprocessed/a.csv'), 'bad');
		await watchOnce(made);
	}
	cpSync(made, root, {recursive: true});
	const [failed] = statusOf(root).failed;
	if (failed === undefined) throw new Error('Expected a failed file');
	return {root, id: failed.claim};
}

const statusOf = (root: string): WatchStatus => readWatchStatus(watchFolders(root));

/** All files but those of the state, by their folder and name without the claim, with what they say. */
function filesOf(root: string): Record<string, string> {
	const found: Record<string, string> = {};
	for (const folder of ['unprocessed', 'underprocess', 'processed', 'failed', 'results']) {
		for (const name of readdirSync(join(root, folder)))
			found[`${folder}/${name.replace(/^.*?__/, '')}`] = readFileSync(join(root, folder, name), 'utf8');
	}
	return found;
}

/** The file is in one place alone, with what belongs beside it, and counts once. */
function expectWhole(root: string, text = 'bad'): 'processed' | 'failed' {
	const files = filesOf(root);
	const {failed, completed, ...others} = statusOf(root).files;
	expect(others).toEqual({waiting: 0, skipped: 0, processing: 0, duplicate: 0});
	expect(failed + completed).toBe(1);
	const names = failed === 1 ? ['failed/a.csv', 'failed/a.csv.reason.json'] : ['processed/a.csv', 'results/a.csv.json'];
	expect(Object.keys(files).sort()).toEqual(names);
	expect(files[names[0] ?? '']).toBe(text);
	expect(readdirSync(join(root, '.state/work'))).toEqual([]);
	return failed === 1 ? 'failed' : 'processed';
}

test('a failed file is taken up again, by the route that a person has chosen, and its failure does not count any more', async () => {
	const {root, id} = await withFailed();
	const {watcher, events} = await openWatching(root);
	const taken = watcher.retry([id, id, 'no-such-claim'], 'second');
	await watcher.run();
	expect(await taken).toBe(1);
	expect(expectWhole(root)).toBe('processed');
	expect(statusOf(root)).toMatchObject({
		success_rate: 1,
		last_error: null,
		failed: [],
		tags: [{tag: 'second', completed: 1}],
	});
	expect(events.filter(({type}) => type === 'file-completed')).toMatchObject([{tag: 'second'}]);
	// What is not there any more cannot be tried once more.
	const again = await openWatching(root);
	const none = again.watcher.retry([id], null);
	await again.watcher.run();
	expect(await none).toBe(0);
	expect(expectWhole(root)).toBe('processed');
});

test('who asks from outside chooses the route, too', async () => {
	const {root, id} = await withFailed();
	await requestRetries(watchFolders(root), [id], 'second');
	await watchOnce(root);
	expect(expectWhole(root)).toBe('processed');
	expect(statusOf(root).tags).toMatchObject([{tag: 'second', completed: 1}]);
	expect(readdirSync(join(root, '.state/retries'))).toEqual([]);
});

test('one that fails again lies in failed/ under its new claim, and the same outcome is computed, not remembered', async () => {
	const {root, id} = await withFailed();
	const {watcher, events} = await openWatching(root);
	const taken = watcher.retry('all-failed', null);
	await watcher.run();
	expect(await taken).toBe(1);
	expect(events.map(({type}) => type)).toContain('file-failed');
	expect(expectWhole(root)).toBe('failed');
	expect(statusOf(root).failed).toMatchObject([{code: 'BAD'}]);
	expect(statusOf(root).failed[0]?.claim).not.toBe(id);
});

test('all failed files are tried again, many at a time', async () => {
	const {path: root} = createTemporaryFolder();
	await watchOnce(root);
	for (let index = 0; index < 150; index++) writeFileSync(join(root, `unprocessed/${index}.csv`), `bad ${index}`);
	await watchOnce(root);
	expect(statusOf(root).files.failed).toBe(150);
	const {watcher} = await openWatching(root, {loaded: createPipeline({fails: () => false})});
	const taken = watcher.retry('all-failed', null);
	await watcher.run();
	expect(await taken).toBe(150);
	expect(statusOf(root).files).toMatchObject({failed: 0, completed: 150});
	expect(watcher.look().status.files).toMatchObject({failed: 0, completed: 150});
	expect(readdirSync(join(root, 'failed'))).toEqual([]);
});

test('what the watching process counts meanwhile agrees with the ledger, and a file that is gone is told', async () => {
	const {root, id} = await withFailed();
	const {watcher, notices} = await openWatching(root, {isOnce: false});
	const running = watcher.run();
	await watcher.retry([id], 'second');
	await vi.waitFor(() => expect(watcher.look().status.files).toMatchObject({completed: 1, failed: 0}), PATIENT);
	await vi.waitFor(() => expect(watcher.look().files).toMatchObject([{state: 'completed', tag: 'second'}]), PATIENT);
	writeFileSync(join(root, 'unprocessed/b.csv'), 'bad too');
	await vi.waitFor(
		() => expect(watcher.look().files.find(({file}) => file === 'b.csv')?.isRetriable).toBe(true),
		PATIENT,
	);
	const gone = watcher.look().files.find(({file}) => file === 'b.csv')?.claim ?? '';
	for (const name of readdirSync(join(root, 'failed'))) rmSync(join(root, 'failed', name));
	expect(await watcher.retry([gone], null)).toBe(0);
	expect(notices).toEqual(['b.csv cannot be tried again: it does not lie in failed/ any more.']);
	const {files, failed} = watcher.look().status;
	expect({files, failed}).toEqual({files: statusOf(root).files, failed: statusOf(root).failed});
	watcher.stop();
	await running;
	expect(await watcher.retry([gone], null)).toBe(0);
});

test('a retried file for which there is no time goes back to failed/, with its reason, and counts as failed', async () => {
	const {root, id} = await withFailed();
	const {promise, resolve} = Promise.withResolvers<void>();
	const hold = (): Promise<void> => {
		resolve();
		return new Promise(() => {});
	};
	const loaded = createPipeline({hold});
	const {watcher} = await openWatching(root, {isOnce: false, graceMs: 0, loaded});
	const running = watcher.run();
	expect(await watcher.retry([id], 'second')).toBe(1);
	await promise;
	expect(existsSync(join(root, 'failed', `${id}__a.csv.reason.json`))).toBe(false);
	watcher.stop();
	await running;
	expect(watcher.look().status.files).toMatchObject({failed: 1, processing: 0});
	expect(expectWhole(root)).toBe('failed');
	expect(statusOf(root).failed).toMatchObject([{claim: id, code: 'BAD'}]);
	expect(JSON.parse(filesOf(root)['failed/a.csv.reason.json'] ?? '')).toMatchObject({claim: id, code: 'BAD'});
});

/** What a process that dies leaves behind: from one of its steps on, nothing happens any more. */
class Mortal {
	readonly #diesAt: number;
	readonly #isAfter: boolean;
	readonly died = Promise.withResolvers<void>();
	#steps = 0;

	constructor(diesAt: number, isAfter: boolean) {
		this.#diesAt = diesAt;
		this.#isAfter = isAfter;
	}

	async step<Value>(work: () => Promise<Value>): Promise<Value> {
		const isLast = ++this.#steps === this.#diesAt;
		if (isLast && !this.#isAfter) await this.#die();
		const value = await work();
		if (isLast) await this.#die();
		return value;
	}

	#die(): Promise<never> {
		this.died.resolve();
		return new Promise(() => {});
	}
}

function contextOf(
	root: string,
	ledger: ClaimsLedger,
	mortal: Mortal,
	signal: AbortSignal,
	options: PipelineOptions,
): WatchContext {
	const folders = watchFolders(root);
	const sync = new FolderSync();
	const {pipeline, processor, chooseRoute} = createPipeline(options);
	return {
		...{folders, pipeline, processor, signal, storedName, settleMs: 1, needsMarker: false, createId: createClaimIds()},
		...{
			now: () => performance.now(),
			wallClock: Date.now,
			onBlocked() {},
			onTaken() {},
			onNotice() {},
			onRefused: (_, reason) => expect.fail(reason),
			onStep() {},
			onDecided() {},
		},
		sync: {sync: (path: string) => mortal.step(() => sync.sync(path))} as FolderSync,
		inbox: new Inbox({
			...{folder: folders.unprocessed, settleMs: 1, isRecursive: false, needsMarker: false, mustWait: () => false},
			now: () => 0,
			wallClock: () => 0,
		}),
		states: new ProcessorStates(async () => null),
		chooseRoute: (file, path) => chooseRoute({...file, path}),
		commit: changes => mortal.step(() => ledger.commit({changes, lines: '', files: [], end: null})),
		ask: question => mortal.step(() => ledger.ask(question)),
		once: (_, work) => work(),
		aside: wait => wait(),
		isOutOfRoom: async () => false,
		isThere: async () => true,
		untilDone: work => work(),
	};
}

/** @returns Whether it died. */
async function retryAndDie(
	root: string,
	id: string,
	mortal: Mortal,
	signal: AbortSignal,
	options: PipelineOptions,
): Promise<boolean> {
	const startedAt = Date.now();
	const run = {
		id: `run-${startedAt}`,
		startedAt,
		folder: root,
		paths: [root],
		settings: '{}',
		process: '999999999 1 here',
		version: '0',
	};
	const ledger = await openClaimsLedger({path: watchFolders(root).ledger, run});
	const work = retryWanted(contextOf(root, ledger, mortal, signal, options), {id, route: 'second', settle() {}}, 1);
	const hasDied = await Promise.race([work.then(() => false), mortal.died.promise.then(() => true)]);
	await ledger.close();
	return hasDied;
}

describe.each([
	['before', false],
	['after', true],
])('a process that dies %s', (_, isAfter) => {
	test('any step of a retry loses nothing, and the next one brings it to its end', async () => {
		const ends = new Set<string>();
		let count = 0;
		for (let step = 1; ; step++) {
			const {root, id} = await withFailed();
			const hasDied = await retryAndDie(root, id, new Mortal(step, isAfter), new AbortController().signal, {});
			await watchOnce(root);
			ends.add(expectWhole(root));
			if (!hasDied) break;
			count++;
		}
		// Until the file has been moved, it is as if nobody had asked.
		expect(ends).toEqual(new Set(['failed', 'processed']));
		expect(count).toBeGreaterThan(10);
	});

	test('any step of giving a retried file back loses nothing', async () => {
		let count = 0;
		for (let step = 1; ; step++) {
			const {root, id} = await withFailed();
			const ending = new AbortController();
			const hold = async (): Promise<void> => ending.abort();
			const hasDied = await retryAndDie(root, id, new Mortal(step, isAfter), ending.signal, {hold});
			if (!hasDied) expect(expectWhole(root)).toBe('failed');
			await watchOnce(root);
			expectWhole(root);
			if (!hasDied) break;
			count++;
		}
		expect(count).toBeGreaterThan(10);
	});

	test('dies again while it is recovered, wherever that is', async () => {
		for (const [first, second] of [
			[3, 2],
			[4, 3],
			[6, 3],
			[8, 5],
		] as const) {
			const {root, id} = await withFailed();
			await retryAndDie(root, id, new Mortal(first, isAfter), new AbortController().signal, {});
			// The second one does not recover, but asks for the same again, as a person would.
			await retryAndDie(root, id, new Mortal(second, isAfter), new AbortController().signal, {});
			await watchOnce(root);
			expectWhole(root);
		}
	});
});
