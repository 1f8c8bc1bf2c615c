// Each write fails once, while a folder is watched: of results, of what steps make, of reasons, of the status file. By hand:
//
//   node test/loop/watch-writes.ts
//   node test/loop/watch-writes.ts --code EIO --from 7
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {isDeepStrictEqual, parseArgs} from 'node:util';
import {accountOf, outcomeOf, prepareWrites, watchWithFaults} from '../helpers/failing-writes.ts';

const {values} = parseArgs({
	options: {
		code: {type: 'string'},
		from: {type: 'string', default: '1'},
		/** Another build of the command. */
		cli: {type: 'string'},
	},
});
const {cli} = values;
const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-writes-'));
let [tried, failed] = [0, 0];

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

async function tryOut(code: 'EIO' | 'ENOSPC', numbers: readonly number[], expected: object | null) {
	const own = join(folder, String(tried++));
	mkdirSync(own);
	const drops = prepareWrites(own);
	const what = `${code} at ${numbers.join()}`;
	const {code: exit, stderr, writes} = await watchWithFaults(own, {code, numbers, cli});
	if (stderr !== '') say(`  ${what}: ${exit} ${stderr.trim().split('\n').join(' | ')}`);
	const again = exit === 3 ? await watchWithFaults(own, {code, numbers: [], cli}) : {code: exit};
	const outcome = outcomeOf(own);
	const faults = [
		...(again.code === 1 ? [] : [`it has ended with ${again.code}`]),
		...accountOf(own, drops).faults,
		...(expected === null || isDeepStrictEqual(outcome, expected) ? [] : ['its files came to something else']),
	];
	if (faults.length > 0) failed++;
	for (const fault of faults) say(`${what}: ${fault}`);
	if (faults.length === 0) rmSync(own, {recursive: true, force: true});
	return {writes, outcome};
}

const {writes, outcome} = await tryOut('EIO', [], null);
for (const code of ['EIO', 'ENOSPC'] as const) {
	if (values.code !== undefined && values.code !== code) continue;
	for (let number = Number(values.from); number <= writes; number++) await tryOut(code, [number], outcome);
}
say(`${tried} tried, ${failed} failed${failed > 0 ? `: ${folder}` : ''}`);
if (failed > 0) process.exitCode = 1;
else rmSync(folder, {recursive: true, force: true});
