// What every backend of a run holds to, whatever its workers are: the rules of engine/backend/job-backend.ts as tests.
import fc from 'fast-check';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import type {
	GroupClient,
	GroupEnd,
	JobBackend,
	RunningGroup,
	RunningTask,
	TaskOutcome,
	WorkerTask,
} from '../../source/engine/backend/job-backend.ts';
import type {SmallFileOutcome} from '../../source/engine/shared/protocol.ts';
import {PATIENT} from '../helpers/patient.ts';

/**
`quick` is read at once, `brief` within a second, `slow` in a minute at the earliest, `missing` fails. A file of a group may be
`quick`, `missing` or `long`: one whose reading a hold that comes at its start is in time for.
*/
export type FileKind = 'quick' | 'brief' | 'slow' | 'missing' | 'long';

export interface OpenedBackend {
	/** Has two workers at least that are free. */
	readonly backend: JobBackend;
	/** Of another run, which has the same workers if workers can be shared. */
	readonly other: JobBackend;
	readonly taskOf: (kind: FileKind) => WorkerTask;
	/** Starts a file that gets no worker for a minute, whatever it takes. */
	readonly startWaiting: (signal: AbortSignal) => Promise<{readonly started: Promise<RunningTask | null>}>;
}

export interface ConformanceOptions {
	readonly open: () => OpenedBackend;
	/** Whether it reads files in groups. */
	readonly hasGroups: boolean;
	/** Random schedules that are played. */
	readonly numRuns: number;
}

const never = new AbortController().signal;

async function startTask(backend: JobBackend, task: WorkerTask): Promise<RunningTask> {
	const running = await backend.start(task, never);
	if (running === null) throw new Error('The task got no worker');
	return running;
}

const isValid = ({type}: TaskOutcome): boolean => ['completed', 'failed', 'aborted', 'worker-lost'].includes(type);

export function testConformance(name: string, {open, hasGroups, numRuns}: ConformanceOptions): void {
	const opened = (): OpenedBackend => {
		const backends = open();
		onTestFinished(async () => {
			await Promise.all([backends.backend.close(), backends.other.close()]);
		});
		return backends;
	};
	describe(name, () => {
		testFiles(opened);
		testEnds(opened, numRuns);
		if (hasGroups) testGroups(opened);
	});
}

function testFiles(open: () => OpenedBackend): void {
	test('a file that is read completes, and one that cannot be read fails', async () => {
		const {backend, taskOf} = open();
		const [quick, missing] = await Promise.all([
			startTask(backend, taskOf('quick')),
			startTask(backend, taskOf('missing')),
		]);
		expect(await quick.outcome).toMatchObject({type: 'completed', file: {bytesRead: expect.any(Number)}});
		expect(await missing.outcome).toMatchObject({type: 'failed', error: {code: expect.any(String)}, bytesRead: 0});
	});

	test('totals never fall, and are not more than what the file comes to', async () => {
		const {backend, taskOf} = open();
		const task = await startTask(backend, taskOf('brief'));
		let isOver = false;
		const outcome = task.outcome.finally(() => {
			isOver = true;
		});
		let last = task.readProgress();
		await vi.waitUntil(() => {
			const totals = task.readProgress();
			expect(totals.bytesRead).toBeGreaterThanOrEqual(last.bytesRead);
			expect(totals.rows).toBeGreaterThanOrEqual(last.rows);
			last = totals;
			return isOver;
		}, PATIENT);
		const ended = await outcome;
		if (ended.type !== 'completed') throw new Error(`It ended as ${ended.type}`);
		expect(last.bytesRead).toBeLessThanOrEqual(ended.file.bytesRead);
		expect(last.rows).toBeLessThanOrEqual(ended.file.rows);
	});

	test.each([
		'before it is started',
		'while it waits',
	])('a start whose signal is aborted %s has nothing', async when => {
		const {startWaiting} = open();
		const stopper = new AbortController();
		if (when === 'before it is started') stopper.abort();
		const {started} = await startWaiting(stopper.signal);
		stopper.abort();
		expect(await started).toBeNull();
	});

	test('a signal that is aborted after the start has no effect', async () => {
		const {backend, taskOf} = open();
		const stopper = new AbortController();
		const task = await backend.start(taskOf('quick'), stopper.signal);
		stopper.abort();
		expect(await task?.outcome).toMatchObject({type: 'completed'});
	});

	test.each([
		[['abort']],
		[['hold', 'abort']],
		[['hold', 'run', 'abort']],
	] as const)('a file that was told to %s is aborted, and what comes too late does nothing', async directives => {
		const {backend, taskOf} = open();
		const task = await startTask(backend, taskOf('slow'));
		for (const directive of directives) task.direct(directive);
		expect(await task.outcome).toEqual({type: 'aborted'});
		// What is asked of a task that is over is not asked of those that its worker has next.
		const next = await Promise.all([startTask(backend, taskOf('brief')), startTask(backend, taskOf('brief'))]);
		task.direct('abort');
		task.kill();
		for (const {outcome} of next) expect(await outcome).toMatchObject({type: 'completed'});
	});

	test('a file that is held is not read to its end until it may go on', async () => {
		const {backend, taskOf} = open();
		const held = await startTask(backend, taskOf('brief'));
		held.direct('hold');
		let isOver = false;
		const outcome = held.outcome.finally(() => {
			isOver = true;
		});
		// Others take the time that it would have taken.
		for (let count = 0; count < 2; count++)
			expect(await (await startTask(backend, taskOf('brief'))).outcome).toMatchObject({type: 'completed'});
		expect(isOver).toBe(false);
		held.direct('run');
		expect(await outcome).toMatchObject({type: 'completed'});
	});

	test('a task that is killed is lost, and the next start has a worker', async () => {
		const {backend, taskOf} = open();
		const task = await startTask(backend, taskOf('slow'));
		task.direct('hold');
		task.kill();
		expect(await task.outcome).toMatchObject({type: 'worker-lost', cause: expect.any(String)});
		expect(await (await startTask(backend, taskOf('quick'))).outcome).toMatchObject({type: 'completed'});
	});
}

