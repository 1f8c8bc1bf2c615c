// Random runs over threads that complete, fail, die, hang and hear nothing, steered by random hands at random moments.
import fc from 'fast-check';
import {expect} from 'vitest';
import {describeAnalyses} from '../../source/analysis/registry.ts';
import type {PlanEntry} from '../../source/engine/plan/plan.ts';
import {startRun} from '../../source/engine/run/run.ts';
import type {Run} from '../../source/engine/run/run-options.ts';
import type {RunEvent} from '../../source/model/events.ts';
import {type FileAddress, keyOf} from '../../source/model/file-address.ts';
import {installClock, settle} from './clock.ts';
import {FakeGroupPool} from './fake-group-pool.ts';
import {bytesOfTask, errorOf, FakePool, planOf, type ScriptedTask} from './fake-pool.ts';
import {handsOn} from './hands.ts';
import {Ledger} from './ledger.ts';
import {readDefaults} from './read-defaults.ts';

const TIMEOUT_MS = 3000;
/** So often everything that is held is let go: a run that someone holds does not end. */
const LET_GO_MS = 5000;
const CLOSED_AFTER_MS = 8000;
/** More timers than any run needs; a run that is not over by then never will be. */
const MOST_STEPS = 20_000;

export type Action =
	| {readonly type: 'pause' | 'resume' | 'stop' | 'abort' | 'close'}
	/** Adds so many further files, one by one or together. */
	| {readonly type: 'addFiles'; readonly count: number; readonly areTogether: boolean}
	| {readonly type: 'pauseFile' | 'resumeFile' | 'cancelFile'; readonly index: number}
	| {readonly type: 'retryFiles'; readonly indexes: readonly number[]};

/** When: at a time, inside the subscriber that is being told of the n-th event, or for 0 once the run has been started. */
type Moment = {readonly type: 'time'; readonly atMs: number} | {readonly type: 'event'; readonly seq: number};

export interface Scenario {
	/** For each file what becomes of its starts; the last one goes for all further ones. */
	readonly scripts: ReadonlyArray<readonly ScriptedTask[]>;
	readonly skippedCount: number;
	readonly unreadableCount: number;
	readonly concurrency: number;
	readonly retries: number;
	/** Whether files go to the threads by the dozen. */
	readonly isGrouped: boolean;
	readonly random: number;
	/** For each file that may be added, as in `scripts`. */
	readonly addedScripts?: ReadonlyArray<readonly ScriptedTask[]>;
	/** Whether the run stays open until it is closed. */
	readonly staysOpen?: boolean;
	readonly forgetsEnded?: boolean;
	/** Files share so many names; without it each has its own. */
	readonly nameCount?: number;
	readonly commands: ReadonlyArray<{readonly moment: Moment; readonly action: Action}>;
	/** Files that are tried again when the run is over, each time that it is. */
	readonly retriedAfterwards: ReadonlyArray<readonly number[]>;
	/** After which events subscribers cannot take more, and for how long. */
	readonly stalls: ReadonlyArray<{readonly seq: number; readonly durationMs: number}>;
}

