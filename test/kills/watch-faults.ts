// A kill, an error of the disk and a full disk at each system call by which a watched folder is changed, and pairs of kills at random ones; what
// is there after the next process is checked. By hand, where there is strace:
//
//   node test/kills/watch-faults.ts                        each call, each fault
//   node test/kills/watch-faults.ts --step 5 --fault EIO   every fifth call
//   node test/kills/watch-faults.ts --pairs 100 --seed 7   two kills, the second one of the process that recovers
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {Dice} from '../helpers/large-tables.ts';
import {CALLS, type CallFault, type CallMoment, dropSome, startWithFault, tell} from '../helpers/watch-faults.ts';
import {startWatching} from '../helpers/watch-kills.ts';
import {accountFor} from '../helpers/watched-account.ts';

const {values} = parseArgs({
	options: {
		step: {type: 'string', default: '1'},
		fault: {type: 'string'},
		call: {type: 'string'},
		pairs: {type: 'string', default: '0'},
		seed: {type: 'string', default: String(Date.now() % 1_000_000)},
		/** Another build of the command. */
		cli: {type: 'string'},
	},
});
/** 1: one of the files is to fail; 4: what was left for a process were duplicates alone. */
const ENDINGS: readonly unknown[] = [0, 1, 4];
const FAULTS: readonly CallFault[] = ['KILL', 'EIO', 'ENOSPC'];
const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-faults-'));
let [tried, failed] = [0, 0];

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

/** @returns Whether the first fault was met. */
async function tryOut(moments: readonly CallMoment[]): Promise<boolean> {
	const root = join(folder, String(tried++));
	const drops = dropSome(root);
	const problems: string[] = [];
	let wasMet = false;
	for (const moment of moments) {
		const {code, stderr} = await startWithFault(root, moment, values.cli).ended;
		const wasKilled = code === 'SIGKILL' || code === 137;
		if (moment === moments[0]) wasMet = wasKilled || stderr !== '';
		if (moment.fault !== 'KILL' && !ENDINGS.includes(code) && code !== 3) problems.push(`ended with ${code}`);
		if (/internal error|\n\s+at /.test(stderr)) problems.push(stderr);
		if (moment.fault !== 'KILL' && code !== 1) say(`  ${tell(moment)}: ${code} ${stderr.trim().split('\n').at(-1)}`);
	}
	const {code, stderr} = await startWatching(root, {flags: ['--once'], cli: values.cli}).ended;
	if (!ENDINGS.includes(code)) problems.push(`the next one ended with ${code}: ${stderr}`);
	else problems.push(...accountFor(root, drops).faults);
	if (problems.length > 0) failed++;
	for (const problem of problems) say(`${moments.map(tell).join(', ')}: ${problem}`);
	if (problems.length === 0) rmSync(root, {recursive: true, force: true});
	return wasMet;
}

if (Number(values.pairs) > 0) {
	const dice = new Dice(Number(values.seed));
	say(`seed ${values.seed}`);
	const random = (): CallMoment => {
		const call = dice.pick(CALLS);
		return {call, fault: 'KILL', nth: 1 + dice.roll(call === 'pwrite64' ? 150 : call === 'fsync' ? 25 : 6)};
	};
	for (let pair = 0; pair < Number(values.pairs); pair++) await tryOut([random(), random()]);
} else {
	for (const call of CALLS) {
		if (values.call !== undefined && values.call !== call) continue;
		for (const fault of FAULTS) {
			if (values.fault !== undefined && values.fault !== fault) continue;
			// Some faults nobody notices; where several in a row are not, there are no such calls any more.
			const step = Number(values.step) * (call === 'pwrite64' ? 5 : 1);
			let unmet = 0;
			for (let nth = 1; unmet < 4; nth += step) unmet = (await tryOut([{call, fault, nth}])) ? 0 : unmet + 1;
			say(`${call} ${fault}: ${tried} tried so far, ${failed} failed`);
		}
	}
}
say(`${tried} tried, ${failed} failed${failed > 0 ? `: ${folder}` : ''}`);
if (failed > 0) process.exitCode = 1;
else rmSync(folder, {recursive: true, force: true});
