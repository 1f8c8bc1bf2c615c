import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import type {GroupEnd, RunningGroup} from '../../source/engine/backend/job-backend.ts';
import type {Plan, PlanEntry} from '../../source/engine/plan/plan.ts';
import {startRun} from '../../source/engine/run/run.ts';
import type {Run, RunOptions} from '../../source/engine/run/run-options.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import type {RunEvent} from '../../source/model/events.ts';
import type {FileReport, Report} from '../../source/model/report.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {atOnce, errorOf, FakePool, FakeTask, foldedFile, planOf} from '../helpers/fake-pool.ts';
import {type Hands, handsOn} from '../helpers/hands.ts';
import {PATIENT} from '../helpers/patient.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

beforeEach(() => {
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date']});
});
afterEach(() => {
	vi.useRealTimers();
});

/** Lets so much time pass, and everything happen that happens in it. */
const pass = (durationMs: number): Promise<unknown> => vi.advanceTimersByTimeAsync(durationMs);

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, {type: Type}>;

interface Watched extends Run, Hands {
	readonly events: RunEvent[];
	readonly ofType: <Type extends RunEvent['type']>(type: Type) => Array<EventOf<Type>>;
	/** `file-started 1`, `file-failed 1` … of one file, progress left out. */
	readonly lifeOf: (file: string) => string[];
	/** The report; the run must be over. */
	readonly report: () => Report;
	readonly reportOf: (file: string) => FileReport | undefined;
}

function watch(
	pool: RunOptions['backend'],
	plan: Plan,
	options: Partial<Omit<RunOptions, 'backend' | 'plan' | 'onEvent'>> = {},
	/** Sees each event after it was noted; `run` is there once `startRun` has returned. */
	onEvent: (event: RunEvent, run: (Hands & Pick<Run, 'close'>) | null) => void = () => {},
): Watched {
	const events: RunEvent[] = [];
	let run: Run | null = null;
	run = startRun({
		plan,
		paths: ['data'],
		version: '1.2.3',
		analyses: describeAnalyses(null),
		concurrency: 3,
		maxConcurrency: 3,
		threads: 3,
		retries: 2,
		timeoutMs: 60_000,
		readSettings: {...readDefaults, chunkBytes: 1, reader: 'reference'},
		backend: pool,
		monotonicNow: () => Date.now(),
		random: () => 0,
		...options,
		onEvent(event) {
			events.push(event);
			onEvent(event, run === null ? null : {...run, ...handsOn(run)});
		},
	});
	const report = (): Report => {
		const collector = createReportCollector();
		for (const event of events) collector.handle(event);
		return collector.report();
	};
	return {
		...run,
		...handsOn(run),
		events,
		ofType: <Type extends RunEvent['type']>(type: Type) =>
			events.filter((event): event is EventOf<Type> => event.type === type),
		lifeOf: file =>
			events.flatMap(event =>
				'file' in event && event.file === file && event.type !== 'file-progressed'
					? [`${event.type.slice('file-'.length)} ${event.attempt}`]
					: [],
			),
		report,
		reportOf: file => report().files.find(candidate => candidate.file === file),
	};
}

/** A pool where each start of a file fails with the next of these codes and then completes; `lost` kills the thread. */
const failing = (...codes: readonly string[]): FakePool =>
	new FakePool((_, startIndex) => {
		const code = codes[startIndex];
		if (code === undefined) return atOnce({type: 'completes', afterMs: 0});
		return atOnce(code === 'lost' ? {type: 'is-lost', afterMs: 0} : {type: 'fails', code, afterMs: 0});
	});

const completing = (): FakePool => new FakePool(() => atOnce({type: 'completes', afterMs: 10}));

test('a run tells of its start, of each file and of its end', async () => {
	const run = watch(completing(), planOf(['a.csv', 'b.csv']), {concurrency: 1});
	await pass(1000);
	await run.done;
	expect(run.events.map(event => ('file' in event ? `${event.type} ${event.file}` : event.type))).toEqual([
		'run-started',
		'file-queued a.csv',
		'file-queued b.csv',
		'file-started a.csv',
		'file-completed a.csv',
		'file-started b.csv',
		'file-completed b.csv',
		'run-completed',
	]);
	expect(run.events.map(({seq}) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
	expect(run.ofType('run-started')).toMatchObject([
		{version: '1.2.3', paths: ['data'], fileCount: 2, bytesTotal: 200, concurrency: 1, threads: 3, elapsedMs: 0},
	]);
	expect(run.ofType('run-completed')).toMatchObject([
		{
			status: 'completed',
			totals: {files: 2, completed: 2, bytes: 200, rows: 20, rejected_rows: 2, processing_time: 0.02},
		},
	]);
});

test('a run without files is over at once', async () => {
	const run = watch(new FakePool(), planOf([]));
	await run.done;
	expect(run.events.map(({type}) => type)).toEqual(['run-started', 'run-completed']);
	expect(vi.getTimerCount()).toBe(0);
});

test('as many files are in flight as may be, in the order of the plan', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a', 'b', 'c', 'd', 'e']), {concurrency: 2});
	await pass(0);
	expect(pool.tasks.map(({file}) => file)).toEqual(['a', 'b']);
	pool.taskOf('b').complete();
	await pass(0);
	expect(pool.tasks.map(({file}) => file)).toEqual(['a', 'b', 'c']);
	for (const file of ['a', 'c', 'd', 'e']) {
		pool.taskOf(file).complete();
		await pass(0);
	}
	await run.done;
	expect(pool.mostInFlight).toBe(2);
});

test('how many files are in flight can be changed: more begin at once, fewer as files end', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a', 'b', 'c', 'd', 'e']), {concurrency: 1});
	await pass(0);
	expect(run.setConcurrency(2)).toBe(2);
	await pass(0);
	expect(pool.tasks.map(({file}) => file)).toEqual(['a', 'b']);
	expect([run.setConcurrency(0), run.setConcurrency(Number.NaN)]).toEqual([1, 1]);
	pool.taskOf('a').complete();
	await pass(0);
	expect(pool.tasks.map(({file}) => file)).toEqual(['a', 'b']);
	pool.taskOf('b').complete();
	await pass(0);
	expect(pool.tasks.map(({file}) => file)).toEqual(['a', 'b', 'c']);
	run.pause();
	expect(run.setConcurrency(9)).toBe(3);
	await pass(0);
	expect(pool.tasks).toHaveLength(3);
	run.resume();
	await pass(0);
	expect(pool.tasks.map(({file}) => file)).toEqual(['a', 'b', 'c', 'd', 'e']);
	run.stop();
	await run.done;
	run.setConcurrency(1);
	expect(run.ofType('run-completed')).toHaveLength(1);
});

