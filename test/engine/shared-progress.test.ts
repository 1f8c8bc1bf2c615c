// The memory that a thread and the engine share, from both sides.
import {expect, test} from 'vitest';
import {AbortedError, SharedProgress} from '../../source/engine/shared/shared-progress.ts';

const totals = {bytesRead: 2 ** 40, rows: 2 ** 33, rejectedRows: 7};
const none = {bytesRead: 0, rows: 0, rejectedRows: 0};

test('a thread that goes on to the next file begins at nothing, and what it was told still stands', () => {
	const engine = new SharedProgress();
	const thread = new SharedProgress(engine.buffer);
	for (let file = 0; file < 3; file++) {
		thread.write(totals);
		expect(engine.read()).toEqual(totals);
		engine.direct('abort');
		thread.beginAnew();
		expect(engine.read()).toEqual(none);
		expect(() => thread.checkpoint()).toThrow(AbortedError);
		thread.beginAnew();
		expect(engine.read()).toEqual(none);
	}
});

test('the engine begins a request at nothing, whatever the thread was told and has written', () => {
	const engine = new SharedProgress();
	const thread = new SharedProgress(engine.buffer);
	thread.write(totals);
	engine.direct('abort');
	engine.reset();
	expect(engine.read()).toEqual(none);
	thread.checkpoint();
});

test('whoever must not sleep sees that it is held, also when it shall look at something else', () => {
	const engine = new SharedProgress();
	const reader = new SharedProgress(engine.buffer);
	expect(reader.isHeld).toBe(false);
	engine.direct('hold');
	engine.nudge();
	expect(reader.isHeld).toBe(true);
	engine.direct('run');
	expect(reader.isHeld).toBe(false);
});

test('a thread that waits for others says so until it has what it needs or is told to abort', () => {
	const progress = new SharedProgress();
	const seen: boolean[] = [];
	progress.waitForOthers(() => true, 1);
	expect([progress.isWaitingForOthers, progress.waitCount]).toEqual([false, 0]);
	progress.waitForOthers(() => seen.push(progress.isWaitingForOthers) === 3, 1);
	expect(seen).toEqual([false, true, true]);
	expect(progress.isWaitingForOthers).toBe(false);
	const {waitCount} = progress;
	expect(waitCount).toBeGreaterThan(0);
	progress.direct('abort');
	expect(() => progress.waitForOthers(() => false, 1)).toThrow(AbortedError);
	expect(progress.isWaitingForOthers).toBe(false);
	expect(progress.waitCount).toBeGreaterThan(waitCount);
});
