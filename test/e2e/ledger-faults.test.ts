// A kill, a full disk or a disk with errors at any write to a ledger: the run goes on to its report where it can, and the next one with --resume
// comes to the same. System calls fail by strace, where it is there. `npm run test:kills ledger-faults` tries each of them.
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {openToRead} from '../../source/ledger/open-database.ts';
import {createFolder, parseReport, startCommand} from '../helpers/command.ts';
import {Dice} from '../helpers/large-tables.ts';
import {
	createLedgerData,
	injecting,
	LEDGER_CALLS,
	type LedgerFault,
	saveRun,
	tellFault,
	tryLedgerFault,
	undisturbedReport,
} from '../helpers/ledger-faults.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';

const canInject = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;
/** More than a run writes to a new ledger. */
const WRITES = 150;

test.skipIf(!canInject)('a fault at any system call by which the ledger is written', async () => {
	const dice = new Dice(randomSeed);
	const expected = await undisturbedReport(createFolder());
	const random = (changes: Partial<LedgerFault>): LedgerFault => {
		const call = dice.pick(['pwrite64', 'pwrite64', ...LEDGER_CALLS] as const);
		const nth = 1 + dice.roll(call === 'pwrite64' ? WRITES : 10);
		return {call, fault: dice.pick(['ENOSPC', 'EIO'] as const), nth, goesOn: false, ...changes};
	};
	for (let tries = 0; tries < randomCases(2); tries++) {
		for (const fault of [random({}), random({goesOn: true}), random({fault: 'KILL'})]) {
			const {problems} = await tryLedgerFault(createFolder(), fault, expected);
			expect(problems, `seed ${randomSeed}, ${tellFault(fault)}`).toEqual([]);
		}
	}
});

test.skipIf(!canInject)('a ledger whose disk is full, or broken, is told of with what to do', async () => {
	for (const fault of ['ENOSPC', 'EIO'] as const) {
		const folder = createFolder();
		createLedgerData(folder);
		const {code, stderr} = await saveRun({
			folder,
			through: injecting(folder, {call: 'pwrite64', fault, nth: 30, goesOn: true}),
		});
		expect(code).toBe(3);
		expect(stderr).toMatch(/The ledger ledger\.db cannot be used: its disk .*name a file on another one/);
	}
});

test('what a report says is in the ledger when it is printed', async () => {
	const cwd = createFolder();
	createLedgerData(cwd);
	const args = ['.', '--analysis', 'transactions', '--json', '--ledger', 'ledger.db'];
	const command = startCommand(args, {
		cwd,
		onOutput: stdout => {
			if (stdout.endsWith('\n}\n')) command.kill('SIGKILL');
		},
	});
	const {stdout} = await command.ended;
	const database = openToRead(join(cwd, 'ledger.db'));
	const {sources} = database.prepare('SELECT count(*) AS sources FROM sources').get() ?? {};
	const {status} = database.prepare('SELECT status FROM runs').get() ?? {};
	database.close();
	expect({sources, status}).toEqual({sources: parseReport(stdout).totals.completed, status: 'completed'});
});
