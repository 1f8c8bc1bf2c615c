// Rules of Prometheus: what somebody should look at, and when.
import type {ServerMetrics} from '../../../server/metrics/server-metrics.ts';
import {flag, METRICS_ADDRESS, metricOf, type Setup} from './setup.ts';

type Delivery = Parameters<ServerMetrics['countDelivery']>[0];
type Scan = Parameters<ServerMetrics['countScan']>[0];

interface Rule {
	readonly alert: string;
	readonly when: string;
	/** How long it must be so. */
	readonly for?: string;
	readonly severity: 'critical' | 'warning';
	readonly summary: string;
}

const tasks = metricOf('fileproc_tasks_total');
const queued = metricOf('fileproc_tasks_queued');

const RULES: readonly Rule[] = [
	{
		alert: 'FileprocDown',
		when: 'up{job="fileproc"} == 0',
		for: '1m',
		severity: 'critical',
		summary: 'The server does not answer.',
	},
	{
		alert: 'FileprocHighConcurrency',
		when: `${metricOf('fileproc_tasks_active')} / ${metricOf('fileproc_tasks_limit')} > 0.9`,
		for: '10m',
		severity: 'warning',
		summary: 'Nearly as many tasks are worked on as may be: others wait.',
	},
	{
		alert: 'FileprocQueueNotDraining',
		// Before the first task has ended there is no sample of it.
		when: `${queued} > 0 unless on (job, instance) (sum by (job, instance) (rate(${tasks}[10m])) > 0)`,
		for: '10m',
		severity: 'critical',
		summary: 'Tasks wait, and none ends.',
	},
	{
		alert: 'FileprocInboxStuck',
		when: `${metricOf('fileproc_inbox_oldest_file_age_seconds')} > 900`,
		for: '5m',
		severity: 'warning',
		summary:
			'A file of the watched folder has waited for a quarter of an hour: "fileproc-tui doctor" with the folder says why.',
	},
	{
		alert: 'FileprocNoWorkers',
		// Only servers that were given a queue have it.
		when: `${metricOf('fileproc_workers')}{state="ready"} == 0 and on (job, instance) ${metricOf('fileproc_tasks_active')} > 0`,
		for: '2m',
		severity: 'critical',
		summary: 'Files wait for workers on other machines, and none is there: start one by "fileproc-tui worker".',
	},
	{
		alert: 'FileprocFailureRate',
		when: `sum by (job, instance) (rate(${tasks}{outcome="failed"}[15m])) / sum by (job, instance) (rate(${tasks}[15m])) > 0.05`,
		for: '15m',
		severity: 'warning',
		summary: 'More than one task in twenty fails.',
	},
	{
		alert: 'FileprocNoSuccess',
		when: `time() - ${metricOf('fileproc_last_success_timestamp_seconds')} > 86400`,
		severity: 'warning',
		summary: 'No task has completed for a day.',
	},
	{
		alert: 'FileprocDiskLow',
		when: `predict_linear(${metricOf('fileproc_disk_free_bytes')}[6h], 86400) < 0`,
		for: '30m',
		severity: 'critical',
		summary: 'At this rate the disk is full within a day.',
	},
	{
		alert: 'FileprocRefusing',
		when: `sum by (job, instance, policy) (rate(${metricOf('fileproc_refused_requests_total')}[5m])) > 1`,
		for: '10m',
		severity: 'warning',
		summary: 'More than one request a second is beyond the limit {{ $labels.policy }}.',
	},
	{
		alert: 'FileprocBruteForce',
		when: `sum by (job, instance, kind) (rate(${metricOf('fileproc_auth_failures_total')}[5m])) > 0.5`,
		for: '5m',
		severity: 'warning',
		summary: 'Somebody may be guessing passwords or tokens.',
	},
	{
		alert: 'FileprocWebhooksFailing',
		when: `increase(${metricOf('fileproc_webhook_deliveries_total')}{outcome="${'dead' satisfies Delivery}"}[1h]) > 0`,
		severity: 'warning',
		summary: 'A notice was given up: nobody has taken it.',
	},
	{
		alert: 'FileprocScannerDown',
		when: `increase(${metricOf('fileproc_scans_total')}{outcome="${'unavailable' satisfies Scan}"}[10m]) > 0`,
		for: '10m',
		severity: 'critical',
		summary: 'The scanner says nothing, so files wait.',
	},
];

/** In single quotes YAML takes everything literally, except for the quote itself. */
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const ruleText = ({alert, when, for: period, severity, summary}: Rule): string => `      - alert: ${alert}
        expr: ${quote(when)}
${period === undefined ? '' : `        for: ${period}\n`}        labels: {severity: ${severity}}
        annotations:
          summary: ${quote(summary)}
`;

const text = `# Alerts of Prometheus about fileproc-tui serve ${flag('metrics-listen')} ${METRICS_ADDRESS}
# In prometheus.yml:
#   rule_files: [fileproc-alerts.yaml]
#   scrape_configs:
#     - job_name: fileproc
#       static_configs: [{targets: ['${METRICS_ADDRESS}']}]
groups:
  - name: fileproc
    rules:
${RULES.map(ruleText).join('')}`;

export const alerts = (): Setup => ({
	files: [{name: 'fileproc-alerts.yaml', text}],
	next: [
		'promtool check rules fileproc-alerts.yaml',
		`fileproc-tui serve ${flag('metrics-listen')} ${METRICS_ADDRESS}    what it is about; "fileproc-tui init grafana" has a dashboard`,
	],
});
