// Runs over a folder, in any manner that must not show in the report.
import {expect} from 'vitest';
import {type AnalysisChoice, describeAnalyses, registeredAnalyses} from '../../source/analysis/registry.ts';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import {createWorkerPool, type WorkerPool} from '../../source/engine/pool/worker-pool.ts';
import {startRun} from '../../source/engine/run/run.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import type {Report} from '../../source/model/report.ts';
import {toJson, toJsonLine} from '../../source/report/json.ts';
import {createRunState, reduce} from '../../source/store/reduce.ts';
import {buildReport} from '../../source/store/selectors.ts';
import {escapeActing} from '../../source/text/escape.ts';
import {readDefaults} from './read-defaults.ts';

export interface Manner {
	readonly threads: number;
	readonly concurrency: number;
	readonly chunkBytes: number;
	readonly splitBytes?: number;
	readonly rangeBytes?: number;
	/** Whether small files go by the dozen. */
	readonly isGrouped: boolean;
	readonly reader?: ReadSettings['reader'];
	readonly where?: string;
}

/** By how many threads they have. Runs share them: to start threads for each run costs more than most of the runs. */
const pools = new Map<number, WorkerPool>();

function poolOf(threads: number): WorkerPool {
	const pool = pools.get(threads) ?? createWorkerPool({threads, onLog: () => {}});
	pools.set(threads, pool);
	return pool;
}

/** Whoever has asked for reports ends the threads, in `afterAll`. */
export async function closePools(): Promise<void> {
	await Promise.all(Array.from(pools.values(), pool => pool.close()));
	pools.clear();
}

/** The report of a folder. Each event is also written as a line on the way. */
export async function reportOf(
	folder: string,
	{threads, concurrency, isGrouped, ...reading}: Manner,
	analysis: AnalysisChoice = null,
	maxErrors: number | null = 15,
): Promise<Report> {
	const client = poolOf(threads).client({filesInFlight: 1});
	const {start, startGroup, setFilesInFlight, giveUpGroups, close} = client;
	const backend = {start, setFilesInFlight, giveUpGroups, close, ...(isGrouped && {startGroup})};
	const registered = registeredAnalyses().map(each =>
		each.code === undefined ? each : {name: each.name, code: each.code},
	);
	const readSettings = {...readDefaults, analysis, registered, maxErrors, ...reading};
	let state = createRunState();
	try {
		await startRun({
			plan: await planFiles([folder]),
			paths: [folder],
			version: '0',
			analyses: describeAnalyses(analysis),
			concurrency,
			maxConcurrency: threads,
			threads,
			retries: 0,
			timeoutMs: 60_000,
			readSettings,
			backend,
			onEvent(event) {
				state = reduce(state, [event]);
				expect(state.counts.running).toBeLessThanOrEqual(concurrency);
				const {type, seq, at, ...rest} = event;
				expect(toJsonLine(event)).toBe(`${escapeActing(JSON.stringify({type, seq, at, ...rest}))}\n`);
			},
		}).done;
	} finally {
		await close();
	}
	return buildReport(state);
}

/** As JSON, but for the times. */
export const textOf = (report: Report): string =>
	toJson(report).replaceAll(/"processing_time": [\d.e-]+/g, '"processing_time": 0');
