// Each call by which a watch changes files fails once, or the watch is killed there, and so may be the one that recovers: of taking, of results, of what
// steps make, of reasons, of the status file. What is there after the next one is checked, and is what it would be without any fault. By hand:
//
//   npm run test:kills watch-calls                            each call, each fault
//   npm run test:kills watch-calls -- --fault EIO --from 7 --step 3
//   npm run test:kills watch-calls -- --pairs 100 --seed 7    two kills, the second one of the process that recovers
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {isDeepStrictEqual, parseArgs} from 'node:util';
import {accountOf, type FailingCalls, outcomeOf, prepareKinds, watchWithFaults} from '../helpers/failing-calls.ts';
import {Dice} from '../helpers/large-tables.ts';

const {values} = parseArgs({
	options: {
		fault: {type: 'string'},
		from: {type: 'string', default: '1'},
		step: {type: 'string', default: '1'},
		pairs: {type: 'string', default: '0'},
		seed: {type: 'string', default: String(Date.now() % 1_000_000)},
		/** Another build of the command. */
		cli: {type: 'string'},
	},
});
const {cli} = values;
const FAULTS = ['KILL', 'EIO', 'ENOSPC'] as const;
/** 1: some of the files are to fail; 4: what was left for a process were duplicates alone. */
const ENDINGS: readonly unknown[] = [0, 1, 4];
const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-calls-'));
let [tried, failed, killed] = [0, 0, 0];

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

/** Each fault is of a process of its own, and the last process meets none. */
async function tryOut(faults: readonly Omit<FailingCalls, 'cli'>[], expected: object | null) {
	const own = join(folder, String(tried++));
	mkdirSync(own);
	const drops = prepareKinds(own);
	const what = faults.map(({fault, numbers}) => `${fault} at ${numbers.join()}`).join(', ');
	const problems: string[] = [];
	for (const each of faults) {
		const {code, stderr} = await watchWithFaults(own, {...each, cli});
		if (code === 'SIGKILL' || code === 137) killed++;
		else if (!ENDINGS.includes(code) && code !== 3) problems.push(`it has ended with ${code}`);
		if (/internal error|\n\s+at /.test(stderr)) problems.push(stderr);
		if (stderr !== '') say(`  ${what}: ${code} ${stderr.trim().split('\n').join(' | ')}`);
	}
	const last = await watchWithFaults(own, {fault: 'EIO', numbers: [], cli});
	if (!ENDINGS.includes(last.code)) problems.push(`the last one has ended with ${last.code}: ${last.stderr}`);
	const outcome = outcomeOf(own);
	problems.push(...accountOf(own, drops).faults);
	if (expected !== null && !isDeepStrictEqual(outcome, expected)) problems.push('its files came to something else');
	if (problems.length > 0) failed++;
	for (const problem of problems) say(`${what}: ${problem} (${own})`);
	if (problems.length === 0) rmSync(own, {recursive: true, force: true});
	return {calls: last.calls, outcome};
}

const {calls, outcome} = await tryOut([], null);
if (Number(values.pairs) > 0) {
	const dice = new Dice(Number(values.seed));
	say(`seed ${values.seed}`);
	const random = (most: number) => ({fault: 'KILL', numbers: [1 + dice.roll(most)]}) as const;
	for (let pair = 0; pair < Number(values.pairs); pair++) await tryOut([random(calls), random(calls >> 1)], outcome);
} else {
	for (const fault of FAULTS) {
		if (values.fault !== undefined && values.fault !== fault) continue;
		for (let number = Number(values.from); number <= calls; number += Number(values.step))
			await tryOut([{fault, numbers: [number]}], outcome);
		say(`${fault}: ${tried} tried so far, ${failed} failed`);
	}
}
say(`${calls} calls, ${tried} tried, ${killed} killed, ${failed} failed${failed > 0 ? `: ${folder}` : ''}`);
if (failed > 0) process.exitCode = 1;
else rmSync(folder, {recursive: true, force: true});
