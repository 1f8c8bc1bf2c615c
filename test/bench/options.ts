import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {BenchError} from './bench-error.ts';
import {KINDS} from './data/kinds.ts';
import {RIVAL_NAMES} from './programs.ts';

export interface Options {
	readonly help: boolean;
	readonly clean: boolean;
	readonly writeResults: boolean;
	/** Kinds of data, and `start`, `dashboard`, `ledger` and `watch`. */
	readonly only: readonly string[];
	readonly rivals: readonly string[];
	readonly threads: readonly number[];
	readonly runs: number;
	readonly scale: number;
	readonly seed: number;
	readonly data: string;
}

/** What is measured besides the kinds of data. */
const SINGLE_MEASUREMENTS = ['start', 'dashboard', 'ledger', 'watch'] as const;

const measurements = [...KINDS.map(({name}) => name), ...SINGLE_MEASUREMENTS];
const usual = measurements.filter(name => !KINDS.some(kind => kind.name === name && kind.isExtra));
const extras = KINDS.filter(({isExtra}) => isExtra).map(({name}) => name);

export const HELP = `Measures fileproc-tui against other programs, on data made for it.

  npm run bench                           everything usual, in less than a quarter of an hour
  npm run bench -- --only plain,tiny      only these
  npm run bench -- --scale 0.02 --runs 1  a quick try

  --only <names>     ${usual.join(', ')}; and ${extras.join(', ')}
  --all              these last ones, too: far longer, and 16 GB of disk
  --rivals <names>   ${RIVAL_NAMES.join(', ')}; or none (default: all that are there)
  --threads <list>   how many threads ours and DuckDB may use (default: 1,2)
  --runs <n>         timed runs of ours and of DuckDB, after one that is not timed (default: 5)
  --scale <factor>   makes the data smaller or larger (default: 1)
  --seed <n>         other data (default: 1)
  --data <dir>       where the data is kept (default: fileproc-tui-bench in the folder for temporary files)
  --clean            remove the data, and end
  --write-results    put the tables into test/bench/RESULTS.md, too
`;

/** @throws {BenchError} When an option is unknown, or not what it should be. */
export function readOptions(args: readonly string[]): Options {
	const {values} = parse(args);
	return {
		help: values.help,
		clean: values.clean,
		writeResults: values['write-results'],
		only: names('--only', values.only, values.all ? measurements : usual, measurements),
		rivals: values.rivals === 'none' ? [] : names('--rivals', values.rivals, RIVAL_NAMES, RIVAL_NAMES),
		threads: values.threads.split(',').map(text => number('--threads', text, 1, true)),
		runs: number('--runs', values.runs, 1, true),
		scale: number('--scale', values.scale, 0.000_1, false),
		seed: number('--seed', values.seed, 0, true),
		data: resolve(values.data),
	};
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				help: {type: 'boolean', short: 'h', default: false},
				clean: {type: 'boolean', default: false},
				all: {type: 'boolean', default: false},
				'write-results': {type: 'boolean', default: false},
				only: {type: 'string'},
				rivals: {type: 'string'},
				threads: {type: 'string', default: '1,2'},
				runs: {type: 'string', default: '5'},
				scale: {type: 'string', default: '1'},
				seed: {type: 'string', default: '1'},
				data: {type: 'string', default: join(tmpdir(), 'fileproc-tui-bench')},
			},
		});
	} catch (error) {
		throw new BenchError(`${error instanceof Error ? error.message : String(error)} See --help.`);
	}
}

function names(
	flag: string,
	text: string | undefined,
	usualNames: readonly string[],
	known: readonly string[],
): readonly string[] {
	if (text === undefined) return usualNames;
	const asked = text.split(',');
	const unknown = asked.filter(name => !known.includes(name));
	if (unknown.length > 0) {
		throw new BenchError(`Expected ${flag} to name some of ${known.join(', ')}; found ${unknown.join(', ')}`);
	}
	// In our order, whatever the order they were asked for in.
	return known.filter(name => asked.includes(name));
}

function number(flag: string, text: string, least: number, isWhole: boolean): number {
	const value = Number(text);
	if (text.trim() === '' || !(value >= least) || (isWhole && !Number.isInteger(value))) {
		throw new BenchError(`Expected ${flag} to be a ${isWhole ? 'whole ' : ''}number from ${least}, found '${text}'`);
	}
	return value;
}