test('what is no regular file is skipped, what cannot be read fails, and no thread hears of either', async () => {
	const pool = completing();
	const run = watch(
		pool,
		planOf(
			['a.csv'],
			[
				{type: 'skipped', file: 'pipe.csv', kind: 'a FIFO'},
				{type: 'unreadable', file: 'secret.csv', error: errorOf('EACCES')},
			],
		),
	);
	await pass(100);
	await run.done;
	expect(pool.tasks.map(({file}) => file)).toEqual(['a.csv']);
	expect(run.lifeOf('pipe.csv')).toEqual(['skipped 0']);
	expect(run.lifeOf('secret.csv')).toEqual(['queued 0', 'failed 0']);
	expect(run.reportOf('pipe.csv')).toMatchObject({
		status: 'skipped',
		attempts: 0,
		error: {code: 'NOT_A_REGULAR_FILE', message: 'It is a FIFO; only regular files are read'},
	});
	expect(run.reportOf('secret.csv')).toMatchObject({status: 'failed', attempts: 0, error: {code: 'EACCES'}});
	expect(run.report().totals).toMatchObject({files: 3, completed: 1, failed: 1, skipped: 1});
});

// Retries

test.each(['EMFILE', 'EIO', 'ENOMEM', 'CHANGED_WHILE_READING', 'lost'])('%s is tried again', async code => {
	const run = watch(failing(code), planOf(['a.csv']));
	await pass(20_000);
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual(['queued 0', 'started 1', 'retrying 1', 'started 2', 'completed 2']);
	expect(run.reportOf('a.csv')).toMatchObject({status: 'completed', attempts: 2, error: null, bytes: 100});
});

test.each([
	'ENOENT',
	'EACCES',
	'UNCLOSED_QUOTE',
	'MISSING_COLUMN',
	'CORRUPT_GZIP',
])('%s is not tried again', async code => {
	const run = watch(failing(code), planOf(['a.csv']));
	await pass(20_000);
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual(['queued 0', 'started 1', 'failed 1']);
	expect(run.reportOf('a.csv')).toMatchObject({
		status: 'failed',
		attempts: 1,
		rows: 0,
		result: null,
		error: {code, message: `scripted ${code}`},
	});
});

test('a file is tried again as often as retries says, and the last error is its error', async () => {
	const run = watch(failing('EIO', 'EMFILE', 'EBUSY', 'EIO'), planOf(['a.csv']), {retries: 2});
	await pass(20_000);
	await run.done;
	expect(run.ofType('file-retrying').map(({error}) => error.code)).toEqual(['EIO', 'EMFILE']);
	expect(run.reportOf('a.csv')).toMatchObject({status: 'failed', attempts: 3, error: {code: 'EBUSY'}});
});

test('waits between attempts grow, and no attempt starts before its wait is over', async () => {
	const run = watch(failing('EIO', 'EIO', 'EIO', 'EIO'), planOf(['a.csv']), {retries: 4, random: () => 0.5});
	await pass(60_000);
	await run.done;
	const retries = run.ofType('file-retrying');
	expect(retries.map(({waitMs}) => waitMs)).toEqual([188, 375, 750, 1500]);
	const starts = run.ofType('file-started');
	expect(retries.map(({elapsedMs, waitMs}) => elapsedMs + waitMs)).toEqual(
		starts.slice(1).map(({elapsedMs}) => elapsedMs),
	);
});

test('a file that waits for a retry leaves its place to others', async () => {
	const pool = new FakePool((file, startIndex) =>
		atOnce(
			file === 'a' && startIndex === 0 ? {type: 'fails', code: 'EIO', afterMs: 0} : {type: 'completes', afterMs: 1},
		),
	);
	const run = watch(pool, planOf(['a', 'b', 'c']), {concurrency: 1});
	await pass(1000);
	await run.done;
	expect(pool.tasks.map(({file}) => file)).toEqual(['a', 'b', 'c', 'a']);
});

test('standard input is not tried again: what it gave is gone', async () => {
	const plan: Plan = {
		entries: [{type: 'file', file: '-', source: {kind: 'standard-input'}, bytesTotal: null}],
		unmatched: [],
	};
	const pool = failing('EIO');
	const run = watch(pool, plan, {}, (event, current) => {
		if (event.type === 'file-failed') expect(current?.retryFiles(['-'])).toBe(0);
	});
	await pass(20_000);
	await run.done;
	expect(run.lifeOf('-')).toEqual(['queued 0', 'started 1', 'failed 1']);
});

test('a file that costs three threads is in a crash loop, however many retries are left', async () => {
	const run = watch(failing('lost', 'lost', 'lost', 'lost'), planOf(['a.csv']), {retries: 9});
	await pass(60_000);
	await run.done;
	const report = run.reportOf('a.csv');
	expect(report).toMatchObject({status: 'failed', attempts: 3, error: {code: 'CRASH_LOOP'}});
	expect(report?.error?.message).toContain('3 threads');
	expect(report?.error?.message).toContain('scripted loss');
});

