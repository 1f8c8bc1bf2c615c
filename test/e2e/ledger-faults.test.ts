// A kill, a full disk or a disk with errors at any write to a ledger: the run goes on to its report where it can, and the next one with --resume
// comes to the same. System calls fail by strace, where it is there.
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {checkLedger} from '../../source/ledger/check-ledger.ts';
import {openToRead} from '../../source/ledger/open-database.ts';
import {
	CLI_PATH,
	createFolder,
	type Ending,
	parseReport,
	runCommand,
	startCommand,
	startProgram,
	transactions,
	WITHOUT_AMOUNT,
} from '../helpers/command.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {withoutTimes} from '../helpers/without-times.ts';

const canInject = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;
/** More than a run writes to a new ledger. */
const WRITES = 150;

function createData(): string {
	const cwd = createFolder();
	for (const rows of [1, 20, 300, 2000]) writeFileSync(join(cwd, `${rows}.csv`), transactions(rows));
	writeFileSync(join(cwd, 'copy.csv'), transactions(20));
	writeFileSync(join(cwd, 'bad.csv'), WITHOUT_AMOUNT);
	writeFileSync(join(cwd, 'packed.csv.gz'), gzipSync(transactions(300)));
	return cwd;
}

const args = ['.', '--analysis', 'transactions', '--json', '--ledger', 'ledger.db'];

/** @param fault - As strace has it. */
function runWithFault(cwd: string, fault: string): Promise<Ending> {
	const files = ['ledger.db', 'ledger.db-wal'].flatMap(name => ['-P', join(cwd, name)]);
	const traced = ['-qq', '-f', '-o', '/dev/null', ...files, '-e', 'trace=pwrite64', '-e', `inject=pwrite64:${fault}`];
	return startProgram('strace', [...traced, process.execPath, CLI_PATH, ...args], {cwd}).ended;
}

/** Of runs that were not disturbed; also when this one was. */
async function expectToGoOn(cwd: string, expected: unknown): Promise<void> {
	const {code, stdout} = await runCommand([...args, '--resume'], {cwd});
	expect(code).toBe(1);
	expect(withoutTimes(parseReport(stdout))).toEqual(expected);
	expect(checkLedger(join(cwd, 'ledger.db')).fault).toBeNull();
	const database = openToRead(join(cwd, 'ledger.db'));
	const {results} = database.prepare('SELECT count(*) AS results FROM results').get() ?? {};
	database.close();
	// Two files have the same content, and one has failed.
	expect(results).toBe(5);
}

test.skipIf(!canInject)('a fault at any write of the ledger', async () => {
	const dice = new Dice(randomSeed);
	const expected = withoutTimes(parseReport((await runCommand(args, {cwd: createData()})).stdout));
	for (let tries = 0; tries < randomCases(3); tries++) {
		const cwd = createData();
		const write = 1 + dice.roll(WRITES);
		const error = dice.pick(['ENOSPC', 'EIO']);
		const failed = await runWithFault(cwd, `error=${error}:when=${write}+`);
		expect([1, 3], `${error} from write ${write} on`).toContain(failed.code);
		if (failed.code === 3)
			expect(failed.stderr).toMatch(/The ledger ledger\.db cannot be used: its disk .*name a file on another one/);
		expect(withoutTimes(parseReport(failed.stdout))).toEqual(expected);
		await expectToGoOn(cwd, expected);
		const killedCwd = createData();
		await runWithFault(killedCwd, `signal=KILL:when=${write}`);
		await expectToGoOn(killedCwd, expected);
	}
});

test('what a report says is in the ledger when it is printed', async () => {
	const cwd = createData();
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
