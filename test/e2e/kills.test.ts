// Runs that are killed and go on, held against an independent checker, and whether the checker notices when the program breaks its promises: in
// copies of the built program in which a result follows its report, nothing is forced onto the disk, or results of other settings are taken.
// `npm run test:kills` kills two hundred runs.
import {spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {type Breakage, breakBuild} from '../helpers/broken-build.ts';
import {faultsOfRun} from '../helpers/check-saved-run.ts';
import {CLI_PATH, commandEnvironment, startProgram} from '../helpers/command.ts';
import {amounts, baseArgs, createKillData, killAndResume, runCli} from '../helpers/killed-runs.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';
import {withoutTimes} from '../helpers/without-times.ts';

const canTrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;

function createData(largeRows: number, tinyFiles: number): string {
	const folder = createKillData(largeRows, tinyFiles);
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

test('runs that are killed at random moments go on to the report of one that was not', async () => {
	const folder = createData(60_000, 40);
	const ledger = join(folder, 'ledger.db');
	const dice = new Dice(randomSeed);
	const command = {cli: CLI_PATH, folder, ledger, threads: 2};
	const {stdout, wallMs} = await runCli(command, []);
	const expected = withoutTimes(JSON.parse(stdout));
	for (let tries = 0; tries < randomCases(2); tries++) {
		const {faults} = await killAndResume({...command, threads: 1 + (tries % 2)}, expected, wallMs, dice);
		expect(faults, `seed ${randomSeed}`).toEqual([]);
	}
});

/** A thread of the ledger that is told of everything late, unless somebody waits for it. */
const LATE: readonly Breakage[] = [
	{search: 'const SPACING_MS = 20;', replacement: 'const SPACING_MS = 60_000;'},
	{search: 'const SEND_BYTES = 65536;', replacement: 'const SEND_BYTES = Infinity;'},
];

/** Kills a run as soon as its report is there. */
async function killAfterReport(cli: string): Promise<string[]> {
	const folder = createData(100, 5);
	const ledger = join(folder, 'ledger.db');
	const command = startProgram(process.execPath, [cli, ...baseArgs, '--ledger', ledger], {
		cwd: folder,
		onOutput: stdout => {
			if (stdout.endsWith('\n}\n')) command.kill('SIGKILL');
		},
	});
	const {stdout} = await command.ended;
	return faultsOfRun({folder, bad: 'bad-', ledger}, JSON.parse(stdout));
}

test('a result that follows its report is noticed', async () => {
	expect(await killAfterReport(breakBuild(...LATE))).toEqual([]);
	const broken = breakBuild(...LATE, {
		search: 'kept: () => Promise.race(',
		replacement: 'kept: async () => {}, never: () => Promise.race(',
	});
	expect(await killAfterReport(broken)).not.toEqual([]);
});

/** What was written to the ledger before the report, and not forced onto the disk. */
function unforcedWrites(cli: string): string[] {
	const folder = createData(100, 5);
	const trace = join(folder, 'trace');
	const calls = 'trace=pwrite64,fdatasync,fsync,write,writev';
	const args = ['-qq', '-f', '-y', '-s', '40', '-o', trace, '-e', calls, process.execPath, cli, ...baseArgs];
	const {stdout} = spawnSync('strace', [...args, '--ledger', 'ledger.db'], {cwd: folder, env: commandEnvironment()});
	expect(stdout.toString()).toContain('"report_version"');
	const unforced = new Set<string>();
	let writes = 0;
	for (const line of readFileSync(trace, 'utf8').split('\n')) {
		if (line.includes('report_version')) break;
		const [, call = '', path = ''] = /(pwrite64|fdatasync|fsync)\(\d+<([^>]*ledger\.db[^>]*)>/.exec(line) ?? [];
		if (call === 'pwrite64' && path.endsWith('-wal')) {
			unforced.add(path);
			writes++;
		} else if (call !== '') unforced.delete(path);
	}
	expect(writes).toBeGreaterThan(0);
	return [...unforced];
}

test.skipIf(!canTrace)('a result that is not forced onto the disk before its report is noticed', () => {
	expect(unforcedWrites(CLI_PATH)).toEqual([]);
	expect(unforcedWrites(breakBuild({search: 'synchronous = FULL', replacement: 'synchronous = OFF'}))).not.toEqual([]);
});

async function resumeWithCondition(cli: string): Promise<string[]> {
	const folder = createData(100, 5);
	mkdirSync(join(folder, 'other'));
	writeFileSync(join(folder, 'more.csv'), amounts(300, 8));
	const command = {cli, folder, ledger: join(folder, 'ledger.db'), threads: 1};
	await runCli(command, []);
	const {stdout} = await runCli(command, ['--resume', '--where', 'amount > 40']);
	return faultsOfRun({folder, bad: 'bad-', above: 40, ledger: command.ledger}, JSON.parse(stdout));
}

test('a result of other settings is noticed', async () => {
	expect(await resumeWithCondition(CLI_PATH)).toEqual([]);
	const key = 'sha256(Buffer.from(text)).toString("hex").slice(0, 32)';
	const broken = breakBuild({search: key, replacement: key.replace('text', '""')});
	expect(await resumeWithCondition(broken)).not.toEqual([]);
});
