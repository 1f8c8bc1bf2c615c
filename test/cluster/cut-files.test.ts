// Large files that several workers read, in ranges: what they come to is what one thread says that reads them from the beginning, in every
// figure, reject and error; and what changed meanwhile is never counted by half.
import {appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest';
import {ClusterBackend} from '../../source/cluster/cluster-backend.ts';
import {cutFile} from '../../source/cluster/file-spans.ts';
import type {ResultBody} from '../../source/cluster/messages.ts';
import {createSealer} from '../../source/cluster/seal.ts';
import type {JobBackend, RunningTask, TaskOutcome} from '../../source/engine/backend/job-backend.ts';
import type {RangedPart, ReadSettings, SourceLocation} from '../../source/engine/shared/protocol.ts';
import {decodeCheckpoint, encodeCheckpoint, type SplitCheckpoint} from '../../source/engine/shared/split-checkpoint.ts';
import {FakePool} from '../helpers/fake-pool.ts';
import {startFileServer} from '../helpers/file-server.ts';
import {generateBytes} from '../helpers/generated.ts';
import {type MemoryCluster, openMemoryCluster} from '../helpers/memory-queue.ts';
import {type ObjectStore, startObjectStore} from '../helpers/object-store.ts';
import {type OpenPool, openPool} from '../helpers/open-pool.ts';
import {PATIENT} from '../helpers/patient.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {soup, table, transactionHeader} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {describeOutcome} from '../helpers/split-reading.ts';

const folder = mkdtempSync(join(tmpdir(), 'fileproc-cut-'));
const never = new AbortController().signal;
let cluster: MemoryCluster;
let pool: OpenPool;
let store: ObjectStore;
beforeAll(async () => {
	// Threads know of it by the environment that there was when they began.
	store = await startObjectStore();
	cluster = openMemoryCluster([2, 1]);
	pool = openPool({threads: 1, onLog: () => {}});
});
afterAll(async () => {
	await Promise.all([cluster.close(), pool.close(), store.stop()]);
	rmSync(folder, {recursive: true});
});

const backendOf = ({coordinator}: MemoryCluster): ClusterBackend =>
	new ClusterBackend(coordinator, new FakePool(() => ({threadAfterMs: 0, script: {type: 'hangs'}})));

type Changes = Partial<ReadSettings>;

async function startCut(source: SourceLocation, bytesTotal: number, changes: Changes): Promise<RunningTask> {
	const settings = {...readDefaults, splitBytes: 0, ...changes};
	const task = await backendOf(cluster).start({source, settings, bytesTotal}, never);
	if (task === null) throw new Error('The file got no worker');
	return task;
}

async function readAlone(source: SourceLocation, changes: Changes): Promise<TaskOutcome> {
	const task = await pool.start({source, settings: {...readDefaults, ...changes}}, never);
	if (task === null) throw new Error('The file got no thread');
	return task.outcome;
}

const partsDone = (): number => cluster.workers.reduce((sum, {counts}) => sum + counts.partsDone, 0);
const filesDone = (): number => cluster.workers.reduce((sum, {counts}) => sum + counts.filesDone, 0);

/** @returns How many parts were read of it, and how many files as a whole. */
async function expectSame(
	source: SourceLocation,
	bytesTotal: number,
	changes: Changes,
): Promise<{readonly parts: number; readonly files: number}> {
	const [parts, files] = [partsDone(), filesDone()];
	const cut = await startCut(source, bytesTotal, changes);
	const outcome = await cut.outcome;
	const {splitBytes: _, rangeBytes: __, ...reading} = changes;
	expect(describeOutcome(outcome)).toEqual(describeOutcome(await readAlone(source, reading)));
	return {parts: partsDone() - parts, files: filesDone() - files};
}

function written(name: string, data: string | Uint8Array): {readonly source: SourceLocation; readonly bytes: number} {
	const path = join(folder, name);
	writeFileSync(path, data);
	return {source: {kind: 'file', path}, bytes: Buffer.byteLength(data)};
}

test('all ranges of a file are in one of its parts, whatever its size', () => {
	fc.assert(
		fc.property(fc.integer({min: 1, max: 2 ** 50}), fc.integer({min: 1, max: 2 ** 26}), (fileBytes, rangeBytes) => {
			fc.pre(fileBytes / rangeBytes < 65_536);
			const spans = cutFile(fileBytes, rangeBytes);
			expect(spans[0]?.first).toBe(0);
			expect(spans.at(-1)?.end).toBe(Math.ceil(fileBytes / rangeBytes));
			for (const [place, {first}] of spans.entries()) if (place > 0) expect(spans[place - 1]?.end).toBe(first);
			expect(spans.length).toBeLessThanOrEqual(4096);
		}),
	);
});

test('a file in any parts comes to what it comes to as a whole', async () => {
	let parts = 0;
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(
				table,
				soup.map(text => Buffer.from(`${transactionHeader}\n${text}`)),
				fc.integer({min: 0, max: 1000}).map(seed => generateBytes({seed, malformedFraction: 0.2})),
			),
			fc.integer({min: 8, max: 300}),
			fc.record({
				maxErrors: fc.constantFrom(null, null, 3),
				hash: fc.constantFrom(undefined, 'xxh3' as const),
				analysis: fc.constantFrom(null, ['quality'], ['profile']),
			}),
			async (bytes, rangeBytes, changes) => {
				const file = written('random.csv', bytes);
				if (file.bytes === 0) return;
				parts += (await expectSame(file.source, file.bytes, {rangeBytes, ...changes})).parts;
			},
		),
		{numRuns: randomCases(60)},
	);
	expect(parts).toBeGreaterThan(randomCases(60));
}, 240_000);