test('a lost thread without a retry left is told as what it is', async () => {
	const run = watch(failing('lost', 'lost'), planOf(['a.csv']), {retries: 1});
	await pass(60_000);
	await run.done;
	expect(run.reportOf('a.csv')).toMatchObject({attempts: 2, error: {code: 'WORKER_LOST'}});
});

test('a file for which no thread can be had is tried again', async () => {
	const pool = new FakePool((_, startIndex) =>
		atOnce(startIndex === 0 ? {type: 'is-refused'} : {type: 'completes', afterMs: 0}),
	);
	const run = watch(pool, planOf(['a.csv']));
	await pass(1000);
	await run.done;
	expect(run.ofType('file-retrying')).toMatchObject([{error: {code: 'WORKER_LOST'}}]);
	expect(run.ofType('file-retrying')[0]?.error.message).toContain('scripted refusal');
	expect(run.reportOf('a.csv')).toMatchObject({status: 'completed', attempts: 2});
});

// Timeouts

test('a file that makes no progress for the timeout fails, and is not tried again', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a.csv']), {timeoutMs: 5000});
	await pass(4800);
	expect(pool.taskOf('a.csv').isOver).toBe(false);
	await pass(400);
	await run.done;
	expect(pool.taskOf('a.csv').directives).toContain('abort');
	const report = run.reportOf('a.csv');
	expect(report).toMatchObject({status: 'failed', attempts: 1, error: {code: 'TIMEOUT'}});
	expect(report?.error?.message).toContain('No progress for 5 s');
});

test('any progress puts the timeout off, be it bytes or records', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a.csv']), {timeoutMs: 5000});
	await pass(4000);
	pool.taskOf('a.csv').progressTo(1);
	await pass(4000);
	pool.taskOf('a.csv').progressTo(1, 1);
	await pass(4000);
	expect(pool.taskOf('a.csv').isOver).toBe(false);
	await pass(1500);
	await run.done;
	expect(run.reportOf('a.csv')).toMatchObject({bytes: 1, error: {code: 'TIMEOUT', byte_offset: 1}});
});

test('time does not count while the run or the file is held', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a.csv']), {timeoutMs: 5000});
	await pass(4000);
	run.pause();
	await pass(60_000);
	run.resume();
	await pass(4000);
	run.pauseFile('a.csv');
	await pass(60_000);
	run.resumeFile('a.csv');
	await pass(4000);
	expect(pool.taskOf('a.csv').isAborted).toBe(false);
	await pass(1500);
	expect(pool.taskOf('a.csv').isAborted).toBe(true);
	await run.done;
});

test('a thread that does not answer is ended within two seconds of the stop', async () => {
	const pool = new FakePool(() => atOnce({type: 'is-deaf'}));
	const run = watch(pool, planOf(['a.csv', 'b.csv']), {concurrency: 1});
	await pass(1000);
	run.stop();
	await pass(1000);
	expect(pool.taskOf('a.csv').wasKilled).toBe(false);
	await pass(1000);
	expect(pool.taskOf('a.csv').wasKilled).toBe(true);
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual(['queued 0', 'started 1', 'cancelled 1']);
	expect(run.lifeOf('b.csv')).toEqual(['queued 0', 'cancelled 0']);
});

test('a thread that answers in time is not ended', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a.csv']));
	await pass(0);
	run.stop();
	await run.done;
	expect(vi.getTimerCount()).toBe(0);
	await pass(10_000);
	expect(pool.taskOf('a.csv').wasKilled).toBe(false);
});

// Progress

test('progress is told when something changed, with totals', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a.csv', 'b.csv']));
	await pass(1000);
	const told = () =>
		run.ofType('file-progressed').map(({file, attempt, bytesRead, rows, rejectedRows, isPaused}) => ({
			file,
			attempt,
			bytesRead,
			rows,
			rejectedRows,
			isPaused,
		}));
	run.events.length = 0;
	await pass(1000);
	expect(told()).toEqual([]);

	pool.taskOf('a.csv').progressTo(40, 3, 1);
	await pass(1000);
	pool.taskOf('a.csv').progressTo(90, 8, 1);
	await pass(1000);
	const ofA = {file: 'a.csv', attempt: 1, rejectedRows: 1, isPaused: false};
	expect(told()).toEqual([
		{...ofA, bytesRead: 40, rows: 3},
		{...ofA, bytesRead: 90, rows: 8},
	]);
	run.stop();
	await run.done;
});

test('many changes between two looks are told once', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a.csv']));
	await pass(1000);
	run.events.length = 0;
	for (let bytesRead = 1; bytesRead <= 99; bytesRead++) pool.taskOf('a.csv').progressTo(bytesRead);
	await pass(100);
	expect(run.ofType('file-progressed').map(({bytesRead}) => bytesRead)).toEqual([99]);
	run.stop();
	await run.done;
});

// Pause

test('a held run starts nothing and holds what runs, until it is resumed', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a', 'b', 'c']), {concurrency: 2});
	await pass(0);
	run.pause();
	run.pause();
	expect(pool.tasks.map(({isHeld}) => isHeld)).toEqual([true, true]);
	pool.taskOf('a').complete();
	await pass(10_000);
	expect(pool.tasks.map(({file}) => file)).toEqual(['a', 'b']);
	run.resume();
	run.resume();
	await pass(0);
	expect(pool.tasks.map(({file, isHeld}) => [file, isHeld])).toEqual([
		['a', true],
		['b', false],
		['c', false],
	]);
	expect(run.ofType('run-paused')).toHaveLength(1);
	expect(run.ofType('run-resumed')).toHaveLength(1);
	run.stop();
	await run.done;
});

