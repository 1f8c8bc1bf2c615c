// When small files get a further thread.
import {expect, test} from 'vitest';
import {GroupPace} from '../../source/engine/small-files/group-pace.ts';

function paceAt() {
	let nowMs = 1000;
	const pace = new GroupPace(() => nowMs);
	return {
		pace,
		pass(ms: number) {
			nowMs += ms;
		},
	};
}

test('none before a thread has read for a while, however many files are left', () => {
	const {pace, pass} = paceAt();
	expect(pace.needsThreads(1_000_000)).toBe(false);
	pass(10_000);
	pace.start();
	pass(249);
	expect(pace.needsThreads(1_000_000)).toBe(false);
	pass(1);
	expect(pace.needsThreads(1_000_000)).toBe(true);
});

test('none where the thread will soon have read those that are left', () => {
	const {pace, pass} = paceAt();
	pace.start();
	pace.addFiles(2000);
	pace.addFiles(500);
	pass(250);
	// Ten files a millisecond.
	expect(pace.needsThreads(10_000)).toBe(false);
	expect(pace.needsThreads(10_001)).toBe(true);
});

test('one where no file has come back, as from a slow drive', () => {
	const {pace, pass} = paceAt();
	pace.start();
	pass(300);
	expect(pace.needsThreads(1)).toBe(true);
});
