// Kills a server, and the workers that read its files, at random moments while tasks end in every way, and checks that each gave exactly one notice,
// none before its result could be fetched. By hand; the suite does it a few times (test/e2e/notice-kills.test.ts):
//
//   node test/loop/notice-kills.ts --runs 500 --seed 7
//   node test/loop/notice-kills.ts --runs 500 --workers 0     read by threads of the server
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {faultsOfNotices} from '../helpers/account-of-notices.ts';
import {findFreePort} from '../helpers/free-port.ts';
import {Dice} from '../helpers/large-tables.ts';
import {noticesUnderKills} from '../helpers/notices-under-kills.ts';
import {startRedis} from '../helpers/queue-servers.ts';

const {values} = parseArgs({
	options: {
		runs: {type: 'string', default: '500'},
		clients: {type: 'string', default: '4'},
		workers: {type: 'string', default: '2'},
		seed: {type: 'string', default: String(Date.now() % 1_000_000)},
		/** Another build of the command. */
		cli: {type: 'string', default: fileURLToPath(new URL('../../dist/cli.js', import.meta.url))},
	},
});
const [runs, clients, workers] = [values.runs, values.clients, values.workers].map(Number) as [number, number, number];
if (!(runs >= 1 && clients >= 1 && workers >= 0))
	throw new Error('Expected --runs and --clients from 1, --workers from 0.');
const dataFolder = mkdtempSync(join(tmpdir(), 'fileproc-tui-notices-'));
const startedMs = performance.now();
process.stdout.write(`${runs} runs, ${clients} clients, ${workers} workers, seed ${values.seed}, in ${dataFolder}\n`);
const redis = workers > 0 ? await startRedis() : null;
const outcome = await noticesUnderKills({
	...{cli: values.cli, dataFolder, port: await findFreePort(), runs, clients, workers},
	...{queue: redis?.url ?? null, dice: new Dice(Number(values.seed))},
	onEnded: number => void (number % 50 === 0 && process.stdout.write(`${number} runs have ended\n`)),
});
await redis?.close();
const faults = faultsOfNotices(outcome);
const seconds = Math.round((performance.now() - startedMs) / 1000);
const ends = Object.entries(Object.groupBy(outcome.runs, ({status}) => status));
const [{servers, workers: workersKilled}, deliveries] = [outcome.kills, outcome.received.length];
process.stdout.write(
	`${outcome.runs.length} runs (${ends.map(([status, of]) => `${of?.length} ${status}`).join(', ')}), ${servers} kills of the server and ${workersKilled} of workers, ${deliveries} deliveries of ${new Set(outcome.received.map(({id}) => id)).size} notices, ${faults.length} faults, ${seconds} s\n`,
);
for (const fault of faults.slice(0, 50)) process.stdout.write(`  ${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else rmSync(dataFolder, {recursive: true, force: true});
