// The calling thread as one more that reads small files: what it reads, what it leaves to others, and that all else goes on.
import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest';
import {CallingThread} from '../../source/engine/pool/calling-thread.ts';
import {startThreadsEarly} from '../../source/engine/pool/start-thread.ts';
import {createWorkerPool, type WorkerPool} from '../../source/engine/pool/worker-pool.ts';
import {Consolidation} from '../../source/engine/shared/consolidation.ts';
import type {FilesReply, ReadSettings} from '../../source/engine/shared/protocol.ts';
import type {BatchClient, RunningBatch} from '../../source/engine/shared/running-batch.ts';
import {type SmallFile, SmallFiles} from '../../source/engine/worker/small/small-file.ts';
import {TurnReader} from '../../source/engine/worker/small/turn-reader.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {webAssembly} from '../../source/kernel/webassembly.ts';
import {foldedFile} from '../helpers/fake-pool.ts';
import {createTemporaryFolder, transactionsText} from '../helpers/temporary-folder.ts';

const settings: ReadSettings = {analysis: null, maxErrors: null, simulateIoMs: 0, chunkBytes: 65_536, reader: 'kernel'};

interface Watched {
	readonly client: BatchClient;
	readonly replies: FilesReply[];
	/** What became of the files, in order. */
	readonly types: () => string[];
}

function clientFor(paths: readonly string[]): Watched {
	const replies: FilesReply[] = [];
	const client: BatchClient = {
		choose: () => ({sources: paths.map(path => ({kind: 'file', path})), settings}),
		onStart() {},
		onReply: reply => void replies.push(reply),
	};
	return {client, replies, types: () => replies.flatMap(({outcomes}) => Array.from(outcomes, ({type}) => type))};
}

function writeFiles(count: number): string[] {
	const folder = createTemporaryFolder();
	return Array.from({length: count}, (_, index) => folder.write(`${index}.csv`, transactionsText(1 + (index % 7))));
}

const neverRetired = (cause: string): void => {
	throw new Error(`The calling thread left: ${cause}`);
};

async function start(thread: CallingThread, {client}: Watched): Promise<RunningBatch> {
	expect(await thread.prepare()).toBe(true);
	expect(thread.isFree).toBe(false);
	const batch = thread.start(client);
	if (batch === null) throw new Error('There was nothing to do');
	return batch;
}

const textsOf = (replies: readonly FilesReply[]): string => replies.map(({texts}) => Buffer.from(texts)).join('');
const rowsOf = (replies: readonly FilesReply[]): number[] =>
	replies.flatMap(({outcomes}) => Array.from(outcomes, outcome => (outcome.type === 'completed' ? outcome.rows : -1)));

/** What all files came to, in however many replies that was sent. */
function mergedOf(replies: readonly FilesReply[]) {
	const consolidation = new Consolidation();
	for (const {merged} of replies) for (const partial of merged) consolidation.add(partial);
	return consolidation.finish();
}

/** Reads nothing; its time goes by as the test says. */
function scriptedFiles(read: SmallFiles['read']) {
	const files = {read: vi.fn(read), take: () => null};
	return {files, load: async () => new TurnReader(files)};
}

/** Does something as the file of this number is read. */
function readSlowlyAnd(number: number, act: () => void): SmallFiles['read'] {
	let count = 0;
	return () => {
		if (++count === number) act();
		return readSlowly();
	};
}

const usual: SmallFile = {
	type: 'usual',
	kind: {dialect: foldedFile.dialect, analysis: null, rejects: []},
	...{rows: 1, rejectedRows: 0, textBytes: 0},
	state: {dev: 1, ino: 1, size: 1, mtimeMs: 1, ctimeMs: 1},
};

const trap = (): never => {
	throw new webAssembly.RuntimeError();
};
const refuse = (): never => {
	throw new RangeError('Array buffer allocation failed');
};

/** As slow a file as one of a whole turn. */
function readSlowly(): SmallFile {
	const endsAtMs = performance.now() + 1;
	while (performance.now() < endsAtMs);
	return usual;
}

test('usual files: what it tells is what a thread tells', async () => {
	const paths = writeFiles(40);
	const thread = new CallingThread(neverRetired);
	const own = clientFor(paths);
	expect(await (await start(thread, own)).ended).toEqual({type: 'done'});
	expect(thread.isFree).toBe(true);

	const pool = createWorkerPool({threads: 1, onLog() {}});
	onTestFinished(() => pool.close());
	const other = clientFor(paths);
	expect(await (await pool.startBatch(other.client))?.ended).toEqual({type: 'done'});
	expect(textsOf(own.replies)).toBe(textsOf(other.replies));
	expect(rowsOf(own.replies)).toEqual(rowsOf(other.replies));
	expect(rowsOf(own.replies)).toEqual(paths.map((_, index) => 1 + (index % 7)));
	expect(mergedOf(own.replies)).toEqual(mergedOf(other.replies));
});

