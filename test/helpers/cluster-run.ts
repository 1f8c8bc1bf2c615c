// Runs whose files are read by workers, and what happens to those meanwhile.
import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {onTestFinished, vi} from 'vitest';
import {ClusterBackend} from '../../source/cluster/cluster-backend.ts';
import type {Coordinator} from '../../source/cluster/coordinator.ts';
import type {JobBackend} from '../../source/engine/backend/job-backend.ts';
import {type BatchSettings, startBatch} from '../../source/engine/batch.ts';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import type {RunEvent} from '../../source/model/events.ts';
import type {Report} from '../../source/model/report.ts';
import {createReportCollector} from '../../source/report/collect-report.ts';
import {PATIENT} from './patient.ts';

export interface ClusterRun {
	/** Files that have completed. */
	readonly completed: () => number;
	readonly report: Promise<Report>;
}

/** The same, with its files cut into parts of eight such ranges. */
function inParts(backend: JobBackend, rangeBytes: number): JobBackend {
	const cut = (settings: ReadSettings): ReadSettings => ({...settings, splitBytes: 1, rangeBytes});
	const {startGroup: _, ...others} = backend;
	return {...others, start: (task, signal) => backend.start({...task, settings: cut(task.settings)}, signal)};
}

/**
@param coordinator - `null`: threads of this process read.
@param rangeBytes - Where all files are read in parts, however small they are.
*/
export async function startClusterRun(
	folder: string,
	coordinator: Coordinator | null,
	{rangeBytes, ...settings}: BatchSettings & {readonly rangeBytes?: number} = {},
): Promise<ClusterRun> {
	const collector = createReportCollector();
	let completed = 0;
	const run = startBatch({
		plan: await planFiles([folder]),
		paths: [folder],
		settings: {concurrency: 8, threads: 2, ...settings},
		...(coordinator !== null && {
			workers(threads) {
				const backend = new ClusterBackend(coordinator, threads);
				return rangeBytes === undefined ? backend : inParts(backend, rangeBytes);
			},
		}),
		onEvent(event: RunEvent) {
			collector.handle(event);
			if (event.type === 'file-completed') completed++;
		},
	});
	return {completed: () => completed, report: run.done.then(() => collector.report())};
}

export interface WorkerProcess {
	readonly pid: number;
	readonly signal: (signal: NodeJS.Signals) => void;
	/** What it said last: how many files it has read, jobs that it has, results that came too late. */
	readonly counts: () => {
		readonly filesDone: number;
		readonly partsDone: number;
		readonly jobs: number;
		readonly late: number;
	};
	readonly ended: Promise<unknown>;
}

/** It ends with the test. */
export async function startWorkerProcess(
	url: string,
	threads = 1,
	settings: Readonly<Record<string, unknown>> = {},
): Promise<WorkerProcess> {
	const script = fileURLToPath(new URL('worker-process.ts', import.meta.url));
	const child: ChildProcess = fork(script, [url, String(threads), JSON.stringify(settings)], {
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	let counts = {filesDone: 0, partsDone: 0, jobs: 0, late: 0};
	let isReady = false;
	child.on('message', (message: {readonly type: string} & typeof counts) => {
		if (message.type === 'ready') isReady = true;
		else counts = message;
	});
	const ended = once(child, 'exit');
	onTestFinished(async () => {
		child.kill('SIGKILL');
		await ended;
	});
	await vi.waitUntil(() => isReady, PATIENT);
	return {
		pid: child.pid ?? 0,
		signal: signal => void child.kill(signal),
		counts: () => counts,
		ended,
	};
}
