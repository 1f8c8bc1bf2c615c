// What the analyses cost beside `transactions`, each other and DuckDB's SUMMARIZE: pairs take turns, and a ratio is the median of those of
// neighbouring runs. Figures that both `profile` and SUMMARIZE give exactly are compared first. Prints a table.
//
//   npm run bench:analyses                         files of 300 MB
//   npm run bench:analyses -- 40 3                 of 40 MB, three turns each
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {BenchError} from './bench-error.ts';
import {ensureDataset} from './data/dataset.ts';
import {KINDS} from './data/kinds.ts';
import {type Measurement, measure} from './measure/process.ts';
import {median, pairedRatios, spreadOf} from './measure/statistics.ts';
import {type Command, ownCommand} from './own-command.ts';
import {formatMemory, formatRatio} from './table/format.ts';
import {table} from './table/table.ts';

const MB = 1_000_000;
const [megabytes = 300, turns = 5] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'fileproc-analyses-'));
const log = (message: string): void => {
	process.stderr.write(`${message}\n`);
};

interface Data {
	readonly folder: string;
	readonly bytes: number;
}

function makeTransactions(): Data {
	const kind = KINDS.find(({name}) => name === 'one');
	if (kind === undefined) throw new BenchError('Expected data of a single file');
	return ensureDataset({...kind, bytesPerFile: megabytes * MB}, {data: folder, seed: 1, log});
}

/** On average. */
const recordBytes = {activity: 38, logs: 202} as const;

function generate(kind: keyof typeof recordBytes): Data {
	const target = join(folder, kind);
	const rows = Math.ceil((megabytes * MB) / recordBytes[kind]);
	const {file, args} = ownCommand('generate', target, '--kind', kind, '--files', '1', '--rows', String(rows));
	if (spawnSync(file, args, {stdio: ['ignore', 'ignore', 'inherit']}).status !== 0)
		throw new BenchError(`Expected fileproc-tui generate to write ${kind}. See above.`);
	const bytes = readdirSync(target).reduce((sum, name) => sum + statSync(join(target, name)).size, 0);
	return {folder: target, bytes};
}

const read = ({folder: data}: Data, analysis: string, threads: number): Command =>
	ownCommand(data, '--json', '--threads', String(threads), '--analysis', analysis);

function summarize({folder: data}: Data, threads: number): Command {
	const task = {folder: data, hasSmallFiles: false, isByFile: false, threads};
	const script = fileURLToPath(new URL('rivals/duckdb-summarize.mjs', import.meta.url));
	return {file: process.execPath, args: [script, JSON.stringify(task)]};
}

interface Column {
	readonly name: string;
	readonly count: number;
	readonly min: string | null;
	readonly max: string | null;
	readonly mean: string | null;
}
interface Summary {
	readonly column_name: string;
	readonly count: string;
	readonly min: string;
	readonly max: string;
	readonly avg: string | null;
}

/** Means of doubles have some 15 digits. */
const MEAN_ERROR = 1e-9;

function expectSameFigures(profile: string, summary: string): void {
	const {analyses} = JSON.parse(profile) as {
		readonly analyses: {readonly profile: {readonly columns: readonly Column[]}};
	};
	const rows = JSON.parse(summary) as readonly Summary[];
	for (const [place, {name, count, min, max, mean}] of analyses.profile.columns.entries()) {
		const row = rows[place];
		const isNumber = mean !== null;
		const areSame =
			row?.column_name === name &&
			Number(row.count) === count &&
			(isNumber
				? Number(row.min) === Number(min) && Number(row.max) === Number(max)
				: row.min === min && row.max === max) &&
			(!isNumber || Math.abs(Number(row.avg) - Number(mean)) <= MEAN_ERROR * Math.abs(Number(mean)));
		if (areSame) continue;
		const [own, other] = [{name, count, min, max, mean}, row].map(each => JSON.stringify(each));
		throw new BenchError(`They disagree, so nothing is measured: profile says ${own}, SUMMARIZE ${other}`);
	}
}

interface Contest {
	readonly name: string;
	readonly data: Data;
	readonly threads: number;
	readonly command: Command;
	/** What the time of the command is held against, per byte of its data. */
	readonly against: {readonly name: string; readonly data: Data; readonly command: Command};
	/** Called with what both printed the first time. */
	readonly check?: (own: string, other: string) => void;
}

/** Each a speed as so many times that of another. */
function contestsOf(transactions: Data, activity: Data, logs: Data, hasDuckdb: boolean): readonly Contest[] {
	const ofTable = (analysis: string, other: string, threads = 1): Contest => ({
		...{name: analysis, data: transactions, threads, command: read(transactions, analysis, threads)},
		against: {name: other, data: transactions, command: read(transactions, other, threads)},
	});
	const ofOther = (analysis: string, what: string, data: Data): Contest => ({
		...{name: `${analysis} of ${what}`, data, threads: 1, command: read(data, analysis, 1)},
		against: {name: 'transactions', data: transactions, command: read(transactions, 'transactions', 1)},
	});
	const duckdb = [1, 2].map(threads => ({
		...ofTable('profile', 'profile', threads),
		against: {name: 'DuckDB’s SUMMARIZE', data: transactions, command: summarize(transactions, threads)},
		check: expectSameFigures,
	}));
	return [
		...(hasDuckdb ? duckdb : []),
		ofTable('profile', 'transactions'),
		ofTable('quality', 'profile'),
		ofTable('transactions,profile', 'profile'),
		ofOther('activity', 'a table', activity),
		ofOther('activity', 'an access log', logs),
		ofOther('lines', 'an access log', logs),
	];
}

async function hold({name, data, threads, command, against, check}: Contest): Promise<readonly string[]> {
	log(`Measuring ${name} against ${against.name} …`);
	const [own, other]: [Measurement[], Measurement[]] = [[], []];
	for (let turn = 0; turn <= turns; turn++) {
		const pair = [await measure(command), await measure(against.command)] as const;
		if (turn === 0) check?.(pair[0].stdout, pair[1].stdout);
		else {
			own.push(pair[0]);
			other.push(pair[1]);
		}
	}
	const perByte = (all: readonly Measurement[], {bytes}: Data): number[] => all.map(({wallMs}) => wallMs / bytes);
	const [ownTimes, otherTimes] = [perByte(own, data), perByte(other, against.data)];
	const speed = (times: readonly number[]): string =>
		`${Math.round(1 / (1000 * median(times))).toLocaleString('en')} MB/s`;
	const peaks = own.flatMap(({peakBytes}) => peakBytes ?? []);
	return [
		name,
		String(threads),
		speed(ownTimes),
		against.name,
		speed(otherTimes),
		formatRatio(spreadOf(pairedRatios(otherTimes, ownTimes))),
		formatMemory(peaks.length === 0 ? null : Math.max(...peaks)),
	];
}

try {
	const hasDuckdb = existsSync(fileURLToPath(new URL('node_modules/@duckdb', import.meta.url)));
	if (!hasDuckdb) log('DuckDB is not there, so it does not take part: npm ci in test/bench installs it.');
	const rows: (readonly string[])[] = [];
	for (const contest of contestsOf(makeTransactions(), generate('activity'), generate('logs'), hasDuckdb))
		rows.push(await hold(contest));
	const header = ['analysis', 'threads', 'speed', 'against', 'its speed', 'ratio (least–most)', 'peak memory'];
	process.stdout.write(`${table(header, rows)}\n`);
} catch (error) {
	if (!(error instanceof BenchError)) throw error;
	log(error.message);
	process.exitCode = 1;
} finally {
	rmSync(folder, {recursive: true});
}
