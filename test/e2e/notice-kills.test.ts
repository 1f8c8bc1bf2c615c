// A server and its workers, killed again and again while tasks end; a script in test/loop does it far more often.
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {faultsOfNotices} from '../helpers/account-of-notices.ts';
import {CLI_PATH, createFolder} from '../helpers/command.ts';
import {findFreePort} from '../helpers/free-port.ts';
import {Dice} from '../helpers/large-tables.ts';
import {noticesUnderKills} from '../helpers/notices-under-kills.ts';
import {hasRedis, startRedis} from '../helpers/queue-servers.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';

test.skipIf(!hasRedis)(
	'each task gives one notice, when its result can be fetched, whatever is killed meanwhile',
	async () => {
		const redis = await startRedis();
		onTestFinished(() => redis.close());
		const runs = Math.max(20, randomCases(20));
		const outcome = await noticesUnderKills({
			...{cli: CLI_PATH, dataFolder: join(createFolder(), 'data'), port: await findFreePort(), runs, clients: 3},
			...{queue: redis.url, workers: 2, dice: new Dice(randomSeed)},
		});
		expect(outcome.runs.length).toBe(runs);
		expect(outcome.kills.servers).toBeGreaterThan(0);
		expect(faultsOfNotices(outcome), `seed ${randomSeed}`).toEqual([]);
	},
);

test('an account of notices finds those that are missing, that are there twice, that came too early, and that are not signed', () => {
	const good = {
		id: 'msg_1',
		task: 'r_1',
		status: 'COMPLETED',
		isSigned: true,
		found: {status: 'COMPLETED', result: 200},
	};
	const outcome = {
		runs: [{task: 'r_1', status: 'COMPLETED'}],
		received: [good],
		kills: {servers: 0, workers: 0},
		faults: [],
	};
	const faultsWith = (...received: readonly (typeof good)[]): number => faultsOfNotices({...outcome, received}).length;
	expect(faultsWith(good)).toBe(0);
	expect(faultsWith(good, good), 'sent again').toBe(0);
	expect(faultsWith()).toBe(1);
	expect(faultsWith(good, {...good, id: 'msg_2'})).toBe(1);
	expect(faultsWith(good, {...good, task: 'r_2'})).toBeGreaterThan(0);
	expect(faultsWith({...good, found: {status: 'COMPLETED', result: 404}})).toBe(1);
	expect(faultsWith({...good, found: {status: 'PROCESSING', result: 200}})).toBe(1);
	expect(faultsWith({...good, status: 'FAILED'})).toBeGreaterThan(0);
	expect(faultsWith({...good, isSigned: false})).toBe(1);
});
