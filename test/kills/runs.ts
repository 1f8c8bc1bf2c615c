// Kills runs with a ledger at random moments, lets them go on with --resume, and has an independent checker compare folder, report, ledger and events
// after each. By hand, not in CI; the suite does the same a few times (test/e2e/kills.test.ts):
//
//   npm run test:kills                              200 kills
//   npm run test:kills -- --kills 20 --rows 200000  fewer, with another large file
//   npm run test:kills -- --seed 7                  the same dice again
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {createKillData, killAndResume, runCli} from '../helpers/killed-runs.ts';
import {Dice} from '../helpers/large-tables.ts';
import {withoutTimes} from '../helpers/without-times.ts';

const {values} = parseArgs({
	options: {
		kills: {type: 'string', default: '200'},
		rows: {type: 'string', default: '600000'},
		tiny: {type: 'string', default: '300'},
		seed: {type: 'string', default: String(Date.now() % 1_000_000)},
	},
});
const [wanted, rows, tiny, seed] = [values.kills, values.rows, values.tiny, values.seed].map(Number) as [
	number,
	number,
	number,
	number,
];
if (![wanted, rows, tiny].every(number => number >= 1)) throw new Error('Expected --kills, --rows and --tiny from 1.');

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const folder = createKillData(rows, tiny);
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const dice = new Dice(seed);
const ledger = join(folder, 'ledger.db');
const whole = await runCli({cli, folder, ledger, threads: 2}, []);
const expected = withoutTimes(JSON.parse(whole.stdout));
const {wallMs} = await runCli({cli, folder, ledger, threads: 2}, []);
let [kills, rounds, faulty] = [0, 0, 0];
while (kills < wanted) {
	rounds++;
	const outcome = await killAndResume({cli, folder, ledger, threads: 1 + (rounds % 2)}, expected, wallMs, dice);
	kills += outcome.kills;
	if (outcome.faults.length > 0) faulty++;
	for (const fault of outcome.faults) process.stdout.write(`seed ${seed}, round ${rounds}: ${fault}\n`);
	if (rounds % 10 === 0) process.stdout.write(`${kills} kills, ${rounds} resumed to the end, ${faulty} with faults\n`);
}
process.stdout.write(`${kills} kills, ${rounds} resumed to the end, ${faulty} with faults; seed ${seed}\n`);
process.exitCode = faulty === 0 ? 0 : 1;
