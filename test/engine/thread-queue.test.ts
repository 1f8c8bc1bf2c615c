// Whose turn it is at the threads of a pool, for any number of clients and any order in which threads become free.
import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import type {PoolThread} from '../../source/engine/pool/pool-thread.ts';
import {ThreadQueue} from '../../source/engine/pool/thread-queue.ts';
import {ThreadShare} from '../../source/engine/pool/thread-share.ts';
import {randomCases} from '../helpers/random-cases.ts';

const never = new AbortController().signal;
const thread = {} as PoolThread;

/** What threads do: a client with its number asks for one; or the thread that was given out at that place comes back. */
const step = fc.oneof(
	fc.record({type: fc.constant('ask' as const), client: fc.nat(4), count: fc.integer({min: 1, max: 30})}),
	fc.record({type: fc.constant('free' as const), place: fc.nat()}),
);

test('a client that has no thread is served before any that has one, and before the others have had two turns', async () => {
	await fc.assert(
		fc.property(
			fc.array(step, {maxLength: 80}),
			fc.integer({min: 1, max: 4}),
			fc.array(fc.integer({min: 1, max: 5}), {minLength: 5, maxLength: 5}),
			(steps, threadCount, maxThreads) => {
				const queue = new ThreadQueue();
				const shares = maxThreads.map(count => new ThreadShare(count));
				const waiting = shares.map(() => 0);
				/** Turns of others since the client waits without a thread. */
				const passedOver = shares.map(() => new Map<ThreadShare, number>());
				const busy: ThreadShare[] = [];
				let idleCount = threadCount;
				let turn = 0;
				const assign = (): void => {
					while (idleCount > 0) {
						const before = shares.map(({busyCount}) => busyCount);
						const given = queue.assign(thread);
						const eligible = shares.filter((share, index) => (waiting[index] ?? 0) > 0 && !share.isFull);
						if (given === null) {
							expect(eligible, 'nobody is left waiting beside an idle thread').toEqual([]);
							return;
						}
						expect(eligible).toContain(given);
						const index = shares.indexOf(given);
						for (const share of eligible) expect(before[index]).toBeLessThanOrEqual(before[shares.indexOf(share)] ?? 0);
						for (const [other, share] of shares.entries()) {
							if (share === given || (waiting[other] ?? 0) === 0 || share.busyCount > 0) continue;
							const turns = (passedOver[other]?.get(given) ?? 0) + 1;
							passedOver[other]?.set(given, turns);
							expect(turns, 'turns of another while one waits without a thread').toBeLessThanOrEqual(1);
						}
						passedOver[index]?.clear();
						waiting[index] = (waiting[index] ?? 0) - 1;
						given.busyCount++;
						given.lastTurn = ++turn;
						busy.push(given);
						idleCount--;
					}
				};
				for (const each of steps) {
					if (each.type === 'ask') {
						const share = shares[each.client];
						if (share === undefined) continue;
						for (let count = 0; count < each.count; count++)
							void queue.wait({mayStart: true, share, signal: never, overdueMs: null, onOverdue() {}});
						waiting[each.client] = (waiting[each.client] ?? 0) + each.count;
					} else if (busy.length > 0) {
						const [freed] = busy.splice(each.place % busy.length, 1);
						if (freed !== undefined) freed.busyCount--;
						idleCount++;
					}
					assign();
				}
			},
		),
		{numRuns: randomCases(100)},
	);
});

test('those who wait for the same client are served in the order in which they came', async () => {
	const queue = new ThreadQueue();
	const [one, other] = [new ThreadShare(9), new ThreadShare(9)];
	const order: string[] = [];
	const wait = (share: ThreadShare, name: string): void =>
		void queue
			.wait({mayStart: true, share, signal: never, overdueMs: null, onOverdue() {}})
			.then(() => order.push(name));
	for (const name of ['a1', 'a2', 'a3']) wait(one, name);
	wait(other, 'b1');
	for (let turn = 1; turn <= 4; turn++) {
		const share = queue.assign(thread);
		if (share !== null) Object.assign(share, {busyCount: share.busyCount + 1, lastTurn: turn});
	}
	await Promise.resolve();
	expect(order).toEqual(['a1', 'b1', 'a2', 'a3']);
});

test('a wait is overdue when no thread has come free in that time, for anybody', async () => {
	vi.useFakeTimers();
	try {
		const queue = new ThreadQueue();
		const share = new ThreadShare(9);
		let overdueCount = 0;
		for (let count = 0; count < 4; count++)
			void queue.wait({mayStart: true, share, signal: never, overdueMs: 250, onOverdue: () => overdueCount++});
		for (let turn = 0; turn < 3; turn++) {
			await vi.advanceTimersByTimeAsync(200);
			queue.markFreed();
			expect(queue.assign(thread)).toBe(share);
		}
		await vi.advanceTimersByTimeAsync(249);
		expect([overdueCount, queue.hasOverdue]).toEqual([0, false]);
		await vi.advanceTimersByTimeAsync(1);
		expect([overdueCount, queue.hasOverdue]).toEqual([1, true]);
	} finally {
		vi.useRealTimers();
	}
});
