// Calls that fail while a folder is watched, of taking, of results, exported tables, reasons and the status file, and kills there. Nothing is lost, doubled or
// half-counted, and it goes on by itself. `npm run test:kills watch-calls` tries each of them.
import {expect, test} from 'vitest';
import {createFolder} from '../helpers/command.ts';
import {accountOf, outcomeOf, prepareKinds, watchWithFaults} from '../helpers/failing-calls.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';

/** 4: what was left were duplicates alone. */
const ENDINGS = [0, 1, 4];

test('any call may fail, and the watch be killed at any: the files come to the same', async () => {
	const dice = new Dice(randomSeed);
	const undisturbed = createFolder();
	prepareKinds(undisturbed);
	const {code, stderr, calls} = await watchWithFaults(undisturbed, {fault: 'EIO', numbers: []});
	expect({code, stderr}).toEqual({code: 1, stderr: ''});
	expect(calls).toBeGreaterThan(120);
	const expected = outcomeOf(undisturbed);
	for (let tries = 0; tries < randomCases(3); tries++) {
		const folder = createFolder();
		const drops = prepareKinds(folder);
		// A file whose writes fail three times has failed. Of kills the second one is of the process that recovers.
		const fault = dice.pick(['EIO', 'ENOSPC', 'KILL'] as const);
		const numbers = [1 + dice.roll(calls), 1 + dice.roll(calls)];
		const what = `seed ${randomSeed}, ${fault} at ${numbers.join()}`;
		for (const each of fault === 'KILL' ? numbers.map(number => [number]) : [numbers]) {
			const ended = await watchWithFaults(folder, {fault, numbers: each});
			const allowed = fault === 'KILL' ? [...ENDINGS, 'SIGKILL'] : [...ENDINGS, 3];
			expect(allowed, `${what}: ${ended.stderr}`).toContain(ended.code);
			expect(ended.stderr, what).not.toMatch(/internal error|\n\s+at /);
		}
		const last = await watchWithFaults(folder, {fault, numbers: []});
		expect(ENDINGS, `${what}: ${last.stderr}`).toContain(last.code);
		expect(accountOf(folder, drops).faults, what).toEqual([]);
		expect(outcomeOf(folder), what).toEqual(expected);
	}
});

test('what steps have made is kept until it can be moved, however often the system refuses that', async () => {
	const undisturbed = createFolder();
	prepareKinds(undisturbed);
	await watchWithFaults(undisturbed, {fault: 'EIO', numbers: []});
	const folder = createFolder();
	const drops = prepareKinds(folder);
	// First where it has been decided, then each time when it is recovered.
	const moves = {to: 'second.txt.upper.txt', times: 3};
	const ended = await watchWithFaults(folder, {fault: 'EIO', numbers: [], moves});
	expect(ended.stderr).toContain('second.txt cannot be gone on with: EIO');
	await watchWithFaults(folder, {fault: 'EIO', numbers: []});
	expect(accountOf(folder, drops).faults).toEqual([]);
	expect(outcomeOf(folder)).toEqual(outcomeOf(undisturbed));
});