const duration = fc.oneof(fc.constantFrom(0, 1, 100), fc.nat({max: 2500}));
export const scriptedTask: fc.Arbitrary<ScriptedTask> = fc.record({
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
export const moment: fc.Arbitrary<Moment> = fc.oneof(
	fc.record({type: fc.constant('time' as const), atMs: fc.nat({max: 6000})}),
	fc.record({type: fc.constant('event' as const), seq: fc.nat({max: 40})}),
);
export const scenario: fc.Arbitrary<Scenario> = fc.record({
	scripts: fc.array(fc.array(scriptedTask, {minLength: 1, maxLength: 5}), {maxLength: 6}),
	skippedCount: fc.nat({max: 2}),
	unreadableCount: fc.nat({max: 2}),
	concurrency: fc.integer({min: 1, max: 4}),
	retries: fc.nat({max: 4}),
	isGrouped: fc.constant(false),
	random: fc.constantFrom(0, 0.5, 0.999),
	commands: fc.array(fc.record({moment, action}), {maxLength: 8}),
	retriedAfterwards: fc.array(fc.array(index, {maxLength: 4}), {maxLength: 3}),
	stalls: fc.array(fc.record({seq: fc.nat({max: 40}), durationMs: duration}), {maxLength: 3}),
});

/** Where a file lies; its name may be that of another file, too. */
const pathOf = (place: number): string => `f${place}.csv`;
const placeOfPath = (path: string): number => Number(path.slice(1, -'.csv'.length));

/** What is not read may be added, too. */
const OTHER_ENTRIES: readonly PlanEntry[] = [
	{type: 'skipped', file: 'x', kind: 'a FIFO'},
	{type: 'unreadable', file: 'x', error: errorOf('EACCES')},
];

export interface Played {
	readonly ledger: Ledger;
	readonly pool: FakePool;
	/** The paths of those files. */
	readonly completed: ReadonlySet<string>;
	/** What `done` rejected with. */
	readonly rejection: unknown;
	/** Timers left behind. */
	readonly timerCount: number;
}

/** Plays a scenario to its end, whatever it takes. `onEvent` sees each event before the ledger's commands do. */
export async function play(given: Scenario, onEvent: (event: RunEvent) => void = () => {}): Promise<Played> {
	const {commands, stalls, concurrency, retries, staysOpen = false, forgetsEnded = false} = given;
	const scripts = [...given.scripts, ...(given.addedScripts ?? [])];
	const clock = installClock();
	const ledger = new Ledger(given);
	const stopper = new AbortController();
	let run: Run | null = null;
	/** What a law said inside a subscriber, where throwing would only stop the run. */
	const broken: unknown[] = [];
	/** The next file to add, and the one that is being added. */
	const added = {next: given.scripts.length, current: -1};
	let plannedCount = 0;
	const nameOf = (place: number): string => pathOf(place % (given.nameCount ?? Number.POSITIVE_INFINITY));
	/** By the places of the files, as events have named them. */
	const addresses: FileAddress[] = [];
	const addressOf = (place: number): FileAddress => addresses[place] ?? {file: nameOf(place)};
	const addressOfPath = (path: string): FileAddress => addressOf(placeOfPath(path));
	const noteAddress = (event: RunEvent): void => {
		if (event.type !== 'file-queued' || !event.file.startsWith('f') || ledger.knows(event)) return;
		const address = event.jobId === undefined ? {file: event.file} : {file: event.file, jobId: event.jobId};
		// Those that are added come in between the files of the plan.
		addresses[event.isAdded ? added.current : plannedCount++] = address;
	};
	const act = (command: Action): void => {
		if (command.type === 'addFiles') {
			add(command);
			return;
		}
		// What comes with the last event comes too late to stop anything.
		const isInTime = ledger.state.phase !== 'ended';
		if (command.type === 'abort') {
			if (isInTime) ledger.stop();
			stopper.abort();
		}
		if (run === null || command.type === 'abort') return;
		if (command.type === 'close') {
			ledger.isClosed = true;
			run.close();
			return;
		}
		if (command.type === 'stop' && isInTime) ledger.stop();
		if (command.type === 'cancelFile') {
			const address = addressOf(command.index);
			const status = ledger.fileOf(address)?.status;
			if (status === 'queued' || status === 'running' || status === 'retrying') ledger.cancelled.add(keyOf(address));
		}
		const hands = handsOn(run);
		if ('index' in command) hands[command.type](addressOf(command.index));
		else if (command.type === 'retryFiles') hands.retryFiles(command.indexes.map(addressOf));
		else hands[command.type]();
	};
	/** Adds what there is left to add, and holds what comes of it against the law. */
	const add = ({count, areTogether}: Extract<Action, {type: 'addFiles'}>): void => {
		if (run === null) return;
		const places = Array.from({length: count}, (_, offset) => added.next + offset).filter(place => place in scripts);
		// A subscriber may add others as it gets the event of one of these.
		added.next += places.length;
		const entries = [...places.map(entryOf), ...OTHER_ENTRIES];
		/** Says whose event comes next. */
		function* announced(): Generator<PlanEntry> {
			for (const [offset, entry] of entries.entries()) {
				added.current = places[offset] ?? -1;
				yield entry;
			}
		}
		if (areTogether) {
			const expectedCount = ledger.takesFiles ? entries.length : 0;
			ledger.addedCount += expectedCount;
			run
				.addFiles(announced())
				.then(addedCount => expect(addedCount).toBe(expectedCount))
				.catch(error => broken.push(error));
			return;
		}
		for (const entry of announced()) {
			// A subscriber may close the run as it gets the event of the file before.
			const isTaken = ledger.takesFiles;
			if (isTaken) ledger.addedCount++;
			const address = run.addFile(entry);
			if ((address !== null) !== isTaken) broken.push(new Error(`A file was ${isTaken ? 'refused' : 'taken'}`));
		}
	};
	/** There while subscribers cannot take more. */
	let room: Promise<void> | null = null;
	const stall = (durationMs: number): void => {
		room ??= new Promise<void>(resolve => setTimeout(resolve, durationMs)).then(() => {
			room = null;
		});
	};
	const mayGoOn = (): boolean => room === null && !ledger.state.isPaused;
	let wasHeldAtRest = false;
	const scriptOf = (file: string, startIndex: number): ScriptedTask => {
		if (wasHeldAtRest && !mayGoOn()) broken.push(new Error(`${file} was begun while all was held`));
		const scriptsOfFile = scripts[placeOfPath(file)] ?? [];
		return scriptsOfFile[startIndex] ?? scriptsOfFile.at(-1) ?? {threadAfterMs: 0, script: {type: 'hangs'}};
	};
	const pool = given.isGrouped ? new FakeGroupPool(scriptOf) : new FakePool(scriptOf);

	const timers = commands.flatMap(({moment: when, action: command}) =>
		when.type === 'time' ? [setTimeout(() => act(command), when.atMs)] : [],
	);
	const letGo = setInterval(() => {
		if (run === null) return;
		const {resume, resumeFile} = handsOn(run);
		resume();
		for (const [place] of scripts.entries()) resumeFile(addressOf(place));
		// Somebody closes it in the end.
		if (clock.nowMs > CLOSED_AFTER_MS) act({type: 'close'});
	}, LET_GO_MS);
	const entryOf = (place: number): PlanEntry => ({
		type: 'file',
		file: nameOf(place),
		source: {kind: 'file', path: pathOf(place)},
		bytesTotal: bytesOfTask,
	});
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
		plan: planOf([], [...given.scripts.map((_, place) => entryOf(place)), ...others]),
		paths: ['data'],
		version: '0',
		analyses: describeAnalyses(null),
		concurrency,
		maxConcurrency: concurrency,
		threads: concurrency,
		retries,
		timeoutMs: TIMEOUT_MS,
		readSettings: {
			...readDefaults,
			chunkBytes: 1,
			reader: given.isGrouped ? 'kernel' : 'reference',
		},
		backend: pool,
		staysOpen,
		forgetsEnded,
		signal: stopper.signal,
		monotonicNow: () => clock.nowMs,
		random: () => given.random,
		onEvent(event) {
			noteAddress(event);
			try {
				ledger.take(event);
			} catch (error) {
				broken.push(error);
			}
			onEvent(event);
			for (const {moment: when, action: command} of commands) {
				if (when.type === 'event' && when.seq === event.seq) act(command);
			}
			// A command may have opened the run again, and it may end in the same turn.
			run?.whenOver().catch(() => {});
			for (const {seq, durationMs} of stalls) if (seq === event.seq) stall(durationMs);
		},
		untilRoom: () => room,
	});
	for (const {moment: when, action: command} of commands) if (when.type === 'event' && when.seq === 0) act(command);
	let isDone = false;
	let rejection: unknown = null;
	let awaited: Promise<void> | null = null;
	const awaitEnd = (end: Promise<void>): void => {
		isDone = false;
		awaited = end;
		end
			.catch(error => {
				rejection = error;
			})
			.then(() => {
				if (awaited === end) isDone = true;
			});
	};
	const rounds = [...given.retriedAfterwards];
	for (let steps = 0; ; steps++) {
		// A command at the end may have opened the run again.
		if (run.whenOver() !== awaited) awaitEnd(run.whenOver());
		await settle();
		if (run.whenOver() !== awaited) continue;
		if (isDone) {
			const round = rounds.shift();
			if (round === undefined) break;
			handsOn(run).retryFiles(round.map(addressOf));
			continue;
		}
		if (broken.length > 0) throw broken[0];
		for (const task of pool.tasks) {
			if (task.isOver || task.isAborted) continue;
			expect(task.isHeld, `${task.file} is held exactly when subscribers were told so`).toBe(
				room !== null || ledger.isPaused(addressOfPath(task.file)),
			);
		}
		if (pool instanceof FakeGroupPool) {
			for (const group of pool.groups) {
				if (group.isOver || group.isAborting) continue;
				expect(group.isHeld, `${group.files.join()} is held exactly when subscribers were told so`).toBe(
					!mayGoOn() || group.files.some(path => ledger.isHeld(addressOfPath(path))),
				);
			}
		}
		wasHeldAtRest = !mayGoOn();
		expect(steps, 'the run ends').toBeLessThan(MOST_STEPS);
		if (!isDone) clock.fireNext();
	}
	clearInterval(letGo);
	for (const timer of timers) clearTimeout(timer);
	// What was cancelled as it got its thread may be on the thread for as long as the grace lasts.
	for (let steps = 0; clock.timerCount > 0 && steps < 10; steps++) {
		clock.fireNext();
		await settle();
	}
	if (broken.length > 0) throw broken[0];
	const completed = new Set(
		addresses.flatMap((address, place) => (ledger.fileOf(address)?.status === 'completed' ? [pathOf(place)] : [])),
	);
	return {ledger, pool, completed, rejection, timerCount: clock.timerCount};
}
