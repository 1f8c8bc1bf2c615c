// Kills a process that watches a folder at random moments, many times, while files are dropped, and checks what is there at the end. By hand:
//
//   node test/kills/watch-kills.ts --kills 200 --seed 7
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {Dice} from '../helpers/large-tables.ts';
import {watchUnderKills} from '../helpers/watch-kills.ts';
import {accountFor} from '../helpers/watched-account.ts';

const {values} = parseArgs({
	options: {
		kills: {type: 'string', default: '200'},
		files: {type: 'string'},
		seed: {type: 'string', default: String(Date.now() % 1_000_000)},
		/** Another build of the command. */
		cli: {type: 'string'},
	},
});
const kills = Number(values.kills);
const files = Number(values.files ?? kills * 5);
if (!(kills >= 1 && files >= 1)) throw new Error('Expected --kills and --files from 1.');
const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-kills-'));
const startedMs = performance.now();
process.stdout.write(`${kills} kills, ${files} files, seed ${values.seed}, in ${folder}\n`);
const drops = await watchUnderKills({
	...{folder, kills, files, cli: values.cli, dice: new Dice(Number(values.seed))},
	onKill: number => void (number % 20 === 0 && process.stdout.write(`${number} kills\n`)),
});
const {faults, crashLoops} = accountFor(join(folder, 'watched'), drops);
const seconds = Math.round((performance.now() - startedMs) / 1000);
process.stdout.write(
	`${drops.length} files dropped, ${crashLoops.length} given up as CRASH_LOOP, ${faults.length} faults, ${seconds} s\n`,
);
for (const fault of faults.slice(0, 50)) process.stdout.write(`  ${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else rmSync(folder, {recursive: true, force: true});
