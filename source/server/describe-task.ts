// A task as programs are told of it.
import type {Task} from './task.ts';
import {timeOf} from './time-of.ts';

export const pathOfTask = ({id}: Pick<Task, 'id'>): string => `/api/v1/runs/${id}`;

/** @param position - How many wait in front of it, and it; `null`: it does not wait. */
export const describeTask = (task: Task, position: number | null) => ({
	task_execution_id: task.id,
	file_id: task.dataset,
	file: task.file,
	bytes: task.bytes,
	task_id: task.task,
	analyses: task.analyses,
	options: task.options,
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
