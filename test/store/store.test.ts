import {expect, test} from 'vitest';
import {createStore, type Store} from '../../source/store/store.ts';

interface Bench {
	readonly store: Store<number, number>;
	/** Runs the scheduled frames. Returns their number. */
	readonly runFrames: () => number;
	readonly batchSizes: number[];
}

/** A store that sums numbers, with frames run by hand. */
function createBench(): Bench {
	const batchSizes: number[] = [];
	let frames: (() => void)[] = [];
	const store = createStore<number, number>({
		initialState: 0,
		reduce(state, events) {
			if (events.length > 0) batchSizes.push(events.length);
			return events.reduce((sum, event) => sum + event, state);
		},
		scheduleFrame(publish) {
			frames.push(publish);
		},
	});
	const runFrames = (): number => {
		const due = frames;
		frames = [];
		for (const frame of due) frame();
		return due.length;
	};
	return {store, runFrames, batchSizes};
}

const countCalls = (store: Store<number, number>): {count: number; stop: () => void} => {
	const calls = {count: 0, stop: (): void => {}};
	calls.stop = store.subscribe(() => {
		calls.count++;
	});
	return calls;
};

test('a burst of events causes one frame, one reduce and one publish', () => {
	const {store, runFrames, batchSizes} = createBench();
	const calls = countCalls(store);
	for (let event = 1; event <= 1000; event++) store.dispatch(event);
	expect(runFrames()).toBe(1);
	expect(calls.count).toBe(1);
	expect(batchSizes).toEqual([1000]);
	expect(store.getSnapshot()).toBe(500_500);
});

test('the snapshot does not change before the frame', () => {
	const {store, runFrames} = createBench();
	store.dispatch(5);
	expect(store.getSnapshot()).toBe(0);
	runFrames();
	expect(store.getSnapshot()).toBe(5);
});

test('the last event before a quiet period is published', () => {
	const {store, runFrames} = createBench();
	store.dispatch(1);
	runFrames();
	store.dispatch(2);
	expect(runFrames()).toBe(1);
	expect(store.getSnapshot()).toBe(3);
	expect(runFrames()).toBe(0);
});

test('flush publishes at once, and the scheduled frame then publishes nothing', () => {
	const {store, runFrames} = createBench();
	const calls = countCalls(store);
	store.dispatch(7);
	store.flush();
	expect(store.getSnapshot()).toBe(7);
	runFrames();
	expect(calls.count).toBe(1);
});

test('events that change nothing are not published', () => {
	const {store, runFrames} = createBench();
	const calls = countCalls(store);
	store.dispatch(0);
	runFrames();
	store.flush();
	expect(calls.count).toBe(0);
});

test('events past the limit are reduced early but published with the frame only', () => {
	const {store, runFrames, batchSizes} = createBench();
	const calls = countCalls(store);
	for (let event = 0; event < 1001; event++) store.dispatch(1);
	expect(batchSizes).toEqual([1000]);
	expect(calls.count).toBe(0);
	expect(store.getSnapshot()).toBe(0);
	runFrames();
	expect(store.getSnapshot()).toBe(1001);
	expect(calls.count).toBe(1);
});

test('a listener that unsubscribed is not called again', () => {
	const {store, runFrames} = createBench();
	const gone = countCalls(store);
	const stays = countCalls(store);
	gone.stop();
	store.dispatch(1);
	runFrames();
	expect([gone.count, stays.count]).toEqual([0, 1]);
});
