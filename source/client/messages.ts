// What a stream of events says. The places of events are opaque: only the server knows what is in them.
import type {ErrorReport} from '../model/report.ts';

export type ServerMessage =
	/** Something happened; `id` is `null` for progress, which is not kept. */
	| {readonly type: 'event'; readonly id: string | null; readonly event: ServerEvent}
	/** Nothing that was known holds any more: a snapshot follows, with how things are now. */
	| {readonly type: 'reset'}
	/** A part of the newest tasks, the newest first, as they are now; `isComplete`: the last part. */
	| {
			readonly type: 'snapshot';
			readonly id: string | null;
			readonly tasks: readonly TaskView[];
			readonly isComplete: boolean;
	  };

/** As in `--jsonl`, with the id of the task as `runId`; beside them `task-queued`, `upload-completed`, `content-expired`, and others to come. */
export interface ServerEvent {
	readonly type: string;
	/** ISO 8601. */
	readonly at: string;
	readonly runId?: string;
	readonly file?: string;
	readonly [member: string]: unknown;
}

/** A task, as the server describes it. */
export interface TaskView {
	readonly task_execution_id: string;
	readonly file_id: string;
	readonly file: string;
	/** Whether somebody holds it. Servers before 0.4 say nothing of it. */
	readonly is_paused?: boolean;
	/** Of the file. */
	readonly bytes: number;
	readonly task_id: string;
	readonly analyses: readonly string[];
	readonly status: 'QUEUED' | 'PROCESSING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
	readonly attempts: number;
	/** Among those that wait, from 1; `null`: it does not wait. */
	readonly position: number | null;
	readonly created_at: string;
	readonly started_at: string | null;
	readonly completed_at: string | null;
	readonly rows: number | null;
	readonly rejected_rows: number | null;
	readonly error: ErrorReport | null;
	/** By which its file was read; `null`: by none. Servers before 0.4 say nothing of it. */
	readonly mapping?: {readonly name: string; readonly version: number; readonly is_automatic: boolean} | null;
}

export const hasEnded = ({status}: Pick<TaskView, 'status'>): boolean => status !== 'QUEUED' && status !== 'PROCESSING';
