// Kills a server at random moments, many times, while files and tasks come in, and checks that what it has said holds. By hand:
//
//   node test/kills/serve-kills.ts --kills 100 --seed 7
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {findFreePort} from '../helpers/free-port.ts';
import {Dice} from '../helpers/large-tables.ts';
import {faultsOfServer} from '../helpers/served-account.ts';
import {serveUnderKills} from '../helpers/served-kills.ts';

const {values} = parseArgs({
	options: {
		kills: {type: 'string', default: '100'},
		clients: {type: 'string', default: '4'},
		seed: {type: 'string', default: String(Date.now() % 1_000_000)},
		/** Another build of the command. */
		cli: {type: 'string', default: fileURLToPath(new URL('../../dist/cli.js', import.meta.url))},
	},
});
const [kills, clients] = [Number(values.kills), Number(values.clients)];
if (!(kills >= 1 && clients >= 1)) throw new Error('Expected --kills and --clients from 1.');
const dataFolder = mkdtempSync(join(tmpdir(), 'fileproc-tui-served-'));
const startedMs = performance.now();
process.stdout.write(`${kills} kills, ${clients} clients, seed ${values.seed}, in ${dataFolder}\n`);
const outcome = await serveUnderKills({
	...{cli: values.cli, dataFolder, port: await findFreePort(), kills, clients, dice: new Dice(Number(values.seed))},
	onKill: number => void (number % 20 === 0 && process.stdout.write(`${number} kills\n`)),
});
const faults = [...outcome.faults, ...faultsOfServer(dataFolder, outcome)];
const seconds = Math.round((performance.now() - startedMs) / 1000);
process.stdout.write(
	`${outcome.jobs.length} files sent in and worked on, ${outcome.events.length} events, notices of ${outcome.notices.size} tasks, ${faults.length} faults, ${seconds} s\n`,
);
for (const fault of faults.slice(0, 50)) process.stdout.write(`  ${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else rmSync(dataFolder, {recursive: true, force: true});
