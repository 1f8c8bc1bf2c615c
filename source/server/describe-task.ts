// A task as programs are told of it.
import type {Task, TaskMapping} from './task.ts';
import {timeOf} from './time-of.ts';

export const pathOfTask = ({id}: Pick<Task, 'id'>): string => `/api/v1/runs/${id}`;

/** As tasks, results and events name it. `null`: there is none, or not yet. */
export const describeMapping = (
	mapping: Task['mapping'],
): Pick<TaskMapping, 'name' | 'version' | 'is_automatic'> | null => {
	if (mapping === null || mapping === 'none') return null;
	const {name, version, is_automatic} = mapping;
	return {name, version, is_automatic};
};

/** @param position - How many wait in front of it, and it; `null`: it does not wait. */
export const describeTask = (task: Task, position: number | null) => ({
	task_execution_id: task.id,
	owner_id: task.account,
	file_id: task.dataset,
	file: task.file,
	bytes: task.bytes,
	task_id: task.task,
	analyses: task.analyses,
	options: task.options,
	mapping: describeMapping(task.mapping),
	status: task.state,
	is_paused: task.isPaused,
	attempts: task.attempts,
	position,
	created_at: timeOf(task.createdAt),
	started_at: timeOf(task.startedAt),
	completed_at: timeOf(task.endedAt),
	rows: task.rows,
	rejected_rows: task.rejectedRows,
	error: task.error,
	links: {
		self: pathOfTask(task),
		events: `${pathOfTask(task)}/events`,
		result: `/api/v1/results/${task.id}`,
	},
});

/** What a dry run says of a task; a file that is still to be sent in has no id. */
interface PlannedTask extends Pick<ReturnType<typeof describeTask>, 'task_id' | 'analyses' | 'options' | 'mapping'> {
	readonly file_id: string | null;
	readonly file: string | null;
	readonly bytes: number | null;
}

/**
@param position - It would have among those that wait; `null`: it would begin at once, or is there.
@param known - The id of the task that is there, because the same was asked for before; `null`: a new one would start.
*/
export const describePlan = (
	{file_id, file, bytes, task_id, analyses, options, mapping}: PlannedTask,
	{position, known}: {readonly position: number | null; readonly known: string | null},
) => ({
	...{dry_run: true, file_id, file, bytes, task_id, analyses, options},
	// Answers that are kept from before there were mappings have none.
	...{mapping: mapping ?? null, position, task_execution_id: known},
});