function testEnds(open: () => OpenedBackend, numRuns: number): void {
	test('what one run kills, aborts and closes is none of another run', async () => {
		const {backend, other, taskOf} = open();
		const task = await startTask(backend, taskOf('slow'));
		const otherTask = await startTask(other, taskOf('brief'));
		task.kill();
		const next = await startTask(backend, taskOf('slow'));
		await backend.close();
		expect(await next.outcome).toMatchObject({type: expect.stringMatching(/^(aborted|worker-lost)$/)});
		expect(await otherTask.outcome).toMatchObject({type: 'completed'});
		expect(await (await startTask(other, taskOf('quick'))).outcome).toMatchObject({type: 'completed'});
	});

	test('closing ends waits and tasks, and nothing is started any more', async () => {
		const {backend, taskOf, startWaiting} = open();
		const held = await startTask(backend, taskOf('slow'));
		held.direct('hold');
		const {started} = await startWaiting(never);
		let isOver = false;
		void held.outcome.then(() => {
			isOver = true;
		});
		await backend.close();
		expect(isOver, 'the task has its outcome before the close resolves').toBe(true);
		expect(await started).toBeNull();
		expect(await backend.start(taskOf('quick'), never)).toBeNull();
		// What comes too late does nothing.
		held.direct('run');
		held.kill();
		backend.setFilesInFlight(9);
		backend.giveUpGroups('transactions');
		await backend.close();
	});

	test('whatever is done to tasks, each start that has a worker ends once', async () => {
		const step = fc.record({
			action: fc.constantFrom('start-quick', 'start-slow', 'hold', 'run', 'abort', 'kill', 'wait'),
			place: fc.nat(),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(step, {maxLength: 12}), async steps => {
				const {backend, taskOf} = open();
				const starts: Array<Promise<RunningTask | null>> = [];
				const tasks: RunningTask[] = [];
				const outcomes: TaskOutcome[] = [];
				const begin = (kind: FileKind): void => {
					const started = backend.start(taskOf(kind), never);
					starts.push(started);
					void started.then(task => {
						if (task === null) return;
						tasks.push(task);
						void task.outcome.then(outcome => outcomes.push(outcome));
					});
				};
				for (const {action, place} of steps) {
					const task = tasks[place % Math.max(1, tasks.length)];
					if (action === 'start-quick') begin('quick');
					else if (action === 'start-slow') begin('slow');
					else if (action === 'wait') await new Promise(resolve => setTimeout(resolve, 1));
					else if (action === 'kill') task?.kill();
					else task?.direct(action);
				}
				await backend.close();
				await Promise.all(starts);
				expect(outcomes.every(isValid)).toBe(true);
				expect(outcomes).toHaveLength(tasks.length);
			}),
			{numRuns},
		);
	});
}

