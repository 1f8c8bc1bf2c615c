// A watched folder under kills and faults of the disk at random moments; `npm run test:kills` tries far more of them.
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createFolder} from '../helpers/command.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {
	CALLS,
	type CallFault,
	type CallMoment,
	canInject,
	dropSome,
	startWithFault,
	tell,
} from '../helpers/watch-faults.ts';
import {startWatching, watchUnderKills} from '../helpers/watch-kills.ts';
import {accountFor} from '../helpers/watched-account.ts';

test('killed again and again, it loses nothing and counts nothing twice', async () => {
	const folder = createFolder();
	const kills = randomCases(5);
	const drops = await watchUnderKills({folder, kills, files: kills * 6, dice: new Dice(randomSeed)});
	expect(drops).toHaveLength(kills * 6);
	expect(accountFor(join(folder, 'watched'), drops).faults, `seed ${randomSeed}`).toEqual([]);
});

/** 1: one of the files is to fail; 4: what was left for this process were duplicates alone. */
const ENDINGS = [0, 1, 4];

/** When the folders are there, and are looked at once more. */
const LATE_MKDIR: CallMoment = {call: 'mkdir', fault: 'EIO', nth: 4};

test.skipIf(!canInject)('a fault at any system call, and a second one while it recovers', async () => {
	const dice = new Dice(randomSeed);
	const random = () => {
		const call = dice.pick(CALLS);
		const nth = 1 + dice.roll(call === 'pwrite64' ? 150 : call === 'fsync' ? 20 : 5);
		return {call, fault: dice.pick<CallFault>(['KILL', 'EIO', 'ENOSPC']), nth};
	};
	const all = [[LATE_MKDIR, random()], ...Array.from({length: randomCases(3)}, () => [random(), random()])];
	for (const moments of all) {
		const root = createFolder();
		const drops = dropSome(root);
		const what = `seed ${randomSeed}, ${moments.map(tell).join(', ')}`;
		for (const moment of moments) {
			const {code, stderr} = await startWithFault(root, moment).ended;
			expect(['SIGKILL', 137, 3, ...ENDINGS], `${what}: ${stderr}`).toContain(code);
		}
		const {code, stderr} = await startWatching(root, {flags: ['--once']}).ended;
		expect(ENDINGS, `${what}: ${stderr}`).toContain(code);
		expect(accountFor(root, drops).faults, what).toEqual([]);
		expect(existsSync(join(root, '.state/ballast')), what).toBe(true);
	}
});
