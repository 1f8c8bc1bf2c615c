// A dashboard of Grafana: how much there is to do, how it goes, and what it costs.
import {flag, METRICS_ADDRESS, metricOf, type Setup} from './setup.ts';

interface Panel {
	readonly title: string;
	/** Of Grafana. */
	readonly unit: string;
	/** Each with what it is called; in double braces a label. */
	readonly lines: readonly (readonly [expression: string, name: string])[];
	readonly isStat?: true;
}

const JOB = '{job="$job"}';
const rate = (name: string): string => `rate(${name}${JOB}[$__rate_interval])`;
/** So long one in twenty takes. */
const p95 = (name: Parameters<typeof metricOf>[0], label?: string): string =>
	`histogram_quantile(0.95, sum by (${label === undefined ? '' : `${label}, `}le) (${rate(metricOf(name, '_bucket'))}))`;

const tasks = metricOf('fileproc_tasks_total');

const PANELS: readonly Panel[] = [
	{
		title: 'Tasks worked on',
		unit: 'short',
		isStat: true,
		lines: [[`sum(${metricOf('fileproc_tasks_active')}${JOB})`, 'active']],
	},
	{
		title: 'Tasks that wait',
		unit: 'short',
		isStat: true,
		lines: [[`sum(${metricOf('fileproc_tasks_queued')}${JOB})`, 'queued']],
	},
	{
		title: 'Since the last success',
		unit: 's',
		isStat: true,
		lines: [[`time() - max(${metricOf('fileproc_last_success_timestamp_seconds')}${JOB})`, 'age']],
	},
	{
		title: 'Version',
		unit: 'short',
		isStat: true,
		lines: [[`max by (version) (${metricOf('fileproc_build_info')}${JOB})`, '{{version}}']],
	},
	{title: 'Tasks that ended', unit: 'ops', lines: [[`sum by (outcome) (${rate(tasks)})`, '{{outcome}}']]},
	{
		title: 'Tasks and their limit',
		unit: 'short',
		lines: [
			[`sum(${metricOf('fileproc_tasks_active')}${JOB})`, 'worked on'],
			[`sum(${metricOf('fileproc_tasks_queued')}${JOB})`, 'waiting'],
			[`sum(${metricOf('fileproc_tasks_limit')}${JOB})`, 'limit'],
		],
	},
	{
		title: 'Time of tasks, 95 %',
		unit: 's',
		lines: [
			[p95('fileproc_task_duration_seconds', 'analysis'), '{{analysis}}'],
			[p95('fileproc_task_queue_wait_seconds'), 'waiting'],
		],
	},
	{
		title: 'Records',
		unit: 'ops',
		lines: [[`sum by (outcome) (${rate(metricOf('fileproc_rows_total'))})`, '{{outcome}}']],
	},
	{
		title: 'Bytes',
		unit: 'Bps',
		lines: [
			[`sum(${rate(metricOf('fileproc_read_bytes_total'))})`, 'processed'],
			[`sum(${rate(metricOf('fileproc_upload_bytes_total'))})`, 'sent in'],
		],
	},
	{
		title: 'Tries again',
		unit: 'ops',
		lines: [[`sum by (code) (${rate(metricOf('fileproc_retries_total'))})`, '{{code}}']],
	},
	{
		title: 'Watched folder',
		unit: 'short',
		lines: [[`sum by (state) (${metricOf('fileproc_inbox_files')}${JOB})`, '{{state}}']],
	},
	{
		title: 'Oldest file that waits',
		unit: 's',
		lines: [[`max(${metricOf('fileproc_inbox_oldest_file_age_seconds')}${JOB})`, 'age']],
	},
	{
		title: 'Workers',
		unit: 'short',
		lines: [
			[`max by (state) (${metricOf('fileproc_workers')}${JOB})`, '{{state}}'],
			[`max(${metricOf('fileproc_worker_jobs')}${JOB})`, 'jobs'],
		],
	},
	{
		title: 'Bytes of workers',
		unit: 'Bps',
		lines: [[`max(${metricOf('fileproc_worker_bytes_per_second')}${JOB})`, 'together']],
	},
	{
		title: 'Uploads',
		unit: 'ops',
		lines: [
			[`sum by (outcome) (${rate(metricOf('fileproc_uploads_total'))})`, '{{outcome}}'],
			[`sum(${metricOf('fileproc_uploads_active')}${JOB})`, 'under way'],
		],
	},
	{
		title: 'Requests',
		unit: 'reqps',
		lines: [[`sum by (status) (${rate(metricOf('fileproc_http_requests_total'))})`, '{{status}}']],
	},
	{title: 'Time of answers, 95 %', unit: 's', lines: [[p95('fileproc_http_request_duration_seconds'), 'all routes']]},
	{
		title: 'Refused',
		unit: 'reqps',
		lines: [
			[`sum by (policy) (${rate(metricOf('fileproc_refused_requests_total'))})`, '{{policy}}'],
			[`sum by (kind) (${rate(metricOf('fileproc_auth_failures_total'))})`, '{{kind}}'],
		],
	},
	{
		title: 'Streams of events',
		unit: 'short',
		lines: [[`sum by (transport) (${metricOf('fileproc_event_streams_active')}${JOB})`, '{{transport}}']],
	},
	{
		title: 'Notices',
		unit: 'ops',
		lines: [[`sum by (outcome) (${rate(metricOf('fileproc_webhook_deliveries_total'))})`, '{{outcome}}']],
	},
	{
		title: 'Room on the disk',
		unit: 'bytes',
		lines: [[`min by (volume) (${metricOf('fileproc_disk_free_bytes')}${JOB})`, '{{volume}}']],
	},
	{
		title: 'Ledger',
		unit: 's',
		lines: [[p95('fileproc_ledger_commit_duration_seconds'), 'until a change is on the disk, 95 %']],
	},
	{title: 'Processor', unit: 'percentunit', lines: [[`sum(${rate(metricOf('process_cpu_seconds_total'))})`, 'cores']]},
	{
		title: 'Memory',
		unit: 'bytes',
		lines: [
			[`sum(${metricOf('process_resident_memory_bytes')}${JOB})`, 'process'],
			[`sum(${metricOf('nodejs_heap_size_used_bytes')}${JOB})`, 'JavaScript'],
		],
	},
	{
		title: 'Main thread',
		unit: 's',
		lines: [[`max(${metricOf('nodejs_eventloop_lag_p99_seconds')}${JOB})`, 'longer in one turn of a hundred']],
	},
];

