// A task as its row in the ledger has it, and what is written of it.
import type {ColumnMap} from '../analysis/column-map.ts';
import type {Row, ServerChange} from '../ledger/server-ledger.ts';
import type {ErrorReport, FileReport} from '../model/report.ts';
import type {User} from './accounts.ts';
import type {Dataset} from './datasets.ts';
import {lineOf} from './event-line.ts';
import {createId} from './ids.ts';
import type {GivenOptions} from './task-options.ts';

export const TASK_STATES = ['QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type TaskState = (typeof TASK_STATES)[number];

export interface Task {
	readonly number: number;
	readonly id: string;
	readonly account: string;
	readonly dataset: string;
	readonly file: string;
	/** Of the file. */
	readonly bytes: number;
	/** As it was asked for: `eda_statistical_summary`, or names of analyses. */
	readonly task: string;
	readonly analyses: readonly string[];
	/** How its file is read, as it was asked for. */
	readonly options: GivenOptions;
	/** By which the headings of its file are columns; `none`: by none; `null`: the server chooses when its turn comes. */
	readonly mapping: TaskMapping | 'none' | null;
	readonly state: TaskState;
	/** It waits until somebody lets it go on. */
	readonly isPaused: boolean;
	readonly attempts: number;
	readonly createdAt: number;
	readonly startedAt: number | null;
	readonly endedAt: number | null;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
	readonly error: ErrorReport | null;
	/** Which of several servers works on it; `null`: none, or there is one only. */
	readonly instance: string | null;
}

/** A version of a mapping as it is when the task is given it: whatever becomes of the mapping, the task is read in the same way. */
export interface TaskMapping {
	readonly name: string;
	readonly version: number;
	/** Whether nobody has named it, and the heading of the file is the one that it is for. */
	readonly is_automatic: boolean;
	readonly map: ColumnMap;
}

/** What somebody asks for. */
export type AskedTask = Pick<Task, 'task' | 'analyses' | 'options' | 'mapping'>;

/** A task that nobody has written down yet. */
export const draftOf = ({id: account}: User, {id: dataset, name: file, bytes}: Dataset, asked: AskedTask): Task => ({
	...{number: 0, id: createId('r'), account, dataset, file, bytes, ...asked},
	...{state: 'QUEUED', isPaused: false, attempts: 0, createdAt: Date.now(), startedAt: null, endedAt: null},
	...{rows: null, rejectedRows: null, error: null, instance: null},
});

export type TaskChange =
	/** An error may pass by itself, or somebody asks for it again. */
	| {readonly type: 'task-retrying'; readonly task: Task; readonly code: string}
	/** `waitedMs`: `null` where it was asked for again, so that it is not known from when on it has waited. */
	| {readonly type: 'task-started'; readonly task: Task; readonly waitedMs: number | null}
	/** `ms`: `null` where it was cancelled while it waited. */
	| {readonly type: 'task-ended'; readonly task: Task; readonly end: TaskEnd; readonly ms: number | null};

export interface TaskEnd {
	readonly state: 'COMPLETED' | 'FAILED' | 'CANCELLED';
	readonly report: FileReport | null;
	readonly error: ErrorReport | null;
}

const COLUMNS = `tasks.number, tasks.id, tasks.account, datasets.id AS dataset, datasets.name AS file, datasets.bytes AS bytes, task, analyses, options, mapping, tasks.state, attempts,
	created_at, started_at, ended_at, rows, rejected_rows, error, deaths, is_paused, instance`;
/** To be followed by conditions. */
export const TASKS = `SELECT ${COLUMNS} FROM tasks JOIN datasets ON datasets.number = tasks.dataset`;

export function toTask(row: Row): Task {
	const {number, id, account, dataset, file, task, state, attempts, created_at, started_at, ended_at} = row;
	return {
		...({number, id, account, dataset, file, task, state, attempts} as Pick<
			Task,
			'number' | 'id' | 'account' | 'dataset' | 'file' | 'task' | 'state' | 'attempts'
		>),
		bytes: Number(row.bytes),
		isPaused: row.is_paused === 1,
		analyses: JSON.parse(String(row.analyses)) as readonly string[],
		options: JSON.parse(String(row.options)) as GivenOptions,
		mapping: row.mapping === null ? null : (JSON.parse(String(row.mapping)) as Task['mapping']),
		createdAt: Number(created_at),
		startedAt: started_at as number | null,
		endedAt: ended_at as number | null,
		rows: row.rows as number | null,
		rejectedRows: row.rejected_rows as number | null,
		instance: row.instance as string | null,
		error: row.error === null ? null : (JSON.parse(String(row.error)) as ErrorReport),
	};
}

export const isOpen = ({state}: Task): boolean => state === 'QUEUED' || state === 'PROCESSING';

export const eventOf = ({account, id}: Pick<Task, 'account' | 'id'>, type: string, members: object): ServerChange => ({
	statement: 'addEvent',
	values: [account, id, lineOf(type, members)],
});

/** The run of a task begins when its turn has come. */
export const queuedEvent = (task: Task): ServerChange =>
	eventOf(task, 'task-queued', {
		...{taskExecutionId: task.id, fileId: task.dataset, file: task.file, bytesTotal: task.bytes},
	});
