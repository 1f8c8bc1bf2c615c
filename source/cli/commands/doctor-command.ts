// `fileproc-tui doctor`: what this machine and the ledger are like, and what to do where something is wrong.
import {existsSync, readFileSync, statfsSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {version} from '../../engine/version.ts';
import {checkLedger} from '../../ledger/check-ledger.ts';
import {isSqliteRecent, MINIMUM_SQLITE_VERSION, sqliteVersion} from '../../ledger/sqlite.ts';
import {formatBytes, formatInteger, quantity} from '../../text/format.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {safe} from '../../text/safe.ts';
import {padEnd} from '../../text/width.ts';
import type {FileFinding} from '../../watch/check-files.ts';
import {decideLook} from '../arguments/look.ts';
import type {DoctorCommand} from '../arguments/options.ts';
import {createDefaultSettings} from '../arguments/settings.ts';
import {ownLedgerPath} from '../outputs/open-ledger.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {checkedFileLines} from './doctor/checked-file-lines.ts';
import {exitCodes} from './exit-codes.ts';

/** One line of the answer. */
interface Finding {
	readonly name: string;
	readonly found: string;
	/** What to do; `null` where all is well. */
	readonly advice: string | null;
}

/** @returns The exit code: 3 where something needs to be done. */
export async function doctorCommand(command: DoctorCommand): Promise<number> {
	const {directory, isJson} = command;
	const {findings, files} =
		directory === null ? {findings: describeMachine(command), files: null} : await describeFolder(directory, command);
	const stream = createOutputStream(process.stdout);
	const text = isJson
		? `${layOutSafely({findings, ...(files !== null && {files})}, '')}\n`
		: findingLines(findings) + (files === null ? '' : `${checkedFileLines(files, linesLook(command)).join('\n')}\n`);
	await stream.write(text);
	await stream.flush();
	return findings.some(({advice}) => advice !== null) ? exitCodes.environment : exitCodes.ok;
}

/** What everything needs, and the watched folder or that of a server. */
async function describeFolder(
	directory: string,
	{watch, kept}: DoctorCommand,
): Promise<{readonly findings: readonly Finding[]; readonly files: readonly FileFinding[] | null}> {
	const {describeServerFolder, isServerFolder} = await import('./doctor/server-folder.ts');
	const folder = resolve(directory);
	if (isServerFolder(folder)) {
		const findings = [describeDisk(folder), ...describeServerFolder(folder, kept)];
		return {findings: [...describeProgram(), describeOpenFiles(), ...findings], files: null};
	}
	const {checkFolder} = await import('../../watch/check-folder.ts');
	const {findings, files} = await checkFolder(folder, watch);
	return {findings: [...describeProgram(), describeOpenFiles(), ...findings], files};
}

const describeProgram = (): Finding[] => [
	{name: 'fileproc-tui', found: version, advice: null},
	{name: 'Node', found: process.versions.node, advice: null},
	describeSqlite(),
];

function describeMachine({ledger}: DoctorCommand): Finding[] {
	const path = ledger ?? ownLedgerPath();
	return [
		...describeProgram(),
		...describeLedger(path, ledger === null ? '--save' : '--ledger'),
		describeDisk(dirname(path)),
		describeOpenFiles(),
		describeTerminal(),
	];
}

function linesLook({look}: DoctorCommand): {readonly columns: number; readonly ascii: boolean} {
	const {columns, ascii} = decideLook(look, process);
	return {columns: columns(), ascii};
}

function findingLines(findings: readonly Finding[]): string {
	const width = Math.max(...findings.map(({name}) => name.length));
	const lines = findings.flatMap(({name, found, advice}) => [
		`${padEnd(name, width)}  ${safe(found)}`,
		...(advice === null ? [] : [`${' '.repeat(width)}  ! ${safe(advice)}`]),
	]);
	return `${lines.join('\n')}\n`;
}

function describeSqlite(): Finding {
	const found = sqliteVersion();
	const advice = isSqliteRecent(found)
		? null
		: `A ledger needs SQLite ${MINIMUM_SQLITE_VERSION} or newer: use Node 24. Everything else works.`;
	return {name: 'SQLite', found: found ?? 'none', advice};
}

function* describeLedger(path: string, flag: '--save' | '--ledger'): Generator<Finding, void, undefined> {
	if (!isSqliteRecent(sqliteVersion())) return;
	const name = 'ledger';
	if (!existsSync(path)) {
		// The folder of one's own ledger is made with it.
		const hasNoFolder = flag === '--ledger' && !existsSync(dirname(resolve(path)));
		const advice = hasNoFolder ? 'Its folder does not exist: make it, or name another file.' : null;
		yield {name, found: `${path}, not there yet: a run with ${flag} makes it`, advice};
		return;
	}
	const {runs, bytes, fault} = checkLedger(path);
	yield {
		name,
		found: fault === null ? `${path}, ${quantity(runs, 'run')}, ${formatBytes(bytes)}, whole` : path,
		advice: fault,
	};
}

/** Reports and ledgers stop to be written where there is no room left. */
const LOW_DISK_BYTES = 100_000_000;

function describeDisk(folder: string): Finding {
	const name = 'free disk';
	let existing = resolve(folder);
	while (!existsSync(existing)) existing = dirname(existing);
	const {bavail, bsize} = statfsSync(existing);
	const free = bavail * bsize;
	const advice = free < LOW_DISK_BYTES ? 'Make room: reports and ledgers cannot be written to a full disk.' : null;
	return {name, found: `${formatBytes(free)} in ${existing}`, advice};
}

/** Files in flight, outputs, and what Node itself has open. */
const ENOUGH_OPEN_FILES = 256;

function describeOpenFiles(): Finding {
	const limit = readOpenFileLimit();
	const advice =
		limit !== null && limit < ENOUGH_OPEN_FILES
			? `Raise it, as with ulimit -n 4096: files may fail with EMFILE.`
			: null;
	return {name: 'open files', found: limit === null ? 'not known here' : `at most ${formatInteger(limit)}`, advice};
}

/** The soft limit of this process; `null` where the system does not say. */
function readOpenFileLimit(): number | null {
	try {
		const match = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'));
		return match === null ? null : Number(match[1]);
	} catch {
		return null;
	}
}

function describeTerminal(): Finding {
	const {stdout, env} = process;
	const {isTty, colorLevel, ascii} = decideLook(createDefaultSettings(), process);
	const name = 'terminal';
	if (!isTty) return {name, found: 'none: standard output is a file or a pipe', advice: null};
	const colors = ['no colours', '16 colours', '256 colours', 'true colour'][colorLevel] ?? '';
	const size = `${stdout.columns} × ${stdout.rows}`;
	const characters = ascii ? 'ASCII' : 'UTF-8';
	const found = [size, colors, characters, env.TERM ?? 'TERM is not set'].join(', ');
	const isSmall = stdout.columns < 80 || stdout.rows < 24;
	return {name, found, advice: isSmall ? 'The dashboard needs 80 × 24 to show all of its columns.' : null};
}
