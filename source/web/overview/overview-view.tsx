// How the server is, and what one has used of it: the figures of /health, /stats and /usage.
import {useQuery} from '@tanstack/react-query';
import {lazy, type ReactNode, Suspense, useMemo, useRef} from 'react';
import {formatBytes, formatCount, formatDuration, formatInteger, formatSeconds} from '../../text/format.ts';
import {ask} from '../api/ask.ts';
import {ProblemError} from '../api/problem.ts';
import type {Usage, Used} from '../api/types.ts';
import {Fact} from '../files/tasks-of-file.tsx';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {Answered} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {T} from '../texts.ts';
import {Workers, type WorkerTold} from './workers.tsx';

const Plot = lazy(() => import('../results/plot.tsx'));

interface Health {
	readonly status: 'healthy' | 'degraded' | 'unhealthy';
	readonly version?: string;
	readonly checks?: Readonly<Record<string, string>>;
	readonly system?: {readonly storage: {readonly bytes_free: number}};
}

interface Stats {
	readonly files: Readonly<Record<'completed' | 'failed' | 'cancelled' | 'processing' | 'queued', number>>;
	readonly success_rate: number | null;
	readonly processing_time_seconds: Readonly<Record<'mean' | 'p50' | 'p95' | 'p99', number | null>>;
	readonly throughput: {
		readonly files_per_minute: number | null;
		readonly rows_per_second: number | null;
		readonly bytes_per_second: number | null;
	};
	readonly rows: {readonly read: number; readonly rejected: number};
	readonly system?: {readonly cpu_ratio: number; readonly rss_bytes: number; readonly uptime_seconds: number};
	/** There where files are read on other machines, for operators. */
	readonly workers?: readonly WorkerTold[];
	readonly storage: {
		readonly datasets_bytes: number;
		readonly results_bytes: number;
		readonly oldest_expires_at: string | null;
	};
}

const LOOK_MS = 3000;

export default function OverviewView(): ReactNode {
	const stats = useQuery({
		queryKey: ['stats'],
		queryFn: ({signal}) => ask<Stats>('GET', '/api/v1/stats', {signal}),
		refetchInterval: LOOK_MS,
	});
	const health = useQuery({queryKey: ['health'], queryFn: ({signal}) => readHealth(signal), refetchInterval: LOOK_MS});
	const usage = useQuery({
		queryKey: ['usage'],
		queryFn: ({signal}) => ask<Usage>('GET', '/api/v1/usage', {signal}),
		refetchInterval: 4 * LOOK_MS,
	});
	return (
		<main id="content">
			<h1>{T.overview.title}</h1>
			<section aria-labelledby="health">
				<h2 id="health">{T.overview.healthTitle}</h2>
				<Answered query={health}>{answer => <HealthFacts health={answer} />}</Answered>
			</section>
			<Answered query={stats}>{answer => <StatsFacts stats={answer} />}</Answered>
			<section aria-labelledby="usage">
				<h2 id="usage">{T.overview.quota}</h2>
				<Answered query={usage}>{answer => <UsageFacts usage={answer} />}</Answered>
			</section>
		</main>
	);
}

/** An unhealthy server says so with 503, and the same body. */
async function readHealth(signal: AbortSignal): Promise<Health> {
	const response = await fetch('/health', {signal});
	if (!response.ok && response.status !== 503) throw new ProblemError(response.status, null, null);
	return (await response.json()) as Health;
}

const SIGNS = {healthy: '✔', degraded: '!', unhealthy: '✖'} as const;

const HealthFacts = ({health: {status, version, checks = {}, system}}: {readonly health: Health}): ReactNode => (
	<>
		<p className={`health ${status}`}>
			<span aria-hidden="true">{SIGNS[status]}</span> {T.overview.health[status]}
		</p>
		<dl className="facts">
			{version !== undefined && <Fact name={T.overview.version} value={version} />}
			{Object.entries(checks).map(([name, outcome]) => (
				<Fact key={name} name={name} value={outcome} />
			))}
			{system !== undefined && <Fact name={T.overview.free} value={formatBytes(system.storage.bytes_free)} />}
		</dl>
	</>
);

const orNone = (value: number | null | undefined, format: (value: number) => string): string =>
	value === null || value === undefined ? T.none : format(value);

