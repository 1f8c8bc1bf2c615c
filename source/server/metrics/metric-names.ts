// The names of all metrics, what each one says, and the labels of its samples. What gives them to Prometheus takes them from here, and so do the
// alerts and the dashboard that `init` writes.

const METRICS = {
	fileproc_http_requests_total: {help: 'Requests that have ended.', labels: ['route', 'method', 'status']},
	fileproc_http_request_duration_seconds: {
		help: 'Time until an answer was sent, without streams of events.',
		labels: ['route'],
	},
	fileproc_refused_requests_total: {help: 'Requests beyond a limit, by its name.', labels: ['policy']},
	fileproc_auth_failures_total: {help: 'Requests of who is not known, or may not do it.', labels: ['kind']},
	fileproc_tasks_total: {help: 'Tasks that have ended.', labels: ['analysis', 'outcome']},
	fileproc_task_duration_seconds: {
		help: 'Time that tasks were worked on until they ended.',
		labels: ['analysis'],
	},
	fileproc_task_queue_wait_seconds: {help: 'Time that tasks waited for their turn.', labels: []},
	fileproc_rows_total: {help: 'Records of tasks that have completed.', labels: ['outcome']},
	fileproc_read_bytes_total: {help: 'Bytes of the files of tasks that have completed.', labels: []},
	fileproc_retries_total: {help: 'Tasks that are tried again, by what they failed with before.', labels: ['code']},
	fileproc_uploads_total: {help: 'Files that have come in, or do not come in any more.', labels: ['outcome']},
	fileproc_content_expired_total: {
		help: 'Files, results and unfinished uploads that were removed because their time was over.',
		labels: ['class'],
	},
	fileproc_ledger_commit_duration_seconds: {help: 'Time until a change was on the disk.', labels: []},
	fileproc_upload_bytes_total: {help: 'Bytes of files that have come in.', labels: []},
	fileproc_webhook_deliveries_total: {
		help: 'Attempts to deliver a notice, by what came of them.',
		labels: ['outcome'],
	},
	fileproc_scans_total: {help: 'Looks at files before they are read, by what came of them.', labels: ['outcome']},
	fileproc_build_info: {help: 'What is running.', labels: ['version', 'node']},
	fileproc_tasks_active: {help: 'Tasks that are worked on.', labels: []},
	fileproc_tasks_queued: {help: 'Tasks that wait.', labels: []},
	fileproc_tasks_limit: {help: 'Tasks that may be worked on at once.', labels: []},
	fileproc_last_success_timestamp_seconds: {help: 'When a task completed last.', labels: []},
	fileproc_uploads_active: {help: 'Uploads in pieces that were begun and are not complete.', labels: []},
	fileproc_event_streams_active: {help: 'Streams of events that are followed.', labels: ['transport']},
	fileproc_event_resets_total: {help: 'Streams that began behind events that are gone.', labels: []},
	fileproc_event_log_events: {help: 'Events that are kept.', labels: []},
	fileproc_ledger_bytes: {help: 'Size of the ledger.', labels: []},
	fileproc_disk_free_bytes: {help: 'Room on the disk.', labels: ['volume']},
	fileproc_inbox_files: {help: 'Files of the watched folder, by their state.', labels: ['state']},
	fileproc_inbox_oldest_file_age_seconds: {
		help: 'How long the file has waited that has waited longest.',
		labels: [],
	},
	fileproc_workers: {help: 'Workers on other machines, by whether they take files of this server.', labels: ['state']},
	fileproc_worker_threads: {help: 'Threads of the workers that take files of this server.', labels: []},
	fileproc_worker_jobs: {help: 'Jobs that those workers have, of any server and run.', labels: []},
	fileproc_worker_bytes_per_second: {
		help: 'What those workers read together, since they are known here.',
		labels: [],
	},
	process_cpu_seconds_total: {help: 'Processor time of the process.', labels: []},
	process_resident_memory_bytes: {help: 'Memory of the process.', labels: []},
	process_start_time_seconds: {help: 'When the process began.', labels: []},
	process_open_fds: {help: 'Open files and connections, where the system says so.', labels: []},
	nodejs_heap_size_used_bytes: {help: 'Memory of JavaScript that is in use.', labels: []},
	nodejs_heap_size_total_bytes: {help: 'Memory of JavaScript.', labels: []},
	nodejs_external_memory_bytes: {help: 'Memory of buffers.', labels: []},
	nodejs_eventloop_lag_p99_seconds: {help: 'So long one in a hundred turns of the event loop takes.', labels: []},
	nodejs_eventloop_lag_max_seconds: {help: 'The longest turn of the event loop.', labels: []},
} as const satisfies Readonly<Record<string, {readonly help: string; readonly labels: readonly string[]}>>;

export type MetricName = keyof typeof METRICS;

export const metric = (name: MetricName): {readonly name: MetricName; readonly help: string} => ({
	name,
	help: METRICS[name].help,
});

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** What samples of this name are told apart by. */
export const labelsOf = (name: MetricName): readonly string[] => METRICS[name].labels;
