import {expect, test, vi} from 'vitest';
import {Rest} from '../../source/watch/rest.ts';
import {installClock, settle} from '../helpers/clock.ts';

test.each([
	['nothing comes', () => {}, 1000],
	['there is something to do', (rest: Rest) => rest.end(), 0],
	['something changes', (rest: Rest) => rest.hint(), 400],
])('it rests as long as it should when %s', async (_, tell, expectedMs) => {
	vi.useFakeTimers({toFake: ['performance', 'Date', 'setTimeout', 'clearTimeout']});
	try {
		const rest = new Rest();
		const startedAtMs = performance.now();
		const rested = rest.take(1000, 400).then(() => performance.now() - startedAtMs);
		tell(rest);
		await vi.advanceTimersByTimeAsync(2000);
		expect(await rested).toBe(expectedMs);
	} finally {
		vi.useRealTimers();
	}
});

test('what is to be done at once is not kept waiting by hints that have come before', async () => {
	const clock = installClock();
	try {
		const rest = new Rest();
		let isOver = false;
		void rest.take(60_000, 20_000).then(() => {
			isOver = true;
		});
		for (let hint = 0; hint < 3; hint++) {
			rest.hint();
			await settle();
		}
		expect(isOver).toBe(false);
		rest.end();
		await settle();
		expect(isOver).toBe(true);
		expect(clock.timerCount).toBe(0);
	} finally {
		vi.unstubAllGlobals();
		vi.useRealTimers();
	}
});
