// A contest on one kind of data: all run once and must agree (that warms up the disk cache, too), then take turns.
import {expectAgreement, type Statement} from '../agreement.ts';
import type {Dataset} from '../data/dataset.ts';
import {
	duckdb,
	duckdbByFile,
	exactDuckdb,
	hasFigureByFile,
	isEstimated,
	ours,
	type Program,
	type SlowRival,
} from '../programs.ts';
import {type Measurement, measure} from './process.ts';
import {median} from './statistics.ts';

export interface Entry {
	readonly program: Program;
	readonly threads: number;
	readonly bytes: number;
	readonly wallMs: readonly number[];
	/** The most of all runs; `null` where it is not known. */
	readonly peakBytes: number | null;
	/** What it said itself about its query, apart from its start; of DuckDB. */
	readonly queryMs: readonly number[];
}

export interface ContestResult {
	readonly data: Dataset;
	/** Ours and DuckDB's, on all the data. */
	readonly entries: readonly Entry[];
	readonly part: Dataset;
	/** The others, on a part of it. */
	readonly slowEntries: readonly Entry[];
}

export interface ContestOptions {
	readonly data: Dataset;
	readonly part: () => Dataset;
	readonly threads: readonly number[];
	readonly runs: number;
	readonly hasDuckdb: boolean;
	readonly slowRivals: readonly SlowRival[];
	readonly log: (message: string) => void;
}

/** @throws {BenchError} When one fails, or they disagree. */
export async function holdContest(options: ContestOptions): Promise<ContestResult> {
	const {data, threads, runs, hasDuckdb, log} = options;
	const {kind} = data;
	const rivals = [duckdb, ...(hasFigureByFile(kind) ? [duckdbByFile] : [])];
	const programs = [ours, ...(hasDuckdb && !kind.isOursOnly ? rivals : [])];
	const contestants = threads.flatMap(count => programs.map(program => contestant(program, count, data, runs)));
	const judges = isEstimated(kind) && programs.length > 1 ? [contestant(exactDuckdb, 2, data, 0)] : [];
	await takeTurns([...judges, ...contestants], runs, log);

	const slow = options.slowRivals.filter(rival => !kind.isOursOnly && rival.takes(kind));
	const part = slow.length === 0 ? data : options.part();
	const slowContestants = slow.map(rival => contestant(rival, 1, part, Math.min(rival.runs, runs)));
	// Ours tells what is right about the part. It is not timed there.
	const judge = contestant(ours, 1, part, 0);
	if (slow.length > 0) await takeTurns([judge, ...slowContestants], runs, log);
	return {data, entries: contestants.map(entryOf), part, slowEntries: slowContestants.map(entryOf)};
}

/** MB/s; by the median of the times. */
export const speedOf = ({bytes, wallMs}: Pick<Entry, 'bytes' | 'wallMs'>): number => bytes / 1000 / median(wallMs);

export const isOurs = ({program}: Entry): boolean => program.name === ours.name;

/** DuckDB's entry on the same data with as many threads. */
export const rivalOf = (own: Entry, entries: readonly Entry[], {name}: Program = duckdb): Entry | undefined =>
	entries.find(entry => entry.program.name === name && entry.threads === own.threads);

export const ownOnOneThread = ({entries}: Pick<ContestResult, 'entries'>): Entry | undefined =>
	entries.find(entry => isOurs(entry) && entry.threads === 1);

interface Contestant {
	readonly program: Program;
	readonly threads: number;
	readonly data: Dataset;
	readonly runs: number;
	readonly measurements: Measurement[];
	readonly queryMs: number[];
}

const contestant = (program: Program, threads: number, data: Dataset, runs: number): Contestant => ({
	program,
	threads,
	data,
	runs,
	measurements: [],
	queryMs: [],
});

async function takeTurns(
	contestants: readonly Contestant[],
	runs: number,
	log: (message: string) => void,
): Promise<void> {
	const answers: Statement[] = [];
	for (const each of contestants) answers.push((await run(each, 'checked', log)).statement);
	const name = contestants[0]?.data.kind.name ?? '';
	expectAgreement(name, answers);
	for (let turn = 1; turn <= runs; turn++) {
		for (const each of contestants.filter(({runs: own}) => turn <= own)) {
			const {measurement, statement} = await run(each, `${turn}/${each.runs}`, log);
			// A run that is wrong is not a fast one, however right it was before.
			expectAgreement(name, [...answers.slice(0, 1), statement]);
			each.measurements.push(measurement);
			if (statement.figures.queryMs !== undefined) each.queryMs.push(statement.figures.queryMs);
		}
	}
}

async function run(
	{program, threads, data}: Contestant,
	turn: string,
	log: (message: string) => void,
): Promise<{readonly measurement: Measurement; readonly statement: Statement}> {
	const {name, estimateTolerance, readFigures, command} = program;
	const measurement = await measure(command(data, threads));
	const {wallMs} = measurement;
	const who = `${name} on ${threads} thread${threads === 1 ? '' : 's'}`;
	const speed = Math.round(data.bytes / 1000 / wallMs);
	log(`${data.kind.name}: ${who}, ${turn}: ${(wallMs / 1000).toFixed(2)} s, ${speed} MB/s`);
	const statement = {
		program: who,
		figures: readFigures(measurement.stdout),
		estimateTolerance,
	};
	return {measurement, statement};
}

function entryOf({program, threads, data, measurements, queryMs}: Contestant): Entry {
	const peaks = measurements.flatMap(({peakBytes}) => (peakBytes === null ? [] : [peakBytes]));
	return {
		program,
		threads,
		bytes: data.bytes,
		wallMs: measurements.map(({wallMs}) => wallMs),
		peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
		queryMs,
	};
}
