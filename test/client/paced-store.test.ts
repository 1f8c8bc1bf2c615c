// Screens of one store, each at its own pace.
import {AsyncLocalStorage} from 'node:async_hooks';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {pacedStore} from '../../source/cli/commands/attach/paced-store.ts';
import {createRunState} from '../../source/store/reduce.ts';
import type {RunState} from '../../source/store/state.ts';
import {PATIENT} from '../helpers/patient.ts';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

function createSource() {
	let state = createRunState();
	const listeners = new Set<() => void>();
	return {
		getSnapshot: (): RunState => state,
		subscribe(listener: () => void) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		change() {
			state = {...state, rows: state.rows + 1};
			for (const listener of listeners) listener();
		},
		listenerCount: () => listeners.size,
	};
}

test('all that is new is told in the end, at once where nothing was before, and never too often', () => {
	fc.assert(
		fc.property(fc.array(fc.nat(700), {minLength: 1}), fc.integer({min: 1, max: 20}), (waitsMs, timesPerSecond) => {
			const source = createSource();
			const store = pacedStore(source, timesPerSecond);
			const spacingMs = 1000 / timesPerSecond;
			const told: {readonly atMs: number; readonly rows: number}[] = [];
			const unsubscribe = store.subscribe(() => told.push({atMs: performance.now(), rows: store.getSnapshot().rows}));
			for (const waitMs of waitsMs) {
				vi.advanceTimersByTime(waitMs);
				const [changedAtMs, lastMs] = [performance.now(), told.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY];
				source.change();
				vi.advanceTimersByTime(1);
				if (changedAtMs - lastMs >= spacingMs) expect(told.at(-1)?.rows).toBe(source.getSnapshot().rows);
			}
			vi.advanceTimersByTime(2 * spacingMs);
			expect(told.at(-1)?.rows).toBe(source.getSnapshot().rows);
			// Timers know whole milliseconds.
			for (const [index, {atMs}] of told.slice(1).entries())
				expect(atMs - (told[index]?.atMs ?? 0)).toBeGreaterThan(spacingMs - 3);
			unsubscribe();
			expect(source.listenerCount()).toBe(0);
		}),
	);
});

test('with news all the time it is told nearly as often as it was asked for', () => {
	const source = createSource();
	let count = 0;
	pacedStore(source, 4).subscribe(() => count++);
	for (let passedMs = 0; passedMs < 10_000; passedMs += 30) {
		source.change();
		vi.advanceTimersByTime(30);
	}
	expect(count).toBeGreaterThanOrEqual(38);
	expect(count).toBeLessThanOrEqual(41);
});

test('each is told in its own context, whoever has brought the news', async () => {
	// Those of a test have no context.
	vi.useRealTimers();
	const source = createSource();
	const context = new AsyncLocalStorage<string>();
	const told: (string | undefined)[] = [];
	for (const name of ['ann', 'bob'])
		context.run(name, () => pacedStore(source, 4).subscribe(() => told.push(context.getStore())));
	context.run('eve', source.change);
	await vi.waitFor(() => expect(told).toEqual(['ann', 'bob']), PATIENT);
});