test('any other file ends a batch: that one and those behind it have not begun; the eighth is the last', async () => {
	const folder = createTemporaryFolder();
	const oddPath = folder.write('no-table.csv', 'a,b\n1,2\n');
	const batch = clientFor([...writeFiles(3), oddPath, ...writeFiles(2)]);
	const retired = vi.fn();
	const thread = new CallingThread(retired);
	const running = await start(thread, batch);
	expect(await running.ended).toEqual({type: 'left', isNextUnusual: true});
	expect(batch.types()).toEqual(['completed', 'completed', 'completed']);
	expect(running.board.current).toBe(2);
	expect(
		[3, 4].map(file => running.board.cancel(file)),
		'they wait still',
	).toEqual([true, true]);
	for (let count = 2; count <= 8; count++) {
		expect(thread.isFree).toBe(true);
		expect(retired).not.toHaveBeenCalled();
		expect(await (await start(thread, clientFor([oddPath]))).ended).toEqual({type: 'left', isNextUnusual: true});
	}
	expect(retired).toHaveBeenCalledExactlyOnceWith('there are other files than usual small ones');
	expect(thread.isFree).toBe(false);
});

test('where it has read many, it may leave more', async () => {
	const {load} = scriptedFiles(path => (path === 'odd' ? null : usual));
	const retired = vi.fn();
	const thread = new CallingThread(retired, load);
	const many = clientFor(Array.from({length: 310}, () => 'usual'));
	expect(await (await start(thread, many)).ended).toEqual({type: 'done'});
	for (let count = 1; count <= 10; count++) {
		expect(retired).not.toHaveBeenCalled();
		expect(await (await start(thread, clientFor(['odd']))).ended).toEqual({type: 'left', isNextUnusual: true});
	}
	expect(retired).toHaveBeenCalledOnce();
});

test('files that are cancelled are passed over', async () => {
	const batch = clientFor(writeFiles(4));
	const running = await start(new CallingThread(neverRetired), batch);
	for (const file of [0, 2, 3]) expect(running.board.cancel(file)).toBe(true);
	expect(await running.ended).toEqual({type: 'done'});
	expect(batch.types()).toEqual(['skipped', 'completed', 'skipped', 'skipped']);
});

test('others have a turn after each of its own', async () => {
	const {load} = scriptedFiles(readSlowly);
	const batch = clientFor(Array.from({length: 20}, (_, index) => String(index)));
	let turnCount = 0;
	let isOver = false;
	const count = (): void => {
		turnCount++;
		if (!isOver) setImmediate(count);
	};
	const {ended} = await start(new CallingThread(neverRetired, load), batch);
	setImmediate(count);
	await ended;
	isOver = true;
	expect(batch.types()).toHaveLength(20);
	expect(turnCount).toBeGreaterThanOrEqual(19);
});

test('while it is held it reads nothing, and what it has read has been told', async () => {
	const {files, load} = scriptedFiles(readSlowlyAnd(2, () => running.progress.direct('hold')));
	const batch = clientFor(['a', 'b', 'c', 'd']);
	const running = await start(new CallingThread(neverRetired, load), batch);
	await vi.waitFor(() => expect(batch.types()).toHaveLength(2), {interval: 1});
	let isOver = false;
	void running.ended.then(() => {
		isOver = true;
	});
	for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setTimeout(resolve, 2));
	expect(isOver).toBe(false);
	expect(files.read).toHaveBeenCalledTimes(2);
	running.progress.direct('run');
	expect(await running.ended).toEqual({type: 'done'});
	expect(batch.types()).toHaveLength(4);
});

test('what it tells of files in a hold is as true as what it tells at the end', async () => {
	const paths = writeFiles(30);
	const real = new SmallFiles(new Kernel());
	let readCount = 0;
	const reader = new TurnReader({
		read(...args) {
			readSlowly();
			readCount++;
			if (readCount === 5 || readCount === 10) running.progress.direct('hold');
			return real.read(...args);
		},
		take: () => real.take(),
	});
	const own = clientFor(paths);
	const running = await start(new CallingThread(neverRetired, async () => reader), own);
	for (const count of [5, 10]) {
		await vi.waitFor(() => expect(own.types()).toHaveLength(count), {interval: 1});
		running.progress.direct('run');
	}
	expect(await running.ended).toEqual({type: 'done'});
	const other = clientFor(paths);
	await (await start(new CallingThread(neverRetired), other)).ended;
	expect(textsOf(own.replies)).toBe(textsOf(other.replies));
	expect(rowsOf(own.replies)).toEqual(rowsOf(other.replies));
	for (const {outcomes, texts} of own.replies) {
		const sizes = Array.from(outcomes, outcome => (outcome.type === 'completed' ? outcome.textBytes : 0));
		expect(
			sizes.reduce((sum, size) => sum + size, 0),
			'each reply has its own figures',
		).toBe(texts.length);
	}
});

