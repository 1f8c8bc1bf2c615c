// Who takes part: how each program is called for a piece of data, and how its answer is read.
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {Dataset} from './data/dataset.ts';
import type {Kind} from './data/kinds.ts';
import {
	type Figures,
	figuresOfDuckdbByFile,
	figuresOfJson,
	figuresOfMawk,
	figuresOfMiller,
	figuresOfOurs,
} from './figures.ts';
import {type Command, ownCommand} from './own-command.ts';

export interface Program {
	readonly name: string;
	/** `null` when it is not installed. */
	readonly version: () => string | null;
	readonly command: (data: Dataset, threads: number) => Command;
	readonly readFigures: (stdout: string) => Figures;
	/** See `Statement`. */
	readonly estimateTolerance: number;
}

/** A rival that reads a part of the data only where that is large, on as many threads as it takes. */
export interface SlowRival extends Program {
	readonly runs: number;
	readonly takes: (kind: Kind) => boolean;
}

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Where our number of customers becomes an estimate, DuckDB may estimate, too. */
const DISTINCT_CAP = 200_000;
export const isEstimated = ({rows}: Kind): boolean => rows.customers > DISTINCT_CAP;

export const ours: Program = {
	name: 'fileproc-tui',
	version: () => versionOf('../../package.json'),
	command: ({folder}, threads) =>
		ownCommand('--json', '--threads', String(threads), '-j', String(Math.max(2, threads)), folder),
	readFigures: figuresOfOurs,
	// Five standard errors of 0.8 %.
	estimateTolerance: 0.04,
};

export const duckdb: Program = {
	name: 'DuckDB',
	version: () => versionOf('node_modules/@duckdb/node-api/package.json'),
	command: (data, threads) => rivalScript('duckdb', data, threads, {isEstimateFine: isEstimated(data.kind)}),
	readFigures: figuresOfJson,
	// approx_count_distinct was found to be off by 7 % (4,409,413 of 4,756,085), so it is coarse.
	estimateTolerance: 0.4,
};

/** DuckDB without estimates: too slow to be measured where there are many customers, but right. */
export const exactDuckdb: Program = {
	...duckdb,
	name: 'DuckDB, counting exactly',
	command: (data, threads) => rivalScript('duckdb', data, threads),
};

/** DuckDB, asked for all that we tell: the figures of each file as well. */
export const duckdbByFile: Program = {
	...duckdb,
	name: 'DuckDB, by file',
	command: (data, threads) => rivalScript('duckdb', data, threads, {isByFile: true}),
	readFigures(path) {
		try {
			return figuresOfDuckdbByFile(readFileSync(path, 'utf8'));
		} finally {
			rmSync(path, {force: true});
		}
	},
};
/** Estimates cannot be added up over files as the others can. */
export const hasFigureByFile = (kind: Kind): boolean => kind.files > 1 && !isEstimated(kind);

const isPlain = ({rows}: Kind): boolean => !rows.isQuoted && rows.newline === '\n' && !rows.hasMixedDecimals;

export const slowRivals: readonly SlowRival[] = [
	{...scriptRival('udsv', 'uDSV'), runs: 3},
	{...scriptRival('papaparse', 'Papa Parse'), runs: 3},
	{...scriptRival('csv-parse', 'csv-parse'), runs: 1},
	{
		name: 'mawk',
		version: () => toolVersion('mawk', ['-W', 'version'], /mawk ([\d.]+( \d+)?)/),
		// Bytes are bytes: without LC_ALL=C, characters would be decoded.
		command: ({files}) => ({file: 'env', args: ['LC_ALL=C', 'mawk', '-f', pathOf('rivals/figures.awk'), ...files]}),
		readFigures: figuresOfMawk,
		estimateTolerance: 0,
		runs: 3,
		takes: isPlain,
	},
	{
		name: 'Miller',
		version: () => toolVersion('mlr', ['--version'], /mlr (?:version )?([\d.]+)/),
		command: ({kind, files}) => ({
			file: 'mlr',
			args: [
				'--icsv',
				'--ojson',
				'put',
				'-q',
				'-f',
				pathOf(kind.question === 'sales' ? 'rivals/sales.mlr' : 'rivals/figures.mlr'),
				...files,
			],
		}),
		readFigures: figuresOfMiller,
		estimateTolerance: 0,
		runs: 3,
		takes: ({rows}) => !rows.hasMixedDecimals,
	},
];

export const RIVAL_NAMES: readonly string[] = [duckdb, ...slowRivals].map(nameInOptions);

/** `--rivals papaparse` is Papa Parse. */
export function nameInOptions({name}: Program): string {
	return name.toLowerCase().replace(' ', '');
}

function scriptRival(script: string, name: string): Omit<SlowRival, 'runs'> {
	return {
		name,
		version: () => versionOf(`node_modules/${script}/package.json`),
		command: data => rivalScript(script, data, 1),
		readFigures: figuresOfJson,
		estimateTolerance: 0,
		takes: () => true,
	};
}

/** The programs in `rivals/` are told what to do by one argument: `Task` in `rivals/figures.mjs`. */
function rivalScript(
	script: string,
	{kind, folder}: Dataset,
	threads: number,
	{isEstimateFine = false, isByFile = false} = {},
): Command {
	const {rows, bytesPerFile, question} = kind;
	const task = {
		folder,
		question,
		isQuoted: rows.isQuoted,
		hasSmallFiles: bytesPerFile < 1_000_000,
		isEstimateFine,
		isByFile,
		decimals: rows.hasMixedDecimals ? 4 : 2,
		threads,
	};
	const name = script === 'duckdb' && question === 'sales' ? 'duckdb-sales' : script;
	return {file: process.execPath, args: [pathOf(`rivals/${name}.mjs`), JSON.stringify(task)]};
}

function versionOf(manifest: string): string | null {
	const path = pathOf(manifest);
	if (!existsSync(path)) return null;
	const {version} = JSON.parse(readFileSync(path, 'utf8')) as {readonly version: string};
	return version;
}

function toolVersion(tool: string, args: readonly string[], pattern: RegExp): string | null {
	const {stdout, stderr, error} = spawnSync(tool, args, {encoding: 'utf8'});
	return error === undefined ? (pattern.exec(stdout + stderr)?.[1] ?? 'of unknown version') : null;
}
