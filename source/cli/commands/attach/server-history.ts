// Tasks of a server that have ended, as past runs of one file each: the dashboard lists, searches and opens them as those of a ledger.

import {ClientError} from '../../../client/client-error.ts';
import type {Connection as Server} from '../../../client/connection.ts';
import type {TaskView} from '../../../client/messages.ts';
import type {AnalysisInfo} from '../../../model/analysis-info.ts';
import type {RunEvent, RunFact} from '../../../model/events.ts';
import type {ListedRun, PastRuns} from '../../../model/past-runs.ts';
import type {FileReport, RunTotals} from '../../../model/report.ts';
import type {AnalysisResults} from '../../../model/results.ts';
import {fetchCombined, fetchReport} from '../client/server-job.ts';
import {saveResult} from './save-result.ts';

interface HistoryPage {
	readonly tasks: readonly TaskView[];
	readonly next_cursor: string | null;
}

/** More are found by a search: the list is asked for every few seconds. */
const LISTED_TASKS = 100;
/** Somebody waits for it in front of a screen. */
const NOT_AGAIN = {patienceMs: 0};

const pathOf = (id: string): string => `/api/v1/run/${encodeURIComponent(id)}`;

export function historyOf(
	server: Server,
	{version, analyses}: {readonly version: string; readonly analyses: readonly AnalysisInfo[]},
): PastRuns {
	return {
		currentId: () => null,
		async find(search) {
			const query = new URLSearchParams({limit: String(LISTED_TASKS), ...(search !== '' && {q: search})});
			const {body} = await server.ask<HistoryPage>('GET', `/api/v1/history?${query}`);
			return {runs: body.tasks.map(asRun), hasMore: body.next_cursor !== null};
		},
		async *read(id, signal) {
			const {body: task} = await server.ask<TaskView>('GET', pathOf(id), {signal});
			const report = await fetchReport(server, task.file, task, {...NOT_AGAIN, signal});
			const isRead = task.status === 'COMPLETED';
			const results = isRead ? await fetchCombined(server, [id], {...NOT_AGAIN, signal}) : {};
			const facts = factsOf(task, report, results ?? {});
			const begun: RunFact = {
				...{type: 'run-started', version, paths: [task.file], fileCount: 1, bytesTotal: task.bytes},
				...{concurrency: 1, threads: 0, analyses, server: server.origin},
			};
			const elapsedMs = elapsedOf(task);
			const [at, endedAt] = [task.started_at ?? task.created_at, task.completed_at ?? task.created_at];
			const stamp = (fact: RunFact, index: number): RunEvent => ({
				...fact,
				...(isAtEnd(fact) ? {at: endedAt, elapsedMs} : {at, elapsedMs: 0}),
				seq: index + 1,
			});
			yield* [begun, ...facts].map(stamp);
		},
		drift: async () => null,
		async readAgain(id) {
			try {
				await server.ask('POST', `${pathOf(id)}/retry`);
				return 'The server tries it again: it is in the list of tasks';
			} catch (error) {
				throw error instanceof ClientError ? new Error(error.message) : error;
			}
		},
		reportCommand: id => `fileproc-tui get ${server.origin} ${id} > report.json`,
		async save(id, part) {
			const {body: task} = await server.ask<TaskView>('GET', pathOf(id));
			return saveResult(server, {id, file: task.file, ...NOT_AGAIN}, part);
		},
		close: async () => {},
	};
}

const isAtEnd = ({type}: RunFact): boolean =>
	type !== 'run-started' && type !== 'file-queued' && type !== 'file-started';

const elapsedOf = ({started_at: from, completed_at: to}: TaskView): number =>
	from === null || to === null ? 0 : Math.max(0, Date.parse(to) - Date.parse(from));

function totalsOf(task: TaskView): RunTotals {
	const of = (status: TaskView['status']): number => (task.status === status ? 1 : 0);
	return {
		...{files: 1, completed: of('COMPLETED'), failed: of('FAILED'), cancelled: of('CANCELLED'), skipped: 0},
		...{bytes: task.status === 'COMPLETED' ? task.bytes : 0, rows: task.rows ?? 0},
		...{rejected_rows: task.rejected_rows ?? 0, processing_time: elapsedOf(task) / 1000},
	};
}

/** A file that has failed is a part of a run that came to its end. */
function asRun(task: TaskView): ListedRun {
	return {
		...{id: task.task_execution_id, started_at: task.started_at ?? task.created_at, paths: [task.file]},
		folder: null,
		status: task.status === 'CANCELLED' ? 'cancelled' : 'completed',
		...{totals: totalsOf(task), elapsed: elapsedOf(task) / 1000},
	};
}

function factsOf(task: TaskView, report: FileReport, analyses: AnalysisResults): readonly RunFact[] {
	const {file, bytes, attempts} = task;
	const attempt = Math.max(1, attempts);
	const status = task.status === 'COMPLETED' ? 'completed' : task.status === 'FAILED' ? 'failed' : 'cancelled';
	const begun: readonly RunFact[] = task.started_at === null ? [] : [{type: 'file-started', file, attempt}];
	return [
		{type: 'file-queued', file, attempt: 0, bytesTotal: bytes},
		...begun,
		{type: `file-${status}`, file, attempt, report},
		{
			...{type: 'run-completed', status: status === 'cancelled' ? 'cancelled' : 'completed', analyses},
			totals: totalsOf(task),
		},
	];
}
