// Random runs over threads that complete, fail, die, hang and hear nothing, steered by random hands at random moments.
// The ledger below takes every event in and holds it against the laws; time is fake, so that a run of minutes takes
// milliseconds.
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {PlanEntry} from '../../source/engine/plan.ts';
import {type Run, startRun} from '../../source/engine/run.ts';
import type {RunEvent} from '../../source/store/events.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';
import type {FileReport} from '../../source/store/report-types.ts';
import {buildReport} from '../../source/store/selectors.ts';
import {errorOf, FakePool, planOf, type ScriptedTask} from '../helpers/fake-pool.ts';

/**
Timers on a time of their own. Unlike vitest's, it fires one timer at a time, also where several are due, so that what a
timer sets off is over before the next one fires, as it is in Node.
*/
class Clock {
	nowMs = 0;
	readonly #timers = new Map<number, {dueMs: number; readonly everyMs: number | null; readonly fire: () => void}>();
	#lastId = 0;

	get timerCount(): number {
		return this.#timers.size;
	}

	readonly setTimeout = (fire: () => void, afterMs = 0): number => this.#add(fire, afterMs, null);
	readonly setInterval = (fire: () => void, everyMs: number): number => this.#add(fire, everyMs, everyMs);
	readonly clear = (id: number | undefined): void => {
		if (id !== undefined) this.#timers.delete(id);
	};