test('it tells what it has read while it reads on', async () => {
	const {load} = scriptedFiles(readSlowly);
	const batch = clientFor(Array.from({length: 80}, (_, index) => String(index)));
	const running = await start(new CallingThread(neverRetired, load), batch);
	await vi.waitFor(() => expect(batch.replies).not.toEqual([]), {interval: 1});
	expect(batch.types().length).toBeLessThan(80);
	expect(await running.ended).toEqual({type: 'done'});
	expect(batch.types()).toHaveLength(80);
	expect(batch.replies.map(({isLast}) => isLast)).toEqual(
		batch.replies.map((_, index, all) => index === all.length - 1),
	);
});

test('where there is nothing to choose, it is free for the next', async () => {
	const thread = new CallingThread(neverRetired);
	expect(await thread.prepare()).toBe(true);
	expect(thread.start(clientFor([]).client)).toBeNull();
	expect(thread.isFree).toBe(true);
});

test.each(['kill', 'retire'] as const)('%s ends it after its turn, held or not, and nothing is lost', async way => {
	for (const isHeld of [true, false]) {
		const end = (): void => {
			if (isHeld) running.progress.direct('hold');
			if (way === 'kill') running.kill();
			else thread.retire('others are needed');
		};
		const {files, load} = scriptedFiles(readSlowlyAnd(2, end));
		const batch = clientFor(['a', 'b', 'c', 'd']);
		const retired = vi.fn();
		const thread = new CallingThread(retired, load);
		const running = await start(thread, batch);
		expect(await running.ended).toEqual({type: 'left', isNextUnusual: false});
		expect(batch.types()).toHaveLength(2);
		expect(files.read).toHaveBeenCalledTimes(2);
		thread.retire('once more');
		expect(retired).toHaveBeenCalledOnce();
	}
});

test.each([
	['in the middle of a file', {read: trap, take: () => null}],
	['as it gives its figures', {read: () => usual, take: trap}],
	['for want of memory to tell in', {read: () => usual, take: refuse}],
])('a kernel that stops %s is a thread that is lost', async (_, files) => {
	const retired = vi.fn();
	const batch = clientFor(['a']);
	const running = await start(new CallingThread(retired, async () => new TurnReader(files)), batch);
	expect(await running.ended).toMatchObject({type: 'lost', cause: expect.stringMatching(/memory|allocation/)});
	expect(running.board.current).toBe(0);
	expect(batch.replies).toEqual([]);
	expect(retired).toHaveBeenCalledOnce();
});

test('a fault of whoever is told is theirs, and told to nobody twice', async () => {
	const {load} = scriptedFiles(readSlowly);
	const onReply = vi.fn(() => {
		throw new Error('a bug');
	});
	const client = {...clientFor(Array.from({length: 80}, () => 'a')).client, onReply};
	const thread = new CallingThread(neverRetired, load);
	await thread.prepare();
	await expect(thread.start(client)?.ended).rejects.toThrow('a bug');
	expect(onReply).toHaveBeenCalledOnce();
});

test('where it cannot read at all, it says so and asks for nothing', async () => {
	const retired = vi.fn();
	const thread = new CallingThread(retired, async () => {
		throw new Error('no memory');
	});
	expect(await thread.prepare()).toBe(false);
	expect(retired).toHaveBeenCalledExactlyOnceWith('Error: no memory');
});

test('that it is not wanted any more when it could begin is no lack of a thread', async () => {
	const {load} = scriptedFiles(readSlowly);
	const thread = new CallingThread(() => {}, load);
	expect(await thread.prepare()).toBe(true);
	thread.retire('others are needed');
	const choose = vi.fn(() => ({sources: [{kind: 'file', path: 'a'} as const], settings}));
	expect(thread.start({...clientFor([]).client, choose})).toBeNull();
	expect(choose).toHaveBeenCalled();
});

interface WatchedPool extends WorkerPool {
	readonly log: string[];
}

function createPool(threads: number): WatchedPool {
	const log: string[] = [];
	const pool = createWorkerPool({threads, callerReads: true, onLog: message => void log.push(message)});
	onTestFinished(() => pool.close());
	return {...pool, log};
}

