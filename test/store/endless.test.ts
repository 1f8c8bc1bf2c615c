// A watched folder: files come for months, and the state must not grow with them.
import {expect, test} from 'vitest';
import type {RunFact} from '../../source/model/events.ts';
import {createRunState, ENDED_FILES_KEPT, reduceInPlace} from '../../source/store/reduce.ts';
import {selectFile} from '../../source/store/selectors.ts';
import {fileReport, runStarted, stamp} from './run-log.ts';

const claim = (index: number): string => `claim-${index}`;

/** The same names come again and again. */
const addressOf = (index: number) => ({file: `${index % 10}.csv`, jobId: index, claim: claim(index)});

const begin = (index: number): RunFact[] => [
	{type: 'file-queued', ...addressOf(index), attempt: 0, bytesTotal: 100, isAdded: true},
	{type: 'file-started', ...addressOf(index), attempt: 1},
];

const complete = (index: number): RunFact => {
	const {file} = addressOf(index);
	return {
		type: 'file-completed',
		...addressOf(index),
		attempt: 1,
		report: fileReport(file),
		place: `processed/${file}`,
		tag: 'all',
	};
};

function follow(count: number) {
	const facts: RunFact[] = [
		{...runStarted({fileCount: 0, bytesTotal: 0}), isEndless: true},
		// One that is worked on all the time.
		...begin(0),
		...Array.from({length: count}, (_, index) => [...begin(index + 1), complete(index + 1)]).flat(),
	];
	const events = stamp(facts);
	let state = createRunState();
	for (let from = 0; from < events.length; from += 1000) state = reduceInPlace(state, events.slice(from, from + 1000));
	return state;
}

test('files that ended long ago leave the state, and its totals stay', () => {
	const state = follow(20_000);
	expect(state.files.length).toBeLessThanOrEqual(2 * ENDED_FILES_KEPT + 1);
	expect(state.files.length).toBeGreaterThanOrEqual(ENDED_FILES_KEPT + 1);
	expect(state.indexByFile.size).toBe(state.files.length);
	expect(state.counts).toMatchObject({completed: 20_000, running: 1});
	expect(state).toMatchObject({fileCount: 20_001, rows: 20_000 * fileReport('a').rows});
	expect(selectFile(state, claim(1))).toBeUndefined();
	expect(selectFile(state, claim(0))?.status).toBe('running');
	for (const index of [20_000, 20_000 - ENDED_FILES_KEPT + 1])
		expect(selectFile(state, claim(index))).toMatchObject({status: 'completed', claim: claim(index), jobId: index});
});

test('what is said later of a file that has left the state changes nothing', () => {
	const state = follow(3000);
	const after = reduceInPlace(state, stamp([complete(1)]));
	expect(after.counts).toEqual(state.counts);
	expect(after.files.length).toBe(state.files.length);
});