test('a run that is held in the moment it begins starts nothing until it is resumed', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a', 'b', 'c']), {concurrency: 2});
	run.pause();
	await pass(1000);
	expect(pool.tasks).toEqual([]);
	run.resume();
	run.pause();
	await pass(1000);
	expect(pool.tasks).toEqual([]);
	run.resume();
	await pass(0);
	expect(pool.tasks.map(({file}) => file).sort()).toEqual(['a', 'b']);
	run.stop();
	await run.done;
	expect(run.report().totals).toMatchObject({files: 3, cancelled: 3});
});

test('a held file is told as held, the others go on', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a', 'b']));
	await pass(1000);
	run.events.length = 0;
	run.pauseFile('a');
	run.pauseFile('a');
	expect(run.ofType('file-progressed')).toMatchObject([{file: 'a', isPaused: true}]);
	expect(pool.tasks.map(({isHeld}) => isHeld)).toEqual([true, false]);
	run.resumeFile('a');
	expect(run.ofType('file-progressed').map(({isPaused}) => isPaused)).toEqual([true, false]);
	expect(pool.taskOf('a').isHeld).toBe(false);
	run.stop();
	await run.done;
});

test('resuming the run does not let go a file that was held by itself', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a', 'b']));
	await pass(0);
	run.pauseFile('a');
	run.pause();
	run.resume();
	expect(pool.tasks.map(({isHeld}) => isHeld)).toEqual([true, false]);
	run.pause();
	run.resumeFile('a');
	expect(pool.taskOf('a').isHeld).toBe(true);
	run.stop();
	await run.done;
});

test('a file that fails while it is held is not held in its next attempt', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a.csv']));
	await pass(0);
	run.pauseFile('a.csv');
	pool.taskOf('a.csv').lose();
	await pass(1000);
	expect(run.lifeOf('a.csv').at(-1)).toBe('started 2');
	expect(pool.taskOf('a.csv').isHeld).toBe(false);
	run.pauseFile('a.csv');
	expect(pool.taskOf('a.csv').isHeld).toBe(true);
	run.stop();
	await run.done;
});

test('a file can be held by whoever is told that it started', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a.csv']), {}, (event, current) => {
		if (event.type === 'file-started') current?.pauseFile(event.file);
	});
	await pass(0);
	expect(pool.taskOf('a.csv').isHeld).toBe(true);
	expect(run.ofType('file-progressed')).toMatchObject([{isPaused: true}]);
	run.stop();
	await run.done;
});

// Cancelling and stopping

test('a cancelled file does not make the run a cancelled one', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a', 'b', 'c']), {concurrency: 1});
	await pass(0);
	run.cancelFile('a');
	run.cancelFile('c');
	run.cancelFile('no such file');
	await pass(0);
	pool.taskOf('b').complete();
	await run.done;
	expect(run.lifeOf('a')).toEqual(['queued 0', 'started 1', 'cancelled 1']);
	expect(run.lifeOf('c')).toEqual(['queued 0', 'cancelled 0']);
	expect(run.report()).toMatchObject({status: 'completed', totals: {files: 3, completed: 1, cancelled: 2}});
	expect(run.reportOf('a')).toMatchObject({status: 'cancelled', error: null, result: null, rows: 0});
});

test('a file that waits for a thread can be cancelled, and never begins', async () => {
	const pool = new FakePool(() => ({threadAfterMs: 5000, script: {type: 'hangs'}}));
	const run = watch(pool, planOf(['a.csv']));
	await pass(100);
	run.cancelFile('a.csv');
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual(['queued 0', 'cancelled 0']);
	expect(pool.tasks).toEqual([]);
});

test('a file that waits for a retry can be cancelled', async () => {
	const run = watch(failing('EIO'), planOf(['a.csv']));
	await pass(1);
	run.cancelFile('a.csv');
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual(['queued 0', 'started 1', 'retrying 1', 'cancelled 1']);
	expect(vi.getTimerCount()).toBe(0);
});

test('a file can be cancelled by whoever is told that it started', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a.csv']), {}, (event, current) => {
		if (event.type === 'file-started') current?.cancelFile(event.file);
	});
	await pass(0);
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual(['queued 0', 'started 1', 'cancelled 1']);
});

test('a cancelled file that fails at that moment is not tried again', async () => {
	const run = watch(new FakePool(() => atOnce({type: 'fails-as-it-aborts', code: 'EIO'})), planOf(['a.csv']));
	await pass(0);
	run.cancelFile('a.csv');
	await pass(10_000);
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual(['queued 0', 'started 1', 'cancelled 1']);
});

test('a file that completes as it is cancelled has completed', async () => {
	const pool = new FakePool(() => atOnce({type: 'is-deaf'}));
	const run = watch(pool, planOf(['a.csv']));
	await pass(0);
	run.stop();
	pool.taskOf('a.csv').complete();
	await run.done;
	// A stop that came too late to keep anything from completing stopped nothing.
	expect(run.report()).toMatchObject({status: 'completed', totals: {completed: 1, cancelled: 0}});
});

test('a file that is cancelled in the moment it gets its thread leaves the thread', async () => {
	const tasks: FakeTask[] = [];
	const run: Watched = watch(
		{
			...new FakePool(),
			async start() {
				const task = new FakeTask('a.csv', {type: 'hangs'}, () => {});
				tasks.push(task);
				// Behind the return of this function, before anyone can look at what it returned.
				queueMicrotask(() => {
					run.cancelFile('a.csv');
				});
				return task;
			},
		},
		planOf(['a.csv']),
	);
	await pass(0);
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual(['queued 0', 'cancelled 0']);
	expect(tasks.map(({isAborted}) => isAborted)).toEqual([true]);
	await pass(5000);
	expect(vi.getTimerCount()).toBe(0);
});

