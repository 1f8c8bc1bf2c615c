// A kill, an error of the disk and a full disk at each system call by which a run writes its ledger: its report is the same where it was not killed, and so
// is that of the next run with --resume; an independent checker looks at both. By hand, where there is strace:
//
//   npm run test:kills ledger-faults                                        each call, each fault
//   npm run test:kills ledger-faults -- --call pwrite64 --fault EIO --step 5
//   npm run test:kills ledger-faults -- --goes-on                           from there on the disk stays full or broken
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {
	LEDGER_CALLS,
	type LedgerFault,
	tellFault,
	tryLedgerFault,
	undisturbedReport,
} from '../helpers/ledger-faults.ts';

const {values} = parseArgs({
	options: {
		step: {type: 'string', default: '1'},
		fault: {type: 'string'},
		call: {type: 'string'},
		'goes-on': {type: 'boolean', default: false},
		/** Another build of the command. */
		cli: {type: 'string'},
	},
});
const goesOn = values['goes-on'];
const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-ledger-'));
let [tried, met, failed] = [0, 0, 0];

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

const expected = await undisturbedReport(join(folder, 'undisturbed'), values.cli);

/** @returns Whether the fault was met. */
async function tryOut(fault: LedgerFault): Promise<boolean> {
	const own = join(folder, String(tried++));
	const {problems, wasMet} = await tryLedgerFault(own, fault, expected, values.cli);
	if (wasMet) met++;
	if (problems.length > 0) failed++;
	for (const problem of problems) say(`${tellFault(fault)}: ${problem} (${own})`);
	if (problems.length === 0) rmSync(own, {recursive: true, force: true});
	return wasMet;
}

for (const call of LEDGER_CALLS) {
	if (values.call !== undefined && values.call !== call) continue;
	for (const fault of ['KILL', 'EIO', 'ENOSPC'] as const) {
		if (values.fault !== undefined && values.fault !== fault) continue;
		if (goesOn && fault === 'KILL') continue;
		// Some faults nobody notices; where several in a row are not, there are no such calls any more.
		let unmet = 0;
		for (let nth = 1; unmet < 6; nth += Number(values.step))
			unmet = (await tryOut({call, fault, nth, goesOn})) ? 0 : unmet + 1;
		say(`${call} ${fault}: ${tried} tried so far, ${met} met, ${failed} failed`);
	}
}
say(`${tried} tried, ${met} met, ${failed} failed${failed > 0 ? `: ${folder}` : ''}`);
if (failed > 0) process.exitCode = 1;
else rmSync(folder, {recursive: true, force: true});
