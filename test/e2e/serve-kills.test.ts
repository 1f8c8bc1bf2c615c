// A server that is killed again and again; `npm run test:kills serve-kills` does it far more often.
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {CLI_PATH, createFolder} from '../helpers/command.ts';
import {findFreePort} from '../helpers/free-port.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {faultsOfServer} from '../helpers/served-account.ts';
import {serveUnderKills} from '../helpers/served-kills.ts';

test('killed again and again, a server keeps what it has acknowledged, and does nothing twice', async () => {
	const dataFolder = join(createFolder(), 'data');
	const outcome = await serveUnderKills({
		...{
			cli: CLI_PATH,
			dataFolder,
			port: await findFreePort(),
			kills: randomCases(8),
			clients: 3,
			dice: new Dice(randomSeed),
		},
	});
	expect(outcome.jobs.length).toBeGreaterThan(3);
	expect([...outcome.faults, ...faultsOfServer(dataFolder, outcome)], `seed ${randomSeed}`).toEqual([]);
});