function StatsFacts({stats}: {readonly stats: Stats}): ReactNode {
	const {files, success_rate: success, processing_time_seconds: times, throughput, rows, system, storage} = stats;
	const tiles: readonly (readonly [string, string])[] = [
		[T.overview.success, orNone(success, rate => `${(rate * 100).toFixed(1)} %`)],
		[T.overview.completed, formatInteger(files.completed)],
		[T.overview.failed, formatInteger(files.failed)],
		[T.overview.cancelled, formatInteger(files.cancelled)],
		[T.overview.processing, formatInteger(files.processing)],
		[T.overview.queued, formatInteger(files.queued)],
		[T.overview.rows, formatInteger(rows.read)],
		[T.overview.rejected, formatInteger(rows.rejected)],
		[T.overview.filesPerMinute, orNone(throughput.files_per_minute, formatCount)],
		[T.overview.rowsPerSecond, orNone(throughput.rows_per_second, formatCount)],
		[T.overview.bytesPerSecond, orNone(throughput.bytes_per_second, rate => `${formatBytes(rate)}/s`)],
	];
	return (
		<>
			<section aria-label={T.overview.throughput}>
				<dl className="figures">
					{tiles.map(([name, value]) => (
						<Fact key={name} name={name} value={value} />
					))}
				</dl>
			</section>
			{stats.workers !== undefined && <Workers workers={stats.workers} />}
			<section aria-labelledby="times">
				<h2 id="times">{T.overview.times}</h2>
				<dl className="facts">
					{(['mean', 'p50', 'p95', 'p99'] as const).map(name => (
						<Fact key={name} name={T.overview[name]} value={orNone(times[name], formatSeconds)} />
					))}
				</dl>
			</section>
			<section aria-labelledby="system">
				<h2 id="system">{T.overview.system}</h2>
				<dl className="facts">
					{system !== undefined && (
						<>
							<Fact name={T.overview.cpu} value={`${Math.round(system.cpu_ratio * 100)} %`} />
							<Fact name={T.overview.memory} value={formatBytes(system.rss_bytes)} />
							<Fact name={T.overview.uptime} value={formatDuration(system.uptime_seconds * 1000)} />
						</>
					)}
					<Fact name={T.overview.datasets} value={formatBytes(storage.datasets_bytes)} />
					<Fact name={T.overview.results} value={formatBytes(storage.results_bytes)} />
					<Fact name={T.overview.nextExpiry} value={<Time at={storage.oldest_expires_at} />} />
				</dl>
				<Load stats={stats} />
			</section>
		</>
	);
}

const MOST_MOMENTS = 200;

/** What was seen since the view was opened. */
function Load({stats}: {readonly stats: Stats}): ReactNode {
	const seen = useRef<{readonly at: number; readonly stats: Stats}[]>([]);
	if (seen.current.at(-1)?.stats !== stats)
		seen.current = [...seen.current, {at: Date.now(), stats}].slice(-MOST_MOMENTS);
	const moments = seen.current;
	const drawn = useMemo(
		() => ({
			names: moments.map(({at}) => new Date(at).toLocaleTimeString('en-GB')),
			series: [
				{label: `${T.overview.cpu} %`, values: moments.map(each => (each.stats.system?.cpu_ratio ?? 0) * 100)},
				{label: T.overview.processing, values: moments.map(each => each.stats.files.processing), isOfRight: true},
			],
		}),
		[moments],
	);
	if (moments.length < 2) return null;
	return (
		<figure>
			<Suspense fallback={null}>
				<Plot {...drawn} kind="line" label={T.overview.cpuChart} height={160} />
			</Suspense>
			<figcaption className="hint">{T.overview.load}</figcaption>
		</figure>
	);
}

type Month = Usage['months'][number];

const MONTHS: readonly Column<Month>[] = [
	{id: 'month', title: T.overview.month, rank: ({month}) => month, show: ({month}) => month},
	...(['tasks', 'completed', 'failed', 'rows', 'rejected_rows'] as const).map(
		(key): Column<Month> => ({
			...{id: key, title: key === 'rejected_rows' ? T.overview.rejected : T.overview[key], isFigure: true},
			...{rank: month => month[key], show: month => formatInteger(month[key])},
		}),
	),
	{
		id: 'bytes',
		title: T.overview.bytes,
		isFigure: true,
		rank: ({bytes}) => bytes,
		show: ({bytes}) => formatBytes(bytes),
	},
];

const usedOf = ({used, limit}: Used, format: (value: number) => string): string =>
	limit === null ? T.overview.noLimit(format(used)) : T.overview.ofLimit(format(used), format(limit));

const UsageFacts = ({usage}: {readonly usage: Usage}): ReactNode => (
	<>
		<dl className="facts">
			<Fact name={T.overview.datasets} value={usedOf(usage.files, formatInteger)} />
			<Fact name={T.overview.bytes} value={usedOf(usage.bytes, formatBytes)} />
			<Fact name={T.overview.running} value={usedOf(usage.running, formatInteger)} />
			<Fact name={T.overview.waiting} value={usedOf(usage.waiting, formatInteger)} />
		</dl>
		{usage.months.length > 0 && (
			<DataTable caption={T.overview.months} columns={MONTHS} rows={usage.months} keyOf={({month}) => month} />
		)}
	</>
);
