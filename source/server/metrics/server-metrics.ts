// What a server counts and measures, for Prometheus: by analysis, outcome, and the template of a route; never by user, file or path.
import {statSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {join} from 'node:path';
import type {ServerContext} from '../context.ts';
import type {UploadOutcome} from '../datasets.ts';
import type {ProblemCode} from '../problem-catalog.ts';
import type {EndedRequest} from '../requests.ts';
import type {TaskChange} from '../task.ts';
import {Counter, countOf, type Family, gauge, Histogram, ONE, type Sample} from './families.ts';
import {inboxFamilies} from './inbox-metrics.ts';
import {PROCESS} from './process-metrics.ts';

const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];
const COMMIT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const TASK_SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** Refusals of who is not known, or may not. */
const AUTH_FAILURES: Readonly<Partial<Record<ProblemCode, string>>> = {
	LOGIN_FAILED: 'login',
	UNAUTHORIZED: 'session',
	FORBIDDEN: 'role',
	SCOPE_NEEDED: 'scope',
	FOREIGN_ORIGIN: 'origin',
};

/** Streams last as long as their readers want. */
const isStream = (route: string): boolean => /\/(?:events|ws)$/.test(route);

type Looked = Pick<ServerContext, 'tasks' | 'hub' | 'figures' | 'options'>;

