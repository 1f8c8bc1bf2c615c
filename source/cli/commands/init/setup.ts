// What `init` can write. Names of flags, variables and metrics are asked of their tables, so a text cannot name one that is not there.
import {type MetricName, metric} from '../../../server/metrics/metric-names.ts';
import {type FlagName, findFlag} from '../../arguments/flags.ts';

export interface SetupFile {
	readonly name: string;
	readonly text: string;
}

export interface Setup {
	/** The first one is what it is about. */
	readonly files: readonly SetupFile[];
	/** What to do with them, a line each. */
	readonly next: readonly string[];
}

export const flag = (name: FlagName): string => `--${name}`;

/** @throws {Error} Where no variable sets the flag. */
export function variable(name: FlagName): string {
	const {env} = findFlag(name) ?? {};
	if (env === undefined) throw new Error(`Expected the flag ${name} to have a variable`);
	return env;
}

/** @param ending - Of a histogram. */
export const metricOf = (name: MetricName, ending: '' | '_bucket' | '_count' | '_sum' = ''): string =>
	`${metric(name).name}${ending}`;

/** Where it listens unless it is told otherwise. */
export const PORT = 8000;
export const METRICS_ADDRESS = '127.0.0.1:9464';

export const indented = (text: string, columns: number): string =>
	text
		.split('\n')
		.map(line => (line === '' ? '' : `${' '.repeat(columns)}${line}`))
		.join('\n');
