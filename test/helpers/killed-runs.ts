// Runs with a ledger that are killed at random moments, and go on with --resume. Without vitest, because a script does the same two hundred times.
import {spawn} from 'node:child_process';
import {copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {setTimeout} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import {gzipSync} from 'node:zlib';
import {faultsOfLedger, faultsOfRun} from './check-saved-run.ts';
import type {Dice} from './large-tables.ts';
import {withoutTimes} from './without-times.ts';

type Report = Parameters<typeof withoutTimes>[0];

/** Transactions of different amounts. */
export function amounts(rows: number, seed: number): string {
	let text = 'transaction_id,customer_id,amount,date,category\n';
	for (let row = 1; row <= rows; row++) {
		const [amount, cents] = [(row * 7 + seed) % 90, ['00', '25', '50', '75'][(row + seed) % 4]];
		text += `T${row},C${(row * seed) % 97},${amount}.${cents},2024-01-0${1 + (row % 9)},category ${row % 5}\n`;
	}
	return text;
}

/** A large file, tiny ones, two with the same content, packed ones, and broken ones. @returns The folder. */
export function createKillData(largeRows: number, tinyFiles: number): string {
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-kills-'));
	writeFileSync(join(folder, 'large.csv'), amounts(largeRows, 3));
	for (let file = 0; file < tinyFiles; file++)
		writeFileSync(join(folder, `tiny-${file}.csv`), amounts(1 + (file % 60), file));
	copyFileSync(join(folder, 'tiny-1.csv'), join(folder, 'same.csv'));
	writeFileSync(join(folder, 'packed.csv.gz'), gzipSync(amounts(20_000, 5)));
	writeFileSync(
		join(folder, 'bad-header.csv'),
		'transaction_id,customer_id,amuont,date,category\nT1,C1,1.50,2024-01-01,food\n',
	);
	writeFileSync(join(folder, 'bad-packed.csv.gz'), gzipSync(amounts(500, 1)).subarray(0, 900));
	return folder;
}

export interface KilledCommand {
	readonly cli: string;
	readonly folder: string;
	readonly ledger: string;
	readonly threads: number;
}

export const baseArgs = ['.', '--analysis', 'transactions', '--json'] as const;

export interface EndedCommand {
	readonly code: number | NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
	readonly wallMs: number;
}

/** @param killAfterMs - `null`: it comes to its end. */
export async function runCli(
	{cli, folder, threads, ledger}: KilledCommand,
	more: readonly string[],
	killAfterMs: number | null = null,
): Promise<EndedCommand> {
	const startedAtMs = performance.now();
	const args = [cli, ...baseArgs, '--threads', String(threads), '--ledger', ledger, ...more];
	const child = spawn(process.execPath, args, {cwd: folder, stdio: ['ignore', 'pipe', 'pipe']});
	let [stdout, stderr] = ['', ''];
	child.stdout.setEncoding('utf8').on('data', text => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', text => {
		stderr += text;
	});
	const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => resolve(code ?? signal));
	});
	const done = new AbortController();
	if (killAfterMs !== null) {
		setTimeout(killAfterMs, undefined, {signal: done.signal, ref: false}).then(
			() => child.kill('SIGKILL'),
			() => {},
		);
	}
	const code = await ended;
	done.abort();
	return {code, stdout, stderr, wallMs: performance.now() - startedAtMs};
}

export interface KillOutcome {
	readonly kills: number;
	/** What the checker found. */
	readonly faults: readonly string[];
}

/**
Begins a run and kills it, mostly before its end, and its next one or two with --resume as well; then lets one come to its end.

@param expected - The report of a run that nobody has killed, without its times.
@param wallMs - How long such a run takes.
*/
export async function killAndResume(
	command: KilledCommand,
	expected: unknown,
	wallMs: number,
	dice: Dice,
): Promise<KillOutcome> {
	const {folder, ledger} = command;
	for (const ending of ['', '-wal', '-shm']) rmSync(ledger + ending, {force: true});
	const faults: string[] = [];
	let kills = 0;
	for (let wanted = dice.pick([1, 1, 2, 3]); wanted > 0; wanted--) {
		const more = kills === 0 ? [] : ['--resume'];
		const {code} = await runCli(command, more, (wallMs * (5 + dice.roll(100))) / 100);
		if (code === 'SIGKILL') kills++;
		faults.push(...faultsOfLedger(ledger).map(fault => `after kill ${kills}: ${fault}`));
	}
	const known = knownFiles(ledger);
	const {code, stdout, stderr} = await runCli(command, ['--resume']);
	// Some files are broken.
	if (code !== 1 || stdout === '') return {kills, faults: [...faults, `the last run ended with ${code}: ${stderr}`]};
	const report = JSON.parse(stdout) as Report;
	faults.push(...faultsOfRun({folder, bad: 'bad-', ledger}, report));
	if (!isDeepStrictEqual(withoutTimes(report), expected))
		faults.push('the report is not that of a run that was not killed');
	for (const {file, status, source} of report.files) {
		if (status === 'completed' && known.has(basename(file)) && source !== 'ledger')
			faults.push(`${file} had been read to its end, and was read again`);
	}
	return {kills, faults};
}

/** The names of files that have been read to their end. */
function knownFiles(ledger: string): Set<string> {
	if (!existsSync(ledger)) return new Set();
	const database = new DatabaseSync(ledger);
	try {
		const {count} = database.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE name = 'sources'").get() ?? {};
		if (count === 0) return new Set();
		const rows = database.prepare('SELECT path FROM sources').all();
		return new Set(rows.map(({path}) => basename(Buffer.from(path as Uint8Array).toString())));
	} finally {
		database.close();
	}
}