	/** Goes on to the next timer and fires it; of several due at once, the one that was set first. */
	fireNext(): void {
		let next: number | null = null;
		for (const [id, {dueMs}] of this.#timers) {
			if (next === null || dueMs < (this.#timers.get(next)?.dueMs ?? 0)) next = id;
		}
		const timer = next === null ? undefined : this.#timers.get(next);
		if (next === null || timer === undefined) return;
		this.nowMs = timer.dueMs;
		vi.setSystemTime(this.nowMs);
		this.#timers.delete(next);
		if (timer.everyMs !== null) this.#timers.set(next, {...timer, dueMs: this.nowMs + timer.everyMs});
		timer.fire();
	}

	#add(fire: () => void, afterMs: number, everyMs: number | null): number {
		this.#timers.set(++this.#lastId, {dueMs: this.nowMs + afterMs, everyMs, fire});
		return this.#lastId;
	}
}

function installClock(): Clock {
	const clock = new Clock();
	vi.setSystemTime(0);
	vi.stubGlobal('setTimeout', clock.setTimeout);
	vi.stubGlobal('setInterval', clock.setInterval);
	vi.stubGlobal('clearTimeout', clock.clear);
	vi.stubGlobal('clearInterval', clock.clear);
	return clock;
}

beforeEach(() => {
	vi.useFakeTimers({toFake: ['Date']});
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

const TIMEOUT_MS = 3000;
/** So often everything that is held is let go: a run that someone holds does not end. */
const LET_GO_MS = 5000;
/** More timers than any run needs; a run that is not over by then never will be. */
const MOST_STEPS = 20_000;

type Action =
	| {readonly type: 'pause' | 'resume' | 'stop' | 'abort'}
	| {readonly type: 'pauseFile' | 'resumeFile' | 'cancelFile'; readonly index: number}
	| {readonly type: 'retryFiles'; readonly indexes: readonly number[]};

/** When: at a time, or inside the subscriber that is being told of the n-th event. */
type Moment = {readonly type: 'time'; readonly atMs: number} | {readonly type: 'event'; readonly seq: number};

interface Scenario {
	/** For each file what becomes of its starts; the last one goes for all further ones. */
	readonly scripts: ReadonlyArray<readonly ScriptedTask[]>;
	readonly skippedCount: number;
	readonly unreadableCount: number;
	readonly concurrency: number;
	readonly retries: number;
	readonly random: number;
	readonly commands: ReadonlyArray<{readonly moment: Moment; readonly action: Action}>;
}

const duration = fc.oneof(fc.constantFrom(0, 1, 100), fc.nat({max: 2500}));
const scriptedTask: fc.Arbitrary<ScriptedTask> = fc.record({
	threadAfterMs: fc.oneof({weight: 3, arbitrary: fc.constant(0)}, {weight: 1, arbitrary: fc.nat({max: 300})}),
	script: fc.oneof(
		{weight: 4, arbitrary: fc.record({type: fc.constant('completes' as const), afterMs: duration})},
		{
			weight: 4,
			arbitrary: fc.record({
				type: fc.constant('fails' as const),
				code: fc.constantFrom('EIO', 'EMFILE', 'CHANGED_WHILE_READING', 'ENOENT', 'UNCLOSED_QUOTE'),
				afterMs: duration,
			}),
		},
		{weight: 2, arbitrary: fc.record({type: fc.constant('is-lost' as const), afterMs: duration})},
		{weight: 1, arbitrary: fc.constant({type: 'hangs' as const})},
		{weight: 1, arbitrary: fc.constant({type: 'fails-as-it-aborts' as const, code: 'EIO'})},
		{weight: 1, arbitrary: fc.constant({type: 'is-deaf' as const})},
		{weight: 1, arbitrary: fc.constant({type: 'is-refused' as const})},
	),
});
const index = fc.nat({max: 5});
const action: fc.Arbitrary<Action> = fc.oneof(
	{weight: 3, arbitrary: fc.record({type: fc.constantFrom('pause' as const, 'resume' as const)})},
	{weight: 1, arbitrary: fc.record({type: fc.constantFrom('stop' as const, 'abort' as const)})},
	{
		weight: 5,
		arbitrary: fc.record({
			type: fc.constantFrom('pauseFile' as const, 'resumeFile' as const, 'cancelFile' as const),
			index,
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({type: fc.constant('retryFiles' as const), indexes: fc.array(index, {maxLength: 4})}),
	},
);
const moment: fc.Arbitrary<Moment> = fc.oneof(
	fc.record({type: fc.constant('time' as const), atMs: fc.nat({max: 6000})}),
	fc.record({type: fc.constant('event' as const), seq: fc.integer({min: 1, max: 40})}),
);
const scenario: fc.Arbitrary<Scenario> = fc.record({
	scripts: fc.array(fc.array(scriptedTask, {minLength: 1, maxLength: 5}), {maxLength: 6}),
	skippedCount: fc.nat({max: 2}),
	unreadableCount: fc.nat({max: 2}),
	concurrency: fc.integer({min: 1, max: 4}),
	retries: fc.nat({max: 4}),
	random: fc.constantFrom(0, 0.5, 0.999),
	commands: fc.array(fc.record({moment, action}), {maxLength: 8}),
});

const nameOf = (place: number): string => `f${place}.csv`;

/** Lets everything happen that waits for no timer. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Holds each event against what may happen then. */
class Ledger {
	readonly #concurrency: number;
	readonly #retries: number;
	state = createRunState();
	events: RunEvent[] = [];
	/** Set when someone asked for the end of the run. */
	isStopped = false;
	readonly cancelled = new Set<string>();
	readonly #startsSinceQueued = new Map<string, number>();

	constructor({concurrency, retries}: Scenario) {
		this.#concurrency = concurrency;
		this.#retries = retries;
	}

	isPaused(file: string): boolean {
		return this.state.isPaused || this.#fileOf(file)?.isPaused === true;
	}

	take(event: RunEvent): void {
		const last = this.events.at(-1);
		expect(event.seq, 'seq has no gap').toBe((last?.seq ?? 0) + 1);
		expect(event.elapsedMs, 'time does not run backwards').toBeGreaterThanOrEqual(last?.elapsedMs ?? 0);
		expect(event.type === 'run-started', 'run-started is the first and only the first').toBe(last === undefined);
		expect(last?.type, 'nothing comes after run-completed').not.toBe('run-completed');
		if ('file' in event) this.#takeOfFile(event);
		this.events.push(event);
		this.state = reduce(this.state, [event]);
		expect(this.state.counts.running, 'files in flight').toBeLessThanOrEqual(this.#concurrency);
	}

	#fileOf(name: string) {
		const place = this.state.indexByFile.get(name);
		return place === undefined ? undefined : this.state.files[place];
	}

	#takeOfFile(event: Extract<RunEvent, {file: string}>): void {
		const {file, type, attempt} = event;
		const about = `${type} of ${file}, attempt ${attempt}`;
		const known = this.#fileOf(file);
		const status = known?.status;
		const attemptsSoFar = known?.attempt ?? 0;
		if (type === 'file-started') {
			const starts = (this.#startsSinceQueued.get(file) ?? 0) + 1;
			this.#startsSinceQueued.set(file, starts);
			expect(starts, `${about}: attempts of one queueing`).toBeLessThanOrEqual(this.#retries + 1);
			expect(['queued', 'retrying'], `${about}: two attempts at once`).toContain(status);
			expect(attempt, about).toBe(attemptsSoFar + 1);
			expect(this.isStopped, `${about} after the stop`).toBe(false);
			expect(this.cancelled.has(file), `${about} after it was cancelled`).toBe(false);
			return;
		}
		expect(attempt, about).toBe(attemptsSoFar);
		if (type === 'file-queued') {
			expect([undefined, 'failed', 'cancelled'], about).toContain(status);
			this.#startsSinceQueued.set(file, 0);
			this.cancelled.delete(file);
		} else if (type === 'file-progressed') {
			expect(status, about).toBe('running');
		} else if (type === 'file-retrying') {
			expect(status, about).toBe('running');
			expect(this.isStopped, `${about} after the stop`).toBe(false);
			expect(this.cancelled.has(file), `${about} after it was cancelled`).toBe(false);
		} else {
			expect(event.report.status, about).toBe(type.slice('file-'.length));
			expect(event.report.attempts, about).toBe(attempt);
			const mayEnd = {
				'file-completed': ['running'],
				'file-failed': attempt === 0 ? ['queued'] : ['running'],
				'file-cancelled': ['running', 'queued', 'retrying'],
				'file-skipped': [undefined],
			}[type];
			expect(mayEnd, about).toContain(status);
		}
	}
}

interface Played {
	readonly ledger: Ledger;
	readonly pool: FakePool;
	/** What `done` rejected with. */
	readonly rejection: unknown;
	/** Timers left behind. */
	readonly timerCount: number;
}

/** Plays a scenario to its end, whatever it takes. `onEvent` sees each event before the ledger's commands do. */
async function play(given: Scenario, onEvent: (event: RunEvent) => void = () => {}): Promise<Played> {
	const {scripts, commands, concurrency, retries} = given;
	const clock = installClock();
	const ledger = new Ledger(given);
	const stopper = new AbortController();
	let run: Run | null = null;
	/** What a law said inside a subscriber, where throwing would only stop the run. */
	const broken: unknown[] = [];
	const act = (command: Action): void => {
		// What comes with the last event comes too late to stop anything.
		const isInTime = ledger.state.phase !== 'ended';
		if (command.type === 'abort') {
			ledger.isStopped ||= isInTime;
			stopper.abort();
		}
		if (run === null || command.type === 'abort') return;
		if (command.type === 'stop') ledger.isStopped ||= isInTime;
		if (command.type === 'cancelFile') {
			const status = ledger.state.files.find(({file}) => file === nameOf(command.index))?.status;
			if (status === 'queued' || status === 'running' || status === 'retrying')
				ledger.cancelled.add(nameOf(command.index));
		}
		if ('index' in command) run[command.type](nameOf(command.index));
		else if (command.type === 'retryFiles') run.retryFiles(command.indexes.map(nameOf));
		else run[command.type]();
	};
	let wasPausedAtRest = false;
	const pool = new FakePool((file, startIndex) => {
		if (wasPausedAtRest && ledger.state.isPaused) broken.push(new Error(`${file} was begun during a pause`));
		const scriptsOfFile = scripts[Number(file.slice(1, -'.csv'.length))] ?? [];
		return scriptsOfFile[startIndex] ?? scriptsOfFile.at(-1) ?? {threadAfterMs: 0, script: {type: 'hangs'}};
	});

	const timers = commands.flatMap(({moment: when, action: command}) =>
		when.type === 'time' ? [setTimeout(() => act(command), when.atMs)] : [],
	);
	const letGo = setInterval(() => {
		run?.resume();
		for (const [place] of scripts.entries()) run?.resumeFile(nameOf(place));
	}, LET_GO_MS);
	const others: PlanEntry[] = [
		...Array.from(
			{length: given.skippedCount},
			(_, place): PlanEntry => ({type: 'skipped', file: `s${place}`, kind: 'a FIFO'}),
		),
		...Array.from(
			{length: given.unreadableCount},
			(_, place): PlanEntry => ({type: 'unreadable', file: `u${place}`, error: errorOf('EACCES')}),
		),
	];
	run = startRun({
		plan: planOf(
			scripts.map((_, place) => nameOf(place)),
			others,
		),
		paths: ['data'],
		version: '0',
		concurrency,
		threads: concurrency,
		retries,
		timeoutMs: TIMEOUT_MS,
		readSettings: {analysis: null, maxErrors: null, simulateIoMs: 0, chunkBytes: 1, reader: 'reference'},
		pool,
		signal: stopper.signal,
		monotonicNow: () => clock.nowMs,
		random: () => given.random,
		onEvent(event) {
			try {
				ledger.take(event);
			} catch (error) {
				broken.push(error);
			}
			onEvent(event);
			for (const {moment: when, action: command} of commands) {
				if (when.type === 'event' && when.seq === event.seq) act(command);
			}
		},
	});
	let isDone = false;
	let rejection: unknown = null;
	const done = run.done.then(
		() => {
			isDone = true;
		},
		error => {
			isDone = true;
			rejection = error;
		},
	);
	for (let steps = 0; !isDone; steps++) {
		await settle();
		if (broken.length > 0) throw broken[0];
		for (const task of pool.tasks) {
			if (task.isOver || task.isAborted) continue;
			expect(task.isHeld, `${task.file} is held exactly when subscribers were told so`).toBe(
				ledger.isPaused(task.file),
			);
		}
		wasPausedAtRest = ledger.state.isPaused;
		expect(steps, 'the run ends').toBeLessThan(MOST_STEPS);
		if (!isDone) clock.fireNext();
	}
	await done;
	clearInterval(letGo);
	for (const timer of timers) clearTimeout(timer);
	// What was cancelled as it got its thread may be on the thread for as long as the grace lasts.
	for (let steps = 0; clock.timerCount > 0 && steps < 10; steps++) {
		clock.fireNext();
		await settle();
	}
	if (broken.length > 0) throw broken[0];
	return {ledger, pool, rejection, timerCount: clock.timerCount};
}

const countOf = (reports: readonly FileReport[], status: FileReport['status']): number =>
	reports.filter(report => report.status === status).length;

test('whatever threads and people do, every attempt ends once, every file has one report and the run ends', async () => {
	await fc.assert(
		fc.asyncProperty(scenario, async given => {
			const {ledger, pool, rejection, timerCount} = await play(given);
			expect(rejection).toBeNull();

			const {state} = ledger;
			expect(ledger.events.at(-1)?.type).toBe('run-completed');
			const report = buildReport(state);
			const fileCount = given.scripts.length + given.skippedCount + given.unreadableCount;
			expect(report.files).toHaveLength(fileCount);
			expect(new Set(report.files.map(({file}) => file)).size).toBe(fileCount);
			const {totals} = report;
			expect(totals.completed + totals.failed + totals.cancelled + totals.skipped).toBe(fileCount);
			expect(totals).toMatchObject({
				files: fileCount,
				completed: countOf(report.files, 'completed'),
				failed: countOf(report.files, 'failed'),
				cancelled: countOf(report.files, 'cancelled'),
				skipped: given.skippedCount,
				bytes: report.files.reduce((sum, {bytes}) => sum + bytes, 0),
				rows: report.files.reduce((sum, {rows}) => sum + rows, 0),
			});
			expect(report.status).toBe(ledger.isStopped && totals.cancelled > 0 ? 'cancelled' : 'completed');

			expect(pool.mostInFlight, 'tasks in flight').toBeLessThanOrEqual(given.concurrency);
			expect(pool.inFlightCount, 'no task is left behind').toBe(0);
			expect(timerCount, 'no timer is left behind').toBe(0);
		}),
		{numRuns: 1000},
	);
});

test('a subscriber that throws, at whatever event, stops the run in order and is told by done', async () => {
	await fc.assert(
		fc.asyncProperty(scenario, fc.integer({min: 1, max: 30}), async (given, throwsAt) => {
			const failure = new Error('The screen is gone');
			let thrownAt: number | null = null;
			const {ledger, pool, rejection, timerCount} = await play(given, event => {
				if (event.seq !== throwsAt) return;
				thrownAt = event.seq;
				throw failure;
			});
			if (thrownAt === null) expect(rejection).toBeNull();
			else {
				expect(rejection).toBe(failure);
				expect(ledger.events.at(-1)?.seq, 'it is told nothing more').toBe(thrownAt);
			}
			expect(pool.inFlightCount, 'no task is left behind').toBe(0);
			expect(timerCount, 'no timer is left behind').toBe(0);
		}),
		{numRuns: 500},
	);
});
