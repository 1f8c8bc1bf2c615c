// When anything on the screen moves by itself: each frame of it is sent to every terminal, near or far.
import {expect, test} from 'vitest';
import {createRunState, reduceInPlace} from '../../source/store/reduce.ts';
import {isAtWork} from '../../source/ui/views/header-lines.ts';
import {fileReport, runStarted, stamp} from '../store/run-log.ts';

test('where files come as long as it runs, nothing moves while there are none', () => {
	const facts = [
		{...runStarted({fileCount: 0, bytesTotal: 0}), isEndless: true as const},
		{type: 'file-queued' as const, file: 'a.csv', attempt: 0, bytesTotal: 100, isAdded: true as const},
		{type: 'file-started' as const, file: 'a.csv', attempt: 1},
		{type: 'file-completed' as const, file: 'a.csv', attempt: 1, report: fileReport('a.csv')},
	];
	const events = stamp(facts);
	const found = events.map((_, count) => isAtWork(reduceInPlace(createRunState(), events.slice(0, count + 1))));
	expect(found).toEqual([false, true, true, false]);
	expect(isAtWork(reduceInPlace(createRunState(), stamp([runStarted({fileCount: 0, bytesTotal: 0})])))).toBe(true);
});
