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
import {metric} from './metric-names.ts';
import {PROCESS} from './process-metrics.ts';
import {workerFamilies} from './worker-metrics.ts';

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
	readonly #requests = new Counter(metric('fileproc_http_requests_total'));
	readonly #requestSeconds = new Histogram(metric('fileproc_http_request_duration_seconds'), REQUEST_SECONDS);
	readonly #refused = new Counter(metric('fileproc_refused_requests_total'));
	readonly #authFailures = new Counter(metric('fileproc_auth_failures_total'));
	readonly #tasks = new Counter(metric('fileproc_tasks_total'));
	readonly #taskSeconds = new Histogram(metric('fileproc_task_duration_seconds'), TASK_SECONDS);
	readonly #waitSeconds = new Histogram(metric('fileproc_task_queue_wait_seconds'), TASK_SECONDS);
	readonly #rows = new Counter(metric('fileproc_rows_total'));
	readonly #readBytes = new Counter(metric('fileproc_read_bytes_total'));
	readonly #retries = new Counter(metric('fileproc_retries_total'));
	readonly #uploads = new Counter(metric('fileproc_uploads_total'));
	readonly #expired = new Counter(metric('fileproc_content_expired_total'));
	readonly #commitSeconds = new Histogram(metric('fileproc_ledger_commit_duration_seconds'), COMMIT_SECONDS);
	readonly #uploadBytes = new Counter(metric('fileproc_upload_bytes_total'));
	readonly #deliveries = new Counter(metric('fileproc_webhook_deliveries_total'));
	readonly #scans = new Counter(metric('fileproc_scans_total'));
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
		const {version, dataFolder, maxConcurrentTasks, inbox, workersElsewhere} = options;
		return [
			gauge(metric('fileproc_build_info'), () => [{labels: {version, node: process.versions.node}, value: 1}]),
			gauge(metric('fileproc_tasks_active'), () => ONE(tasks.activeCount)),
			gauge(metric('fileproc_tasks_queued'), () => ONE(tasks.queuedCount)),
			gauge(metric('fileproc_tasks_limit'), () => ONE(maxConcurrentTasks)),
			...[this.#tasks, this.#taskSeconds, this.#waitSeconds, this.#retries, this.#rows, this.#readBytes],
			gauge(metric('fileproc_last_success_timestamp_seconds'), () =>
				this.#lastSuccess === null ? [] : ONE(this.#lastSuccess / 1000),
			),
			gauge(metric('fileproc_uploads_active'), () => ONE(figures.activeUploads())),
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
			gauge(metric('fileproc_event_streams_active'), () =>
				(['sse', 'websocket'] as const).map(transport => ({
					labels: {transport},
					value: hub.activeBy(transport),
				})),
			),
			countOf(metric('fileproc_event_resets_total'), () => ONE(hub.resets)),
			gauge(metric('fileproc_event_log_events'), () => ONE(figures.events())),
			gauge(metric('fileproc_ledger_bytes'), () => ONE(bytesOfLedger(dataFolder))),
			gauge(metric('fileproc_disk_free_bytes'), async () => {
				const volumes = {data: dataFolder, ...(inbox !== null && {inbox: inbox.unprocessed})};
				return Promise.all(Object.entries(volumes).map(([volume, path]) => freeBytesOf(volume, path)));
			}),
			...(inbox === null ? [] : inboxFamilies(inbox)),
			...(workersElsewhere === undefined ? [] : workerFamilies(workersElsewhere)),
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