test('a stop cancels what runs, what waits and what is queued, and nothing starts after it', async () => {
	const pool = new FakePool(file => atOnce(file === 'a' ? {type: 'fails', code: 'EIO', afterMs: 0} : {type: 'hangs'}));
	const run = watch(pool, planOf(['a', 'b', 'c', 'd']), {concurrency: 2});
	await pass(10);
	expect(run.lifeOf('a').at(-1)).toBe('retrying 1');
	run.stop();
	run.stop();
	expect(run.retryFiles(['a', 'b', 'c', 'd'])).toBe(0);
	await pass(60_000);
	await run.done;
	expect(run.report()).toMatchObject({status: 'cancelled', totals: {files: 4, cancelled: 4}});
	expect(run.report().files.map(({file, attempts}) => [file, attempts])).toEqual([
		['a', 1],
		['b', 1],
		['c', 1],
		['d', 0],
	]);
	expect(vi.getTimerCount()).toBe(0);
});

test('a held run can be stopped', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['a', 'b']), {concurrency: 1});
	await pass(0);
	run.pause();
	run.stop();
	await run.done;
	expect(run.report()).toMatchObject({status: 'cancelled', totals: {cancelled: 2}});
});

test('an abort signal stops the run; one that is aborted already starts nothing', async () => {
	const pool = new FakePool();
	const stopper = new AbortController();
	const run = watch(pool, planOf(['a', 'b']), {concurrency: 1, signal: stopper.signal});
	await pass(0);
	stopper.abort();
	await run.done;
	expect(run.report()).toMatchObject({status: 'cancelled', totals: {cancelled: 2}});

	const late = watch(pool, planOf(['c']), {signal: stopper.signal});
	await late.done;
	expect(late.lifeOf('c')).toEqual(['queued 0', 'cancelled 0']);
	expect(pool.tasks.map(({file}) => file)).toEqual(['a']);
});

test('after its end a run takes no requests but to try files again', async () => {
	const run = watch(failing('ENOENT'), planOf(['a.csv']));
	await pass(10);
	await run.done;
	const count = run.events.length;
	run.pause();
	run.resume();
	run.pauseFile('a.csv');
	run.cancelFile('a.csv');
	run.stop();
	expect(run.retryFiles(['no such file'])).toBe(0);
	expect(run.events).toHaveLength(count);
});

// Retrying by hand

test('failed and cancelled files can be queued again while the run is on, with all their retries', async () => {
	const pool = failing('EIO', 'EIO', 'EIO', 'EIO');
	const run = watch(pool, planOf(['a.csv']), {retries: 1}, (event, current) => {
		if (event.type !== 'file-failed' || event.attempt !== 2) return;
		expect(current?.retryFiles(['a.csv', 'a.csv', 'no such file'])).toBe(1);
	});
	await pass(20_000);
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual([
		'queued 0',
		'started 1',
		'retrying 1',
		'started 2',
		'failed 2',
		'queued 2',
		'started 3',
		'retrying 3',
		'started 4',
		'failed 4',
	]);
});

test('threads that a file cost before it was queued again count no more', async () => {
	const run = watch(failing('lost', 'lost', 'lost', 'lost', 'lost'), planOf(['a.csv']), {}, (event, current) => {
		if (event.type === 'file-failed') current?.retryFiles(['a.csv']);
	});
	await pass(60_000);
	await run.done;
	expect(run.ofType('file-failed').map(({report}) => report.error?.code)).toEqual(['CRASH_LOOP']);
	expect(run.reportOf('a.csv')).toMatchObject({status: 'completed', attempts: 6});
});

test('a file that completes when it is tried again by hand counts once, as completed', async () => {
	const pool = new FakePool((file, startIndex) => {
		if (file === 'long') return atOnce({type: 'completes', afterMs: 5000});
		return atOnce(startIndex === 0 ? {type: 'fails', code: 'ENOENT', afterMs: 0} : {type: 'completes', afterMs: 0});
	});
	const run = watch(pool, planOf(['broken', 'long']));
	await pass(100);
	expect(run.retryFiles(['long', 'broken'])).toBe(1);
	await pass(10_000);
	await run.done;
	expect(run.reportOf('broken')).toMatchObject({status: 'completed', attempts: 2, error: null});
	expect(run.report()).toMatchObject({
		status: 'completed',
		totals: {files: 2, completed: 2, failed: 0, bytes: 200, rows: 20},
	});
});

// After the end

test('files that are tried again after the end open the run again, and it ends once more with figures of all', async () => {
	const pool = new FakePool((file, startIndex) =>
		atOnce(
			file === 'broken' && startIndex === 0
				? {type: 'fails', code: 'ENOENT', afterMs: 10}
				: {type: 'completes', afterMs: 10},
		),
	);
	const run = watch(pool, planOf(['broken', 'good']));
	await pass(1000);
	await run.done;
	const first = run.report();
	expect(first.totals).toMatchObject({completed: 1, failed: 1});
	expect(run.whenOver()).toBe(run.done);

	// Nobody looks for an hour.
	await pass(3_600_000);
	expect(run.retryFiles(['broken', 'good'])).toBe(1);
	const again = run.whenOver();
	expect(again).not.toBe(run.done);
	await pass(1000);
	await again;
	expect(run.lifeOf('broken')).toEqual(['queued 0', 'started 1', 'failed 1', 'queued 1', 'started 2', 'completed 2']);
	expect(run.ofType('run-completed')).toHaveLength(2);
	expect(run.events.at(-1)).toMatchObject({type: 'run-completed', status: 'completed'});
	expect(run.events.map(({seq}) => seq)).toEqual(run.events.map((_, index) => index + 1));
	// The hour is no time of the run: neither in its figures nor in what a replay waits for.
	const times = run.events.map(({elapsedMs}) => elapsedMs);
	expect(times).toEqual(times.toSorted((left, right) => left - right));
	expect(run.now()).toBeLessThan(1000);
	const {totals} = run.report();
	expect(totals).toMatchObject({files: 2, completed: 2, failed: 0, rows: 20});
	expect(totals.processing_time).toBeLessThan(1);
});