const COLUMNS = 24;
const DATASOURCE = {type: 'prometheus', uid: '$datasource'};

/** Numbers in one row at the top, charts below, three to a row. */
function placed(panels: readonly Panel[]): readonly object[] {
	const stats = panels.filter(({isStat}) => isStat);
	const charts = panels.filter(({isStat}) => isStat === undefined);
	const statWidth = COLUMNS / stats.length;
	const all = [
		...stats.map((panel, index) => ({panel, gridPos: {x: index * statWidth, y: 0, w: statWidth, h: 4}})),
		...charts.map((panel, index) => ({
			panel,
			gridPos: {x: (index % 3) * 8, y: 4 + Math.floor(index / 3) * 8, w: 8, h: 8},
		})),
	];
	return all.map(({panel: {title, unit, lines, isStat}, gridPos}, index) => ({
		...{id: index + 1, type: isStat ? 'stat' : 'timeseries', title, datasource: DATASOURCE, gridPos},
		fieldConfig: {defaults: {unit, min: 0}, overrides: []},
		options: isStat ? {reduceOptions: {calcs: ['lastNotNull']}, textMode: title === 'Version' ? 'name' : 'auto'} : {},
		targets: lines.map(([expr, legendFormat], line) => ({
			...{refId: String.fromCharCode(65 + line), datasource: DATASOURCE, expr, legendFormat},
		})),
	}));
}

const dashboard = {
	title: 'fileproc-tui',
	uid: 'fileproc-tui',
	tags: ['fileproc-tui'],
	schemaVersion: 39,
	editable: true,
	refresh: '30s',
	time: {from: 'now-6h', to: 'now'},
	templating: {
		list: [
			{name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source'},
			{
				...{name: 'job', type: 'query', label: 'Job', datasource: DATASOURCE, refresh: 2},
				query: `label_values(${metricOf('fileproc_build_info')}, job)`,
			},
		],
	},
	panels: placed(PANELS),
};

export const grafana = (): Setup => ({
	files: [{name: 'fileproc-grafana.json', text: `${JSON.stringify(dashboard, null, 2)}\n`}],
	next: [
		'In Grafana: Dashboards, New, Import, and this file',
		`fileproc-tui serve ${flag('metrics-listen')} ${METRICS_ADDRESS}    and a job of Prometheus that asks there: see fileproc-tui init alerts`,
	],
});