describe('a file of many parts', () => {
	const text = generateBytes({rowsPerFile: 20_000, malformedFraction: 0.01});

	test('is gone on with by workers, and by threads, from whatever was merged of it before', async () => {
		const {source, bytes} = written('cut-off.csv', text);
		const settings = {...readDefaults, splitBytes: 0, rangeBytes: 4096, postsEachChunk: true};
		const kept: Uint8Array[] = [];
		const read = async (backend: JobBackend, from: SplitCheckpoint | null): Promise<TaskOutcome> => {
			const onTaken = (checkpoint: SplitCheckpoint): void => {
				if (from === null) kept.push(encodeCheckpoint(checkpoint, 'a version'));
			};
			const task = await backend.start({source, settings, bytesTotal: bytes, checkpoints: {from, onTaken}}, never);
			if (task === null) throw new Error('The file got no worker');
			const outcome = await task.outcome;
			const bytesBefore = (from?.ranges ?? []).reduce((sum, range) => sum + range.endOffset - range.startOffset, 0);
			if (backend !== pool) expect(task.readProgress().bytesRead).toBeGreaterThanOrEqual(bytesBefore);
			return outcome;
		};
		const whole = describeOutcome(await read(backendOf(cluster), null));
		expect(whole).toEqual(describeOutcome(await readAlone(source, {})));
		const all = cutFile(bytes, 4096).length;
		expect(kept.length).toBeGreaterThan(all / 2);
		for (const place of [0, kept.length >> 1, kept.length - 2]) {
			const decode = (): SplitCheckpoint | null => decodeCheckpoint(kept[place] ?? new Uint8Array(), 'a version');
			const before = partsDone();
			expect(describeOutcome(await read(backendOf(cluster), decode()))).toEqual(whole);
			expect([place, partsDone() - before]).toEqual([place, all - place - 1]);
			expect(describeOutcome(await read(pool, decode()))).toEqual(whole);
		}
	});

	test('is read anew where what was kept of it is of no use', async () => {
		const {source, bytes} = written('of-no-use.csv', text);
		const settings = {...readDefaults, splitBytes: 0, rangeBytes: 4096, postsEachChunk: true};
		let last: SplitCheckpoint | null = null;
		const start = async (from: SplitCheckpoint | null): Promise<TaskOutcome | undefined> => {
			const checkpoints = {
				from,
				onTaken: (taken: SplitCheckpoint): void => {
					if (from === null && taken.ranges.length < bytes / 4096 / 2) last = taken;
				},
			};
			const task = await backendOf(cluster).start({source, settings, bytesTotal: bytes, checkpoints}, never);
			return task?.outcome;
		};
		const whole = describeOutcome((await start(null)) as TaskOutcome);
		const taken = last as SplitCheckpoint | null;
		if (taken === null) throw new Error('Expected a checkpoint');
		const [first, ...others] = taken.parts;
		if (first === undefined) throw new Error('Expected a part');
		const damaged = first.folded.map(each => ({...each, partial: each.partial.slice(0, 5)}));
		for (const from of [
			{...taken, parts: [{...first, folded: damaged}, ...others]},
			{...taken, identity: 'another'},
			{...taken, fileBytes: bytes + 1},
			{...taken, ranges: taken.ranges.map(range => ({...range, endOffset: range.endOffset + 1}))},
		])
			expect(describeOutcome((await start(from)) as TaskOutcome)).toEqual(whole);
	});

	test('is read in them by all workers, and hashed, with its rejects on their lines', async () => {
		const before = cluster.workers.map(({counts}) => counts.partsDone);
		const {source, bytes} = written('many.csv', text);
		const changes = {rangeBytes: 4096, hash: 'xxh3', chunkBytes: 4096} as const;
		const {files} = await expectSame(source, bytes, {...changes, hash: undefined});
		expect(files).toBe(0);
		for (const [place, {counts}] of cluster.workers.entries())
			expect(counts.partsDone).toBeGreaterThan(before[place] ?? 0);
		expect((await expectSame(source, bytes, {...changes, rangeBytes: 65_536})).files).toBe(0);
	});

	test.each<[string, (data: Uint8Array) => Uint8Array]>([
		['is packed', data => gzipSync(data)],
		['is in UTF-16', data => Buffer.from(`\ufeff${Buffer.from(data).toString()}`, 'utf16le')],
		[
			'has a cell that looks like records',
			data => {
				const middle = data.indexOf(10, data.length >> 1) + 1;
				const plain = Buffer.from(data.subarray(middle)).toString().replaceAll('"', '');
				return Buffer.concat([data.subarray(0, middle), Buffer.from(`1,"${plain}",1,1,1\n`)]);
			},
		],
	])('that %s is read by one worker as a whole', async (name, change) => {
		const {source, bytes} = written(`${name}.csv`, change(text));
		expect((await expectSame(source, bytes, {rangeBytes: 16_384})).files).toBe(1);
	});

	test('from an object store, and from a server, is read in parts', async () => {
		await store.put('many.csv', text);
		const listed = {version: null, size: text.length};
		const object = {kind: 's3', bucket: store.bucket, key: 'many.csv', ...listed} as const;
		const fromStore = await expectSame(object, text.length, {rangeBytes: 16_384});
		const server = await startFileServer();
		server.files.set('/many.csv', {data: Buffer.from(text), etag: '"1"'});
		const page = {kind: 'http', url: `${server.url}/many.csv`, hasRanges: true, ...listed} as const;
		const fromServer = await expectSame(page, text.length, {rangeBytes: 16_384});
		for (const {parts, files} of [fromStore, fromServer]) {
			expect(parts).toBeGreaterThan(2);
			expect(files).toBe(0);
		}
		await server.stop();
	});

	test.each<[string, (path: string) => void]>([
		// As long as before: a copy by a program that sets times back, too.
		[
			'is another one',
			path => {
				writeFileSync(path, Buffer.from(text).fill('9', text.length - 400, text.length - 390));
				utimesSync(path, new Date(0), new Date(0));
			},
		],
		['is longer', path => appendFileSync(path, 'x'.repeat(20_000))],
	])('that %s when its later parts are read is no file of two states: it is read anew', async (name, change) => {
		const {source, bytes} = written(`${name}.csv`, text);
		if (source.kind !== 'file' || typeof source.path !== 'string') throw new Error('Expected a file');
		const [parts, files] = [partsDone(), filesDone()];
		const cut = await startCut(source, bytes, {rangeBytes: 1024});
		cluster.queue.pause();
		await vi.waitUntil(() => cluster.workers.every(({jobCount}) => jobCount === 0), PATIENT);
		expect(partsDone()).toBeGreaterThan(parts);
		change(source.path);
		cluster.queue.resume();
		const outcome = await cut.outcome;
		expect(outcome.type).toBe('completed');
		expect(describeOutcome(outcome)).toEqual(describeOutcome(await readAlone(source, {})));
		expect(filesDone()).toBe(files + 1);
	});

	test.each([
		['abort'],
		['hold', 'abort'],
	] as const)('that is told to %s ends, and its workers are free', async (...told) => {
		const {source, bytes} = written('aborted.csv', text);
		const cut = await startCut(source, bytes, {rangeBytes: 256, chunkBytes: 256});
		for (const directive of told) cut.direct(directive);
		expect((await cut.outcome).type).toBe('aborted');
		await vi.waitUntil(() => cluster.workers.every(({jobCount}) => jobCount === 0), PATIENT);
	});

	test('that is killed is lost, and its workers are free', async () => {
		const {source, bytes} = written('killed.csv', text);
		const cut = await startCut(source, bytes, {rangeBytes: 256, chunkBytes: 256});
		cut.kill();
		expect(await cut.outcome).toEqual({type: 'worker-lost', cause: 'it was given up'});
		await vi.waitUntil(() => cluster.workers.every(({jobCount}) => jobCount === 0), PATIENT);
	});

	test.each([0, 2])('fails where what its part %i came to cannot be merged', async place => {
		const {source, bytes} = written('damaged.csv', text);
		const sealer = createSealer('secret');
		const rangeBytes = 16_384;
		const span = cutFile(bytes, rangeBytes)[place];
		let damaged = 0;
		cluster.queue.onItsWay = sealed => {
			const result = sealer.open('result', sealed) as ResultBody;
			if (result.type !== 'span' || result.outcome.type !== 'read') return sealed;
			const {ranges, parts} = result.outcome;
			if (!ranges.some(({range}) => range === span?.first)) return sealed;
			damaged++;
			const damage = (part: RangedPart): RangedPart => ({
				...part,
				folded: part.folded.map(named => ({...named, partial: new Uint8Array(8) as never})),
			});
			return sealer.seal('result', {...result, outcome: {...result.outcome, parts: parts.map(damage)}});
		};
		onTestFinished(() => {
			cluster.queue.onItsWay = sealed => sealed;
		});
		const cut = await startCut(source, bytes, {rangeBytes});
		expect(await cut.outcome).toMatchObject({type: 'failed', error: {code: 'QUEUE_REFUSED'}});
		expect(damaged).toBe(1);
		await vi.waitUntil(() => cluster.workers.every(({jobCount}) => jobCount === 0), PATIENT);
	});

	test('fails where one reader fails, when a part of it cannot be read', async () => {
		const server = await startFileServer();
		server.files.set('/fails.csv', {data: Buffer.from(text), etag: '"1"'});
		const from = 200_000;
		server.fault = ({range}) =>
			(range?.end ?? 0) > from && (range?.start ?? 0) > 0 ? {type: 'status', status: 403} : null;
		const listed = {version: null, size: text.length};
		const page = {kind: 'http', url: `${server.url}/fails.csv`, hasRanges: true, ...listed} as const;
		const cut = await startCut(page, text.length, {rangeBytes: 16_384});
		expect(await cut.outcome).toMatchObject({type: 'failed', error: {message: expect.stringContaining('403')}});
		await server.stop();
	});
});
