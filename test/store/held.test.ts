// Files held by a person: they are counted apart, and the remaining time does not grow while they stand still.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {computeThroughput, EMPTY_HISTORY, withMoment} from '../../source/store/history.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';
import {selectRemainingMs} from '../../source/store/selectors.ts';
import type {RunState} from '../../source/store/state.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {completed, failed, progressed, queued, retrying, runStarted, stampAt, started} from './run-log.ts';

/** Two running files, for four seconds at 100 bytes a second each. */
function twoAtWork(): RunState {
	const facts = [runStarted({fileCount: 2, bytesTotal: 2000}), queued('a'), queued('b'), started('a'), started('b')];
	let state = reduce(
		createRunState(),
		facts.map(fact => stampAt(fact, 0)),
	);
	for (let second = 1; second <= 4; second++) {
		state = reduce(state, [
			stampAt(progressed('a', second * 100), second * 1000),
			stampAt(progressed('b', second * 100), second * 1000),
		]);
	}
	return state;
}
const hold = (state: RunState, file: string, atMs: number, isPaused = true, bytesRead = 400): RunState =>
	reduce(state, [stampAt(progressed(file, bytesRead, {isPaused}), atMs)]);

test('a held file is counted apart until it resumes or ends', () => {
	const held = hold(twoAtWork(), 'a', 4100);
	expect(held).toMatchObject({heldCount: 1, heldBytesLeft: 600, heldSinceMs: null});
	expect(held.counts.running).toBe(2);
	expect(hold(held, 'a', 4200, false)).toMatchObject({heldCount: 0, heldBytesLeft: 0});
	expect(reduce(held, [stampAt(completed('a'), 4200)])).toMatchObject({heldCount: 0, heldBytesLeft: 0});
});

test('while all running files are held, the remaining time stands still, and continues from there', () => {
	const before = selectRemainingMs(twoAtWork(), 4000);
	expect(before).toBeGreaterThan(0);
	let state = hold(hold(twoAtWork(), 'a', 4000), 'b', 4000);
	expect(state.heldSinceMs).toBe(4000);
	for (const atMs of [5000, 30_000, 600_000]) expect(selectRemainingMs(state, atMs)).toBe(before);
	state = hold(hold(state, 'a', 60_000, false), 'b', 60_000, false);
	expect(state.heldSinceMs).toBe(null);
	expect(selectRemainingMs(state, 60_000)).toBe(before);
});

test('a held file is not part of the remaining time while others run', () => {
	const state = hold(twoAtWork(), 'a', 4000);
	expect(selectRemainingMs(state, 4000)).toBeLessThan(selectRemainingMs(twoAtWork(), 4000) ?? 0);
});

test('the log keeps the last events that people want to read', () => {
	const facts = Array.from({length: 700}, () => [started('a', 1), retrying('a', 1)]).flat();
	const events = [runStarted(), queued('a'), ...facts, progressed('a', 1)];
	const state = reduce(
		createRunState(),
		events.map((fact, index) => stampAt(fact, index)),
	);
	expect(state.logCount).toBe(1401);
	expect(state.log).toHaveLength(1000);
	expect(new Set(state.log.map(({type}) => type))).toEqual(new Set(['file-started', 'file-retrying']));
});

test('failures are grouped by their code, and a file that is retried leaves its group', () => {
	const files = ['a', 'b', 'c'];
	let state = reduce(
		createRunState(),
		[...files.map(file => queued(file)), ...files.map(file => started(file))].map(fact => stampAt(fact, 0)),
	);
	state = reduce(
		state,
		files.map(file => stampAt(failed(file), 10)),
	);
	expect(state.tally.failures.map(({count}) => count)).toEqual([3]);
	state = reduce(state, [stampAt(queued('b', 1000, 1), 20)]);
	expect(state.tally.failures.map(({count}) => count)).toEqual([2]);
	state = reduce(state, [stampAt(queued('a', 1000, 1), 30), stampAt(queued('c', 1000, 1), 30)]);
	expect(state.tally.failures).toEqual([]);
});

test('the history is bounded, keeps its ends, and its rates add up to the bytes read', () => {
	fc.assert(
		fc.property(
			fc.array(fc.nat(3000), {minLength: 1, maxLength: 3000}),
			fc.integer({min: 1, max: 200}),
			(steps, count) => {
				let history = EMPTY_HISTORY;
				let elapsedMs = 0;
				let bytesRead = 0;
				for (const step of steps) {
					elapsedMs += step;
					bytesRead += step * 7;
					history = withMoment(history, {elapsedMs, bytesRead});
				}
				expect(history.moments.length).toBeLessThanOrEqual(480);
				expect(history.moments[0]).toEqual({elapsedMs: 0, bytesRead: 0});
				const last = history.moments.at(-1)?.elapsedMs ?? 0;
				expect(elapsedMs - last).toBeLessThanOrEqual(2 * history.spacingMs + 3000);
				const rates = computeThroughput(history, 0, count);
				const total = rates.reduce((sum, rate) => sum + (rate * last) / count / 1000, 0);
				if (last > 0) expect(total).toBeCloseTo(history.moments.at(-1)?.bytesRead ?? 0, 2);
			},
		),
		{numRuns: randomCases(30)},
	);
});
