// Writes that fail while a folder is watched: of results, exported tables, reasons and the status file. Nothing is lost, doubled or half-counted, and it
// goes on by itself. `test/loop/watch-writes.ts` tries each of them.
import {expect, test} from 'vitest';
import {createFolder} from '../helpers/command.ts';
import {accountOf, outcomeOf, prepareWrites, watchWithFaults} from '../helpers/failing-writes.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';

test('any write may fail: the files come to the same', async () => {
	const dice = new Dice(randomSeed);
	const undisturbed = createFolder();
	prepareWrites(undisturbed);
	const {code, stderr, writes} = await watchWithFaults(undisturbed, {code: 'EIO', numbers: []});
	expect({code, stderr}).toEqual({code: 1, stderr: ''});
	expect(writes).toBeGreaterThan(20);
	const expected = outcomeOf(undisturbed);
	for (let tries = 0; tries < randomCases(2); tries++) {
		const folder = createFolder();
		const drops = prepareWrites(folder);
		// A file whose writes fail three times has failed.
		const faults = {
			code: dice.pick(['EIO', 'ENOSPC'] as const),
			numbers: [1 + dice.roll(writes), 1 + dice.roll(writes)],
		};
		const what = `seed ${randomSeed}, ${JSON.stringify(faults)}`;
		const ended = await watchWithFaults(folder, faults);
		if (ended.code === 3) {
			// Before it has begun.
			expect(ended.stderr, what).toMatch(/The status file .* cannot be written|cannot be watched: EIO/);
			expect((await watchWithFaults(folder, {...faults, numbers: []})).code).toBe(1);
		} else expect(ended.code, `${what}: ${ended.stderr}`).toBe(1);
		expect(accountOf(folder, drops).faults, what).toEqual([]);
		expect(outcomeOf(folder), what).toEqual(expected);
	}
});
