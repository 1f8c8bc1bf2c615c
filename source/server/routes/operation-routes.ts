// What operators and monitoring ask.

import {availableParallelism} from 'node:os';
import {analysisNames} from '../../analysis/registry.ts';
import type {WorkerInfo} from '../../model/worker-info.ts';
import type {User} from '../accounts.ts';
import {bothPaths, type Routes, userOf} from '../context.ts';
import {isFromThisMachine} from '../loopback.ts';
import {textOf} from '../metrics/families.ts';
import {typeFor} from '../metrics/metrics-door.ts';
import {stateOfWorker} from '../metrics/worker-metrics.ts';
import {mayCall} from '../roles.ts';

const isOperator = ({role}: User): boolean => mayCall(role, 'operator');

/** A draft of the IETF that lapsed; some monitoring asks for it. */
const HEALTH_JSON = 'application/health+json';
const HEALTH_WORDS = {healthy: 'pass', degraded: 'warn', unhealthy: 'fail'} as const;

const verbose = {
	type: 'object',
	properties: {verbose: {type: 'string', maxLength: 10, description: 'With it, what each check found'}},
} as const;

export const operationRoutes: Routes = (app, context) => {
	const {tasks, hub, options, startedAt, figures, health, metrics} = context;
	const uptime = (): number => Math.round((Date.now() - startedAt) / 1000);
	/** Of one core, since the server was started. */
	const cpuRatio = (): number => {
		const {user, system} = process.cpuUsage();
		return Math.round(((user + system) / 1000 / (process.uptime() * 1000)) * 1000) / 1000;
	};
	const config = {isUnlimited: () => true};
	app.get('/livez', {config}, async () => 'ok\n');
	for (const path of ['/readyz', '/healthz']) {
		app.get<{Querystring: {readonly verbose?: string}}>(
			path,
			{config, schema: {querystring: verbose}},
			async (request, reply) => {
				const {status, checks} = await health();
				const lines = Object.entries(checks).map(([name, check]) => `${name}: ${check}\n`);
				const text = `${status}\n${request.query.verbose === undefined ? '' : lines.join('')}`;
				return reply.code(status === 'unhealthy' ? 503 : 200).send(text);
			},
		);
	}

	app.get('/health', async (request, reply) => {
		const {status, checks, bytesFree} = await health();
		reply.code(status === 'unhealthy' ? 503 : 200);
		// From outside only how it is, unless an operator asks.
		const {user, isMonitor, headers} = request;
		const isTrusted =
			options.isHealthPublic || isFromThisMachine(request) || isMonitor || (user !== null && isOperator(user));
		reply.header('vary', 'accept');
		if (headers.accept?.split(/[;,]/, 1)[0]?.trim() === HEALTH_JSON) {
			const all = Object.entries(checks).map(([name, found]) => [name, [{status: found}]]);
			const more = isTrusted ? {version: options.version, checks: Object.fromEntries(all)} : {};
			return reply.type(HEALTH_JSON).send(JSON.stringify({status: HEALTH_WORDS[status], ...more}));
		}
		if (!isTrusted) return {status};
		const {datasets, results, bytes} = figures.stored();
		return {
			status,
			system: {
				storage: {
					...{datasets_count: datasets, results_count: results, total_items: datasets + results},
					...{bytes_used: bytes, bytes_free: bytesFree},
				},
				streaming: {
					...{
						active_streams: hub.activeStreams,
						completed_streams: hub.completedStreams,
						cached_events_count: figures.events(),
					},
				},
				execution: {
					...{active_tasks: tasks.activeCount, queued_tasks: tasks.queuedCount},
					...{max_concurrent_tasks: options.maxConcurrentTasks, workers: options.threads ?? availableParallelism()},
				},
			},
			capabilities: {
				...{concurrent_users: 'unlimited', concurrent_tasks: options.maxConcurrentTasks, thread_safe: true},
				...{max_upload_bytes: options.maxUploadBytes, resumable_uploads: 'tus-1.0.0', analyses: analysisNames},
			},
			...{version: options.version, uptime_seconds: uptime()},
			checks,
		};
	});

	for (const path of ['/stats', ...bothPaths('/stats')]) {
		app.get(path, async request => {
			const user = userOf(request);
			const account = isOperator(user) ? null : user.id;
			const {files, rows, times, since} = figures.tasksOf(account);
			const ended = files.completed + files.failed;
			const inbox = isOperator(user) ? (options.inbox?.look().status ?? null) : null;
			return {
				since: new Date(since ?? startedAt).toISOString(),
				// What a watched folder may find.
				files: {...files, duplicate: inbox?.files.duplicate ?? 0, skipped: inbox?.files.skipped ?? 0},
				success_rate: ended === 0 ? null : files.completed / ended,
				processing_time_seconds: times,
				throughput: figures.throughputOf(account),
				rows,
				system: {cpu_ratio: cpuRatio(), rss_bytes: process.memoryUsage.rss(), uptime_seconds: uptime()},
				storage: figures.storageOf(account),
				...(isOperator(user) && {
					encryption: {uploads: context.datasets.encryption.isOn, plain_files: context.datasets.encryption.plainCount},
				}),
				retention: figures.retentionOf(account, options),
				...(isOperator(user) &&
					options.workersElsewhere !== undefined && {workers: options.workersElsewhere().map(toldOf)}),
				...(inbox !== null && {inbox: {files: inbox.files, bytes: inbox.bytes, success_rate: inbox.success_rate}}),
			};
		});
	}
	const families = metrics.families(context);
	app.get('/metrics', async ({headers}, reply) => {
		const type = typeFor(headers.accept);
		return reply.type(type).send(await textOf(families, type));
	});
};

/** A worker on another machine, as it was last heard of. */
const toldOf = ({name, version, threads, jobs, fits, isDraining, ...worker}: WorkerInfo) => ({
	...{name, version, threads, jobs, files: worker.filesDone, parts: worker.partsDone},
	...{bytes_per_second: worker.bytesPerSecond, seen_seconds: worker.seenAgoMs / 1000},
	state: stateOfWorker({fits, isDraining}),
});