async function readAtOnce(pool: WorkerPool, batchCount: number): Promise<void> {
	const batches = Array.from({length: batchCount}, () => clientFor(writeFiles(5)));
	const running = await Promise.all(batches.map(({client}) => pool.startBatch(client)));
	for (const batch of running) expect(await batch?.ended).toEqual({type: 'done'});
	for (const batch of batches) expect(batch.types()).toHaveLength(5);
}

/** With these a large file lasts for as long as a test wants. */
const slowly: ReadSettings = {...settings, simulateIoMs: 20};

describe('in a pool', () => {
	const startBatch = vi.spyOn(CallingThread.prototype, 'start');
	beforeEach(() => {
		startBatch.mockClear();
	});

	test('it takes the last place: one thread is started, not two', async () => {
		const pool = createPool(2);
		await readAtOnce(pool, 3);
		expect(pool.log).toEqual(['worker-started']);
		// How often depends on how long the thread takes to start.
		expect(startBatch).toHaveBeenCalled();
	});

	test('it has nothing to do where a thread is idle', async () => {
		const pool = createPool(2);
		for (let count = 0; count < 3; count++) {
			expect(await (await pool.startBatch(clientFor(writeFiles(5)).client))?.ended).toEqual({type: 'done'});
		}
		expect(startBatch).not.toHaveBeenCalled();
	});

	test('it is no substitute for the only thread', async () => {
		const pool = createPool(1);
		await readAtOnce(pool, 2);
		expect(startBatch).not.toHaveBeenCalled();
	});

	test('a file that is no small one wants all threads', async () => {
		const pool = createPool(2);
		const folder = createTemporaryFolder();
		const path = folder.write('large.csv', transactionsText(10_000));
		const tasks = Array.from({length: 2}, () => ({
			source: {kind: 'file', path} as const,
			settings,
			bytesTotal: 300_000,
		}));
		const running = await Promise.all(tasks.map(task => pool.start(task, new AbortController().signal)));
		for (const task of running) expect(await task?.outcome).toMatchObject({type: 'completed', file: {rows: 10_000}});
		expect(pool.log).toEqual(['calling-thread-left', 'worker-started', 'worker-started']);
	});

	test('whoever waits when it leaves gets a thread in its place', async () => {
		const pool = createPool(2);
		const folder = createTemporaryFolder();
		const path = folder.write('large.csv', transactionsText(20_000));
		const choose = () => ({sources: [{kind: 'file', path} as const], settings: slowly});
		const first = await pool.startBatch({...clientFor([]).client, choose});
		const second = await pool.startBatch(clientFor(writeFiles(3)).client);
		const third = pool.startBatch(clientFor(writeFiles(3)).client);
		second?.kill();
		expect(await second?.ended).toEqual({type: 'left', isNextUnusual: false});
		expect(await (await third)?.ended).toEqual({type: 'done'});
		expect(pool.log).toEqual(['worker-started', 'calling-thread-left', 'worker-started']);
		first?.kill();
		expect(await first?.ended).toMatchObject({type: 'lost'});
	});

	test('others wait, and it has nothing to do: its place is better given to a thread', async () => {
		const pool = createPool(2);
		const folder = createTemporaryFolder();
		const [lasting, waiting] = ['lasting.csv', 'waiting.csv'].map(name => folder.write(name, transactionsText(20_000)));
		// Small by what is known of them, so it does not leave for that.
		const startFile = (path = '', readSettings = settings) => {
			const task = {source: {kind: 'file', path} as const, settings: readSettings, bytesTotal: 4000};
			return pool.start(task, new AbortController().signal);
		};
		const first = await startFile(lasting, slowly);
		const second = await startFile(waiting);
		expect(await second?.outcome).toMatchObject({type: 'completed'});
		expect(pool.log).toEqual(['worker-started', 'calling-thread-left', 'worker-started']);
		first?.direct('abort');
		expect(await first?.outcome).toEqual({type: 'aborted'});
	});

	test('threads that have been started already are used', async () => {
		startThreadsEarly(2);
		const pool = createPool(2);
		await readAtOnce(pool, 2);
		expect(startBatch).not.toHaveBeenCalled();
	});

	test('a pool that is closed does not wait for what is held', async () => {
		const pool = createPool(2);
		const clients = Array.from({length: 2}, () => ({
			...clientFor(writeFiles(3)).client,
			onStart: ({progress}: RunningBatch) => progress.direct('hold'),
		}));
		const [, own] = await Promise.all(clients.map(client => pool.startBatch(client)));
		await pool.close();
		expect(await own?.ended).toEqual({type: 'left', isNextUnusual: false});
	});
});