test('a run that was stopped can be completed afterwards, file by file', async () => {
	const run = watch(completing(), planOf(['a', 'b', 'c']), {concurrency: 1});
	await pass(0);
	run.stop();
	await pass(2000);
	await run.done;
	expect(run.report()).toMatchObject({status: 'cancelled', totals: {cancelled: 3}});
	expect(run.retryFiles(['a'])).toBe(1);
	await pass(100);
	await run.whenOver();
	expect(run.report()).toMatchObject({status: 'completed', totals: {completed: 1, cancelled: 2}});
	expect(run.retryFiles(['b', 'c'])).toBe(2);
	await pass(100);
	await run.whenOver();
	expect(run.report()).toMatchObject({status: 'completed', totals: {completed: 3, cancelled: 0}});
});

test('what is tried again after the end can be paused, and is stopped as during the run', async () => {
	const pool = new FakePool((_, startIndex) =>
		atOnce(startIndex === 0 ? {type: 'fails', code: 'ENOENT', afterMs: 0} : {type: 'completes', afterMs: 60_000}),
	);
	const stopper = new AbortController();
	const run = watch(pool, planOf(['a', 'b']), {signal: stopper.signal});
	await pass(100);
	await run.done;
	run.retryFiles(['a', 'b']);
	await pass(100);
	run.pause();
	expect(run.events.at(-1)?.type).toBe('run-paused');
	run.resume();
	run.cancelFile('a');
	await pass(2000);
	stopper.abort();
	await pass(2000);
	await run.whenOver();
	expect(run.report()).toMatchObject({status: 'cancelled', totals: {cancelled: 2}});
	// Whoever aborted the run leaves.
	expect(run.retryFiles(['a', 'b'])).toBe(0);
});

test('threads are released at each end, and not while somebody has files tried again at once', async () => {
	let releases = 0;
	let hasRetried = false;
	const releaseThreads = async () => {
		releases++;
	};
	const run = watch(failing('ENOENT'), planOf(['a']), {releaseThreads}, (event, current) => {
		if (event.type !== 'run-completed' || hasRetried) return;
		hasRetried = true;
		expect(current?.retryFiles(['a'])).toBe(1);
	});
	await pass(100);
	await run.done;
	await run.whenOver();
	expect(releases).toBe(1);
	expect(run.report().totals).toMatchObject({completed: 1, failed: 0});
});

// Subscribers

test.each([
	'run-started',
	'file-queued',
	'file-started',
	'file-progressed',
	'file-retrying',
	'file-completed',
	'file-failed',
	'file-skipped',
	'run-paused',
	'run-completed',
] as const)('a subscriber that throws at %s stops the run, and done rejects with what it threw', async type => {
	const failure = new Error('The disk of the log is full');
	const pool = new FakePool((file, startIndex) => {
		if (file === 'completes') return atOnce({type: 'completes', afterMs: 500});
		if (file === 'fails') return atOnce({type: 'fails', code: 'ENOENT', afterMs: 500});
		return atOnce(startIndex === 0 ? {type: 'fails', code: 'EIO', afterMs: 500} : {type: 'completes', afterMs: 500});
	});
	const plan = planOf(['completes', 'fails', 'passes'], [{type: 'skipped', file: 'pipe', kind: 'a FIFO'}]);
	const run = watch(pool, plan, {}, event => {
		if (event.type === type) throw failure;
	});
	const rejection = expect(run.done).rejects.toBe(failure);
	await pass(100);
	run.pause();
	run.resume();
	await pass(60_000);
	await rejection;
	expect(run.events.at(-1)?.type).toBe(type);
	expect(pool.inFlightCount).toBe(0);
	expect(vi.getTimerCount()).toBe(0);
});

test('a subscriber that throws when a file is queued again stops the run too', async () => {
	const failure = new Error('The screen is gone');
	const run = watch(failing('ENOENT'), planOf(['a.csv']), {}, (event, current) => {
		if (event.type === 'file-failed') current?.retryFiles(['a.csv']);
		if (event.type === 'file-queued' && event.attempt === 1) throw failure;
	});
	const rejection = expect(run.done).rejects.toBe(failure);
	await pass(10_000);
	await rejection;
});

test('a run can be stopped by whoever is told that a file was queued again', async () => {
	const run = watch(failing('ENOENT'), planOf(['a.csv']), {}, (event, current) => {
		if (event.type === 'file-failed') current?.retryFiles(['a.csv']);
		if (event.type === 'file-queued' && event.attempt === 1) current?.stop();
	});
	await pass(10_000);
	await run.done;
	expect(run.lifeOf('a.csv')).toEqual(['queued 0', 'started 1', 'failed 1', 'queued 1', 'cancelled 1']);
});

test('a stop in the middle of queueing files again queues no more of them', async () => {
	const pool = new FakePool(file =>
		atOnce(file === 'c' ? {type: 'hangs'} : {type: 'fails', code: 'ENOENT', afterMs: 0}),
	);
	const run = watch(pool, planOf(['a', 'b', 'c']), {}, (event, current) => {
		if (event.type === 'file-queued' && event.attempt === 1) current?.stop();
	});
	await pass(10);
	expect(run.retryFiles(['a', 'b'])).toBe(1);
	await pass(10);
	await run.done;
	expect(run.lifeOf('a').slice(-2)).toEqual(['queued 1', 'cancelled 1']);
	expect(run.lifeOf('b').at(-1)).toBe('failed 1');
	expect(run.report()).toMatchObject({status: 'cancelled', totals: {cancelled: 2, failed: 1}});
});