export class ServerMetrics {
	readonly #requests = new Counter({name: 'fileproc_http_requests_total', help: 'Requests that have ended.'});
	readonly #requestSeconds = new Histogram(
		{name: 'fileproc_http_request_duration_seconds', help: 'Time until an answer was sent, without streams of events.'},
		REQUEST_SECONDS,
	);
	readonly #refused = new Counter({
		name: 'fileproc_refused_requests_total',
		help: 'Requests beyond a limit, by its name.',
	});
	readonly #authFailures = new Counter({
		name: 'fileproc_auth_failures_total',
		help: 'Requests of who is not known, or may not do it.',
	});
	readonly #tasks = new Counter({name: 'fileproc_tasks_total', help: 'Tasks that have ended.'});
	readonly #taskSeconds = new Histogram(
		{name: 'fileproc_task_duration_seconds', help: 'Time that tasks were worked on until they ended.'},
		TASK_SECONDS,
	);
	readonly #waitSeconds = new Histogram(
		{name: 'fileproc_task_queue_wait_seconds', help: 'Time that tasks waited for their turn.'},
		TASK_SECONDS,
	);
	readonly #rows = new Counter({name: 'fileproc_rows_total', help: 'Records of tasks that have completed.'});
	readonly #readBytes = new Counter({
		name: 'fileproc_read_bytes_total',
		help: 'Bytes of the files of tasks that have completed.',
	});
	readonly #retries = new Counter({
		name: 'fileproc_retries_total',
		help: 'Tasks that are tried again, by what they failed with before.',
	});
	readonly #uploads = new Counter({
		name: 'fileproc_uploads_total',
		help: 'Files that have come in, or do not come in any more.',
	});
	readonly #expired = new Counter({
		name: 'fileproc_content_expired_total',
		help: 'Files, results and unfinished uploads that were removed because their time was over.',
	});
	readonly #commitSeconds = new Histogram(
		{name: 'fileproc_ledger_commit_duration_seconds', help: 'Time until a change was on the disk.'},
		COMMIT_SECONDS,
	);
	readonly #uploadBytes = new Counter({name: 'fileproc_upload_bytes_total', help: 'Bytes of files that have come in.'});
	readonly #deliveries = new Counter({
		name: 'fileproc_webhook_deliveries_total',
		help: 'Attempts to deliver a notice, by what came of them.',
	});
	readonly #scans = new Counter({
		name: 'fileproc_scans_total',
		help: 'Looks at files before they are read, by what came of them.',
	});
	#lastSuccess: number | null = null;

	countRequest({route, method, status, ms, problem, limit}: EndedRequest): void {
		const template = route ?? 'none';
		this.#requests.add({route: template, method, status: String(status)});
		if (!isStream(template)) this.#requestSeconds.observe(ms / 1000, {route: template});
		if (limit !== null) this.#refused.add({policy: limit});
		const kind = problem === null ? undefined : AUTH_FAILURES[problem];
		if (kind !== undefined) this.#authFailures.add({kind});
	}

	countTask(change: TaskChange): void {
		const analysis = change.task.analyses.join(',') || 'auto';
		if (change.type === 'task-retrying') {
			this.#retries.add({code: change.code});
			return;
		}
		if (change.type === 'task-started') {
			if (change.waitedMs !== null) this.#waitSeconds.observe(change.waitedMs / 1000);
			return;
		}
		const {state, report} = change.end;
		this.#tasks.add({analysis, outcome: state.toLowerCase()});
		if (change.ms !== null) this.#taskSeconds.observe(change.ms / 1000, {analysis});
		if (report === null) return;
		this.#rows.add({outcome: 'ok'}, report.rows);
		this.#rows.add({outcome: 'rejected'}, report.rejected_rows);
		this.#readBytes.add({}, report.bytes);
		this.#lastSuccess = Date.now();
	}

	/** @param bytes - Of a file that has come in. */
	countUpload(outcome: UploadOutcome, bytes: number): void {
		this.#uploads.add({outcome});
		this.#uploadBytes.add({}, bytes);
	}

	countExpired(what: 'dataset' | 'result' | 'upload', count: number): void {
		this.#expired.add({class: what}, count);
	}

	countCommit(elapsedMs: number): void {
		this.#commitSeconds.observe(elapsedMs / 1000);
	}

	countScan(outcome: 'clean' | 'blocked' | 'unavailable'): void {
		this.#scans.add({outcome});
	}

	countDelivery(outcome: 'delivered' | 'retried' | 'dead'): void {
		this.#deliveries.add({outcome});
	}

	families({tasks, hub, figures, options}: Looked): readonly Family[] {
		const {version, dataFolder, maxConcurrentTasks, inbox} = options;
		return [
			gauge({name: 'fileproc_build_info', help: 'What is running.'}, () => [
				{labels: {version, node: process.versions.node}, value: 1},
			]),
			gauge({name: 'fileproc_tasks_active', help: 'Tasks that are worked on.'}, () => ONE(tasks.activeCount)),
			gauge({name: 'fileproc_tasks_queued', help: 'Tasks that wait.'}, () => ONE(tasks.queuedCount)),
			gauge({name: 'fileproc_tasks_limit', help: 'Tasks that may be worked on at once.'}, () =>
				ONE(maxConcurrentTasks),
			),
			...[this.#tasks, this.#taskSeconds, this.#waitSeconds, this.#retries, this.#rows, this.#readBytes],
			gauge({name: 'fileproc_last_success_timestamp_seconds', help: 'When a task completed last.'}, () =>
				this.#lastSuccess === null ? [] : ONE(this.#lastSuccess / 1000),
			),
			gauge({name: 'fileproc_uploads_active', help: 'Uploads in pieces that were begun and are not complete.'}, () =>
				ONE(figures.activeUploads()),
			),
			...[
				this.#uploads,
				this.#uploadBytes,
				this.#expired,
				this.#commitSeconds,
				this.#requests,
				this.#requestSeconds,
				this.#refused,
				this.#authFailures,
				this.#deliveries,
				this.#scans,
			],
			gauge({name: 'fileproc_event_streams_active', help: 'Streams of events that are followed.'}, () =>
				(['sse', 'websocket'] as const).map(transport => ({
					labels: {transport},
					value: hub.activeBy(transport),
				})),
			),
			countOf({name: 'fileproc_event_resets_total', help: 'Streams that began behind events that are gone.'}, () =>
				ONE(hub.resets),
			),
			gauge({name: 'fileproc_event_log_events', help: 'Events that are kept.'}, () => ONE(figures.events())),
			gauge({name: 'fileproc_ledger_bytes', help: 'Size of the ledger.'}, () => ONE(bytesOfLedger(dataFolder))),
			gauge({name: 'fileproc_disk_free_bytes', help: 'Room on the disk.'}, async () => {
				const volumes = {data: dataFolder, ...(inbox !== null && {inbox: inbox.unprocessed})};
				return Promise.all(Object.entries(volumes).map(([volume, path]) => freeBytesOf(volume, path)));
			}),
			...(inbox === null ? [] : inboxFamilies(inbox)),
			...PROCESS,
		];
	}
}

async function freeBytesOf(volume: string, path: string): Promise<Sample> {
	const {bavail, bsize} = await statfs(path);
	return {labels: {volume}, value: bavail * bsize};
}

/** With what is written down and not yet in it. */
function bytesOfLedger(dataFolder: string): number {
	const sizeOf = (name: string): number => statSync(join(dataFolder, name), {throwIfNoEntry: false})?.size ?? 0;
	return sizeOf('ledger.db') + sizeOf('ledger.db-wal');
}
