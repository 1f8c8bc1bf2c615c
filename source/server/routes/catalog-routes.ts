// What can be asked for, and how much of it.
import {describeServed} from '../../analysis/on-demand.ts';
import {bothPaths, type Routes} from '../context.ts';
import {TASK_NAMES} from '../task-names.ts';

export const catalogRoutes: Routes = (app, {options}) => {
	for (const path of bothPaths('/tasks')) {
		app.get(path, async () => ({
			tasks: describeServed().map(({name, title, columns}) => ({
				...{task_id: name, title},
				aliases: Object.keys(TASK_NAMES).filter(alias => TASK_NAMES[alias] === name),
				columns: columns.map(column => ({name: column.name, type: column.type, optional: column.isOptional})),
			})),
			options: options.taskOptions.properties,
		}));
	}
	for (const path of bothPaths('/limits')) {
		app.get(path, async () => ({
			...{max_upload_bytes: options.maxUploadBytes, quota_bytes: options.quotaBytes, quota_files: options.quotaFiles},
			...{max_concurrent_tasks: options.maxConcurrentTasks, max_queued: options.maxQueued},
			...{max_queued_per_user: options.maxQueuedPerUser, max_streams_per_user: options.maxStreamsPerUser},
			dataset_ttl_seconds: secondsOf(options.datasetTtlMs),
			result_ttl_seconds: secondsOf(options.resultTtlMs),
		}));
	}
};

/** `null`: for ever. */
const secondsOf = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