interface WatchedGroup {
	readonly group: RunningGroup | null;
	/** Types of the outcomes so far, in order. */
	readonly outcomes: Array<SmallFileOutcome['type']>;
	/** What was called, in order. */
	readonly calls: string[];
}

async function startGroup(
	{backend, taskOf}: OpenedBackend,
	kinds: readonly FileKind[],
	onStart: (group: RunningGroup) => void = () => {},
): Promise<WatchedGroup> {
	const outcomes: WatchedGroup['outcomes'] = [];
	const calls: string[] = [];
	const tasks = kinds.map(taskOf);
	const client: GroupClient = {
		choose() {
			calls.push('choose');
			return {sources: tasks.map(({source}) => source), settings: tasks[0]?.settings ?? null};
		},
		onStart(group) {
			calls.push('start');
			void group.ended.then(({type}) => calls.push(type));
			onStart(group);
		},
		onReply(reply) {
			calls.push(reply.isLast ? 'last reply' : 'reply');
			for (const {type} of reply.outcomes) outcomes.push(type);
		},
	};
	const group = (await backend.startGroup?.(client)) ?? null;
	calls.push('resolved');
	return {group, outcomes, calls};
}

function testGroups(open: () => OpenedBackend): void {
	const done: GroupEnd = {type: 'done'};

	test('files of a group have an outcome each, in order, and the group ends after its last reply', async () => {
		const {group, outcomes, calls} = await startGroup(open(), ['quick', 'missing', 'quick', 'quick']);
		expect(await group?.ended).toEqual(done);
		expect(outcomes).toEqual(['completed', 'failed', 'completed', 'completed']);
		expect(calls.slice(0, 3)).toEqual(['choose', 'start', 'resolved']);
		expect(calls.slice(-2)).toEqual(['last reply', 'done']);
		expect(group?.currentIndex()).toBe(3);
	});

	test('a group that nobody wants any more is not started, and its worker is free for others', async () => {
		const opened = open();
		const {group, calls} = await startGroup(opened, []);
		expect(group).toBeNull();
		expect(calls).toEqual(['choose', 'resolved']);
		expect(await (await startTask(opened.backend, opened.taskOf('quick'))).outcome).toMatchObject({type: 'completed'});
	});

	test('a file that is cancelled before it begins is skipped, and the others are read', async () => {
		let isCertain = false;
		const {group, outcomes} = await startGroup(open(), ['long', 'quick', 'quick'], ({direct, cancelFile}) => {
			direct('hold');
			isCertain = cancelFile(2);
			direct('run');
		});
		expect(await group?.ended).toEqual(done);
		expect(outcomes.slice(0, 2)).toEqual(['completed', 'completed']);
		if (isCertain) expect(outcomes[2]).toBe('skipped');
		expect(outcomes).toHaveLength(3);
	});

	test('a file that is aborted while the group is held ends alone, and the hold stands', async () => {
		const {group, outcomes} = await startGroup(open(), ['long', 'quick', 'quick'], ({direct}) => direct('hold'));
		if (group === null) throw new Error('The group got no worker');
		await vi.waitUntil(() => group.currentIndex() === 0, PATIENT);
		group.abortFile(0);
		await vi.waitUntil(() => outcomes.length > 0, PATIENT);
		expect(outcomes).toEqual(['aborted']);
		group.direct('run');
		expect(await group.ended).toEqual(done);
		expect(outcomes).toEqual(['aborted', 'completed', 'completed']);
	});

	test('a group that is killed is lost, nothing is reported of it any more, and the next one has a worker', async () => {
		const opened = open();
		const {group, outcomes} = await startGroup(opened, ['long', 'quick'], ({direct}) => direct('hold'));
		group?.kill();
		expect(await group?.ended).toMatchObject({type: 'lost', cause: expect.any(String)});
		group?.direct('run');
		group?.kill();
		const next = await startGroup(opened, ['quick']);
		expect(await next.group?.ended).toEqual(done);
		expect([outcomes, next.outcomes]).toEqual([[], ['completed']]);
	});

	test('closing ends a group that is held, and no other is started', async () => {
		const opened = open();
		const {group, outcomes, calls} = await startGroup(opened, ['long', 'quick', 'quick'], ({direct}) => direct('hold'));
		await opened.backend.close();
		expect(calls.at(-1)).toMatch(/^(done|lost)$/);
		expect(await group?.ended).toMatchObject({type: calls.at(-1)});
		expect(outcomes).not.toContain('completed');
		expect((await startGroup(opened, ['quick'])).group).toBeNull();
	});
}