test('how many files are in flight can be changed while small ones go by the dozen', async () => {
	const groups: Array<{readonly finish: () => void}> = [];
	let openCount = 0;
	const pool: RunOptions['backend'] = {
		// The last one has no company.
		...new FakePool(() => atOnce({type: 'completes', afterMs: 0})),
		async startGroup({choose, onStart, onReply}) {
			const {sources} = choose();
			if (sources.length === 0) return null;
			openCount++;
			const ended = Promise.withResolvers<GroupEnd>();
			const outcomes = sources.map(
				() => ({type: 'completed', ...foldedFile, analyses: [], rowBytes: 0, elapsedMs: 1}) as const,
			);
			groups.push({
				finish() {
					openCount--;
					onReply({type: 'did-files', outcomes, merged: [], rows: [], isLast: true});
					ended.resolve({type: 'done'});
				},
			});
			const group: RunningGroup = {
				currentIndex: () => -1,
				readProgress: () => ({bytesRead: 0, rows: 0, rejectedRows: 0}),
				direct() {},
				cancelFile: () => true,
				abortFile() {},
				kill() {},
				ended: ended.promise,
			};
			onStart(group);
			return group;
		},
	};
	const files = Array.from({length: 2000}, (_, index) => `small-${String(index).padStart(4, '0')}`);
	const run = watch(pool, planOf(files), {
		concurrency: 1,
		readSettings: {...readDefaults, chunkBytes: 1, reader: 'kernel'},
	});
	await pass(0);
	expect(openCount).toBe(1);
	run.setConcurrency(3);
	await pass(0);
	expect(openCount).toBe(3);
	run.setConcurrency(1);
	for (const group of groups.splice(0, 2)) group.finish();
	await pass(0);
	expect(openCount).toBe(1);
	groups.shift()?.finish();
	await pass(0);
	expect(openCount).toBe(1);
	run.setConcurrency(2);
	for (let isOver = false; !isOver; isOver = run.ofType('run-completed').length > 0) {
		await pass(1);
		expect(openCount).toBeLessThanOrEqual(2);
		for (const group of groups.splice(0)) group.finish();
		await pass(1);
	}
	await run.done;
	expect(run.report().totals).toMatchObject({files: 2000, completed: 2000});
});

/** Work on files that takes longer than a turn of the event loop may, where there are more than a few. */
function waste(): void {
	const start = performance.now();
	while (performance.now() - start < 0.5);
}

test('a plan of many files is queued in turns, and a stop in between cancels all of them', async () => {
	const files = Array.from({length: 500}, (_, index) => `${index}.csv`);
	const pool = new FakePool(() => atOnce({type: 'hangs'}));
	let queuedAtStop = 0;
	const run = watch(pool, planOf(files), {}, ({type}) => {
		if (type === 'file-queued') waste();
	});
	setImmediate(() => {
		queuedAtStop = run.ofType('file-queued').length;
		run.stop();
	});
	await run.done;
	expect(queuedAtStop).toBeGreaterThan(0);
	expect(queuedAtStop).toBeLessThan(files.length);
	// Some were begun in the first turn.
	expect(pool.tasks.length).toBeGreaterThan(0);
	const {status, totals, files: reports} = run.report();
	expect({status, files: totals.files}).toEqual({status: 'cancelled', files: files.length});
	expect(reports.map(({file}) => file).toSorted()).toEqual(files.toSorted());
	for (const file of files) expect(run.lifeOf(file)).toHaveLength(pool.tasks.some(task => task.file === file) ? 3 : 2);
});

test('many files are cancelled in turns, those that run before others', async () => {
	const files = Array.from({length: 500}, (_, index) => `${index}.csv`);
	const pool = new FakePool(() => atOnce({type: 'hangs'}));
	const run = watch(pool, planOf(files), {}, ({type}) => {
		if (type === 'file-cancelled') waste();
	});
	await vi.waitFor(() => expect(run.ofType('file-queued')).toHaveLength(files.length), PATIENT);
	await pass(0);
	expect(pool.tasks).toHaveLength(3);
	run.stop();
	expect(pool.tasks.map(({isAborted}) => isAborted)).toEqual([true, true, true]);
	expect(run.ofType('file-cancelled').length).toBeLessThan(files.length - pool.tasks.length);
	await run.done;
	expect(run.report().totals).toMatchObject({files: files.length, cancelled: files.length});
});

test('events carry the id of their run where it has one, and are as without it otherwise', async () => {
	const plan = (): Plan => planOf(['a.csv'], [{type: 'skipped', file: 'b', kind: 'a FIFO'}]);
	const named = watch(completing(), plan(), {runId: 'r-1'});
	const nameless = watch(completing(), plan());
	await pass(1000);
	await Promise.all([named.done, nameless.done]);
	expect(named.events.map(({runId}) => runId)).toEqual(named.events.map(() => 'r-1'));
	expect(nameless.events.filter(event => 'runId' in event || 'jobId' in event)).toEqual([]);
	const withoutId = named.events.map(({runId, ...event}) => ({...event, at: ''}));
	expect(withoutId).toEqual(nameless.events.map(event => ({...event, at: ''})));
});

test('files of the same name are told apart by an id, which commands name them by', async () => {
	const pool = new FakePool();
	const [first, second] = ['one/a.csv', 'two/a.csv'];
	const entries = [first, second].map(
		path => ({type: 'file', file: 'a.csv', source: {kind: 'file', path}, bytesTotal: 1}) as const,
	);
	const run = watch(pool, {entries, unmatched: []});
	await pass(0);
	expect(run.ofType('file-queued')).toMatchObject([{file: 'a.csv'}, {file: 'a.csv', jobId: 2}]);
	run.cancelFile({file: 'a.csv', jobId: 1});
	run.cancelFile({file: 'b.csv', jobId: 2});
	expect(pool.tasks.map(({isAborted}) => isAborted)).toEqual([false, false]);
	run.cancelFile({file: 'a.csv', jobId: 2});
	expect(pool.tasks.map(({isAborted}) => isAborted)).toEqual([false, true]);
	pool.taskOf(first).complete();
	await run.done;
	expect(run.report().files.map(({file, status}) => `${file} ${status}`)).toEqual([
		'a.csv completed',
		'a.csv cancelled',
	]);
	expect(run.ofType('run-completed')).toMatchObject([{totals: {files: 2, completed: 1, cancelled: 1}}]);
	expect(run.retryFiles([{file: 'a.csv', jobId: 2}])).toBe(1);
	await pass(0);
	expect(pool.tasks.map(({file}) => file)).toEqual([first, second, second]);
	run.stop();
	await run.whenOver();
});

