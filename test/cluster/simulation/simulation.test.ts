// Delays, losses, repetitions, freezes, crashes, wrong clocks, queues that forget, and files that change: each file has one result all the same,
// whole or in parts, and it is one that counts. `npm run test:long` plays 10,000 seeds.
import {expect, test} from 'vitest';
import {randomSeeds} from '../../helpers/random-cases.ts';
import {findFaults} from './check.ts';
import {type SimulationOptions, simulate} from './simulate.ts';

function play(count: number, options: Omit<SimulationOptions, 'seed'>) {
	return randomSeeds(count).map(seed => {
		const history = simulate({seed, ...options});
		return {seed, history, faults: findFaults(history)};
	});
}

test('each file has exactly one result, whatever happens', () => {
	const played = play(1000, {});
	expect(played.flatMap(({seed, faults}) => (faults.length === 0 ? [] : [{seed, faults}]))).toEqual([]);
	// It was put to the test.
	const sum = (of: (history: (typeof played)[number]['history']) => number): number =>
		played.reduce((total, {history}) => total + of(history), 0);
	expect(sum(({counts}) => counts.lost)).toBeGreaterThan(played.length / 3);
	expect(sum(({counts}) => counts.late)).toBeGreaterThan(0);
	expect(sum(({executions, files}) => executions - files)).toBeGreaterThan(played.length);
});

test('the same with many workers', () => {
	const played = play(3, {files: 400, workers: 200});
	expect(played.flatMap(({seed, faults}) => (faults.length === 0 ? [] : [{seed, faults}]))).toEqual([]);
});

test.each([
	'no-token',
	'no-second-try',
	'mixed-states',
	'half-a-file',
] as const)('a coordinator with the mistake “%s” is found out', broken => {
	const played = play(broken === 'no-token' ? 600 : 60, {broken});
	expect(played.filter(({faults}) => faults.length > 0).length).toBeGreaterThan(0);
});
