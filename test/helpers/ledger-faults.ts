// A run whose ledger meets a fault at one of the system calls by which it is written, and the run after it. Calls fail by strace.
import {spawn} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {isDeepStrictEqual} from 'node:util';
import {gzipSync} from 'node:zlib';
import {faultsOfLedger, faultsOfRun} from './check-saved-run.ts';
import {CLI_PATH, commandEnvironment, type Ending, transactions, WITHOUT_AMOUNT} from './command.ts';
import {withoutTimes} from './without-times.ts';

/** Calls that change what is on the disk of a ledger. */
export const LEDGER_CALLS = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate', 'unlink', 'openat'] as const;

export interface LedgerFault {
	readonly call: (typeof LEDGER_CALLS)[number];
	readonly fault: 'KILL' | 'EIO' | 'ENOSPC';
	readonly nth: number;
	/** Whether all calls behind it fail, too. */
	readonly goesOn: boolean;
}

export const tellFault = ({call, fault, nth, goesOn}: LedgerFault): string =>
	`${fault} at ${call} ${nth}${goesOn ? ' and all behind it' : ''}`;

/** A few files, of which two have the same content, and one fails. */
export function createLedgerData(folder: string): void {
	mkdirSync(folder, {recursive: true});
	for (const rows of [1, 20, 300, 2000]) writeFileSync(join(folder, `${rows}.csv`), transactions(rows));
	writeFileSync(join(folder, 'copy.csv'), transactions(20));
	writeFileSync(join(folder, 'bad.csv'), WITHOUT_AMOUNT);
	writeFileSync(join(folder, 'packed.csv.gz'), gzipSync(transactions(300)));
}

export interface SavedRun {
	readonly folder: string;
	readonly more?: readonly string[];
	/** Another build of the command. */
	readonly cli?: string | undefined;
	readonly through?: readonly string[];
}

export async function saveRun({folder, more = [], cli = CLI_PATH, through = []}: SavedRun): Promise<Ending> {
	const args = ['.', '--analysis', 'transactions', '--json', '--ledger', 'ledger.db', ...more];
	const [file = '', ...rest] = [...through, process.execPath, cli, ...args];
	const child = spawn(file, rest, {cwd: folder, env: commandEnvironment(), stdio: ['ignore', 'pipe', 'pipe']});
	const output = {stdout: '', stderr: ''};
	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (text: string) => {
			output[name] += text;
		});
	}
	return await new Promise<Ending>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => resolve({code: code ?? signal, ...output}));
	});
}

/** A program in front of the command, by which its ledger meets the fault. */
export function injecting(folder: string, {call, fault, nth, goesOn}: LedgerFault): readonly string[] {
	const paths = ['', '-wal', '-shm', '-journal'].flatMap(ending => ['-P', join(folder, `ledger.db${ending}`)]);
	const how = fault === 'KILL' ? 'signal=KILL' : `error=${fault}`;
	const inject = `inject=${call}:${how}:when=${nth}${goesOn ? '+' : ''}`;
	return ['strace', '-qq', '-f', '-o', '/dev/null', ...paths, '-e', `trace=${call}`, '-e', inject];
}

const reportOf = (stdout: string): Parameters<typeof withoutTimes>[0] =>
	JSON.parse(stdout) as Parameters<typeof withoutTimes>[0];

/** What is expected of each run: the report without times. */
export async function undisturbedReport(folder: string, cli?: string): Promise<unknown> {
	createLedgerData(folder);
	return withoutTimes(reportOf((await saveRun({folder, cli})).stdout));
}

export interface LedgerOutcome {
	/** Sentences, one for each thing that is not as it should be. */
	readonly problems: readonly string[];
	/** Whether the fault has been noticed by the run. */
	readonly wasMet: boolean;
}

/** A run over a new folder with the fault, and another one with `--resume` that meets none: both come to the report that is expected. */
export async function tryLedgerFault(
	folder: string,
	fault: LedgerFault,
	expected: unknown,
	cli?: string,
): Promise<LedgerOutcome> {
	createLedgerData(folder);
	const problems: string[] = [];
	const {code, stdout, stderr} = await saveRun({folder, cli, through: injecting(folder, fault)});
	const wasKilled = code === 'SIGKILL' || code === 137;
	if (!wasKilled) {
		if (code !== 1 && code !== 3) problems.push(`has ended with ${code}: ${stderr}`);
		if (code === 3 && !/^fileproc-tui: The ledger ledger\.db cannot be (?:used|opened)/m.test(stderr))
			problems.push(`says nothing of the ledger: ${stderr}`);
		if (/internal error|\n\s+at /.test(stderr)) problems.push(stderr);
		if (stdout === '' || !isDeepStrictEqual(withoutTimes(reportOf(stdout)), expected))
			problems.push('its report is another one');
	}
	problems.push(...faultsOfLedger(join(folder, 'ledger.db')).map(each => `afterwards: ${each}`));
	const next = await saveRun({folder, cli, more: ['--resume']});
	if (next.code !== 1) problems.push(`the next one has ended with ${next.code}: ${next.stderr}`);
	else {
		const report = reportOf(next.stdout);
		if (!isDeepStrictEqual(withoutTimes(report), expected)) problems.push('the next report is another one');
		problems.push(...faultsOfRun({folder, bad: 'bad', ledger: join(folder, 'ledger.db')}, report));
		const results = countResults(join(folder, 'ledger.db'));
		// Two files have the same content, and one has failed.
		if (results !== 5) problems.push(`the ledger has ${results} results, not 5`);
	}
	return {problems, wasMet: wasKilled || code === 3};
}

function countResults(path: string): number {
	const database = new DatabaseSync(path, {readOnly: true});
	try {
		return Number(database.prepare('SELECT count(*) AS results FROM results').get()?.results);
	} finally {
		database.close();
	}
}