const entryOf = (file: string, bytesTotal = 100): PlanEntry => ({
	type: 'file',
	file,
	source: {kind: 'file', path: file},
	bytesTotal,
});

test('a run that stays open takes files while it works and while it waits, and ends when it is closed', async () => {
	const run = watch(completing(), planOf(['a']), {staysOpen: true});
	expect(run.addFile(entryOf('b'))).toEqual({file: 'b'});
	await pass(1000);
	expect(run.lifeOf('b')).toEqual(['queued 0', 'started 1', 'completed 1']);
	expect(run.ofType('run-completed')).toEqual([]);
	expect(run.addFile(entryOf('a'))).toEqual({file: 'a', jobId: 3});
	expect(await run.addFiles([entryOf('c'), {type: 'skipped', file: 'd', kind: 'a FIFO'}])).toBe(2);
	await pass(1000);
	expect(run.ofType('file-queued').map(({file, isAdded = false}) => [file, isAdded])).toEqual([
		['a', false],
		['b', true],
		['a', true],
		['c', true],
	]);
	run.close();
	await run.done;
	expect(run.addFile(entryOf('e'))).toBeNull();
	expect(await run.addFiles([entryOf('e')])).toBe(0);
	expect(run.events.at(-1)).toMatchObject({type: 'run-completed', totals: {files: 5, completed: 4, skipped: 1}});
	expect(vi.getTimerCount()).toBe(0);
});

test('a run that is closed while files are being added takes all of them', async () => {
	const run = watch(completing(), planOf([]), {staysOpen: true}, (event, hands) => {
		if (event.type === 'file-queued' && event.file === 'f7') hands?.close();
	});
	const added = run.addFiles(Array.from({length: 500}, (_, index) => entryOf(`f${index}`)));
	expect(run.addFile(entryOf('late'))).toBeNull();
	await pass(10_000);
	expect(await added).toBe(500);
	await run.done;
	expect(run.ofType('run-completed')).toMatchObject([{status: 'completed', totals: {files: 500, completed: 500}}]);
});

test('a stop ends a run that stays open, also while it waits', async () => {
	const run = watch(completing(), planOf([]), {staysOpen: true});
	await pass(1000);
	run.stop();
	await run.done;
	expect(run.addFile(entryOf('a'))).toBeNull();
	expect(run.events.map(({type}) => type)).toEqual(['run-started', 'run-completed']);
});

test('a list of files that breaks off is told, and what came before is read', async () => {
	function* broken(): Generator<PlanEntry> {
		yield entryOf('a');
		throw new Error('The list broke off');
	}
	const run = watch(completing(), planOf([]), {staysOpen: true});
	await expect(run.addFiles(broken())).rejects.toThrow('The list broke off');
	run.close();
	await pass(1000);
	await run.done;
	expect(run.ofType('run-completed')).toMatchObject([{totals: {files: 1, completed: 1}}]);
});

test('settings of a file that is added take the place of those of the run', async () => {
	const given: Array<{readonly file: string; readonly settings: ReadSettings}> = [];
	const pool = failing('EIO', 'EIO', 'EIO', 'EIO');
	const start: FakePool['start'] = (task, signal) => {
		given.push({file: task.source.kind === 'file' ? String(task.source.path) : '-', settings: task.settings});
		return pool.start(task, signal);
	};
	const run = watch({...pool, start}, planOf(['a']), {retries: 0, staysOpen: true});
	run.addFile(entryOf('b'), {retries: 2, maxErrors: '5%', analysis: 'transactions'});
	run.addFile(entryOf('c'), {maxErrors: 7});
	run.close();
	await pass(60_000);
	await run.done;
	expect(['a', 'b', 'c'].map(file => run.reportOf(file)?.attempts)).toEqual([1, 3, 1]);
	const settingsOf = (name: string) => given.find(({file}) => file === name)?.settings;
	expect(settingsOf('a')).toMatchObject({analysis: null, maxErrors: null});
	expect(settingsOf('b')).toMatchObject({analysis: 'transactions', maxErrors: null, maxErrorsPerMillion: 50_000});
	expect(settingsOf('c')).toMatchObject({analysis: null, maxErrors: 7});
});

test('a file that is added with a time of its own is given up then', async () => {
	const pool = new FakePool();
	const run = watch(pool, planOf(['slow']), {retries: 0, staysOpen: true});
	run.addFile(entryOf('quick'), {timeoutMs: 500});
	await pass(1000);
	expect([pool.taskOf('slow').isAborted, pool.taskOf('quick').isAborted]).toEqual([false, true]);
	run.stop();
	await run.done;
	expect(run.reportOf('quick')?.error?.code).toBe('TIMEOUT');
});

test('a run that is closed by a subscriber of an added file ends after all events of that file', async () => {
	const run = watch(completing(), planOf([]), {staysOpen: true}, (event, hands) => {
		if (event.type === 'file-queued') hands?.close();
	});
	run.addFile({type: 'unreadable', file: 'a', error: errorOf('EACCES')});
	await run.done;
	expect(run.events.map(({type}) => type)).toEqual(['run-started', 'file-queued', 'file-failed', 'run-completed']);
});
