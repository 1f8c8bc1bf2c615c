// The files of somebody with what is made of them, as rows: read as a list, then kept right by events. Each event is a total, so one that comes twice
// or late does no harm.
import type {ErrorReport} from '../../model/report.ts';
import type {FileAnswer, TaskAnswer, TaskState} from '../api/types.ts';

export type FileStatus = 'STORED' | TaskState;

export interface FileRow {
	readonly id: string;
	readonly name: string;
	readonly relativePath: string | null;
	readonly bytes: number;
	readonly status: FileStatus;
	readonly isPaused: boolean;
	/** Of the newest task; `null`: nobody has asked for any. */
	readonly taskId: string | null;
	/** As it was asked for; empty: the one that the file fits best. */
	readonly analysis: string | null;
	readonly attempts: number;
	/** Times are milliseconds since 1970. */
	readonly receivedAt: number;
	readonly startedAt: number | null;
	readonly endedAt: number | null;
	readonly expiresAt: number | null;
	readonly rows: number | null;
	readonly rejectedRows: number | null;
	readonly error: ErrorReport | null;
	readonly bytesRead: number;
	/** Events do not tell all of it: what is missing is asked for where somebody looks at it. */
	readonly isPartial: boolean;
	/** When the newest event was that it was made of: older ones say nothing new. */
	readonly changedAt: number;
}

/** An event of the stream. Its members are those of its type. */
export interface ServerEvent {
	readonly type: string;
	readonly at?: string;
	readonly runId?: string;
	readonly [member: string]: unknown;
}

export class FileRows {
	readonly #rows = new Map<string, FileRow>();
	readonly #fileOfTask = new Map<string, string>();

	get size(): number {
		return this.#rows.size;
	}

	get(id: string): FileRow | undefined {
		return this.#rows.get(id);
	}

	values(): Iterable<FileRow> {
		return this.#rows.values();
	}

	/** @returns The id of the file, where it has changed. */
	takeAnswer(answer: FileAnswer): string | null {
		const before = this.#rows.get(answer.file_id);
		const row = rowOf(answer, before);
		if (before === undefined || before.changedAt <= row.changedAt) return this.#put(row);
		if (!before.isPartial) return null;
		// Events have said more while the answer was on its way; what they do not tell is taken from it.
		const {relativePath, expiresAt, receivedAt, taskId, analysis} = row;
		const isSame = taskId === before.taskId;
		return this.#put({
			...{...before, relativePath, expiresAt, receivedAt, isPartial: !isSame},
			analysis: isSame ? analysis : before.analysis,
		});
	}

	takeTask(task: TaskAnswer): string | null {
		const row = this.#rows.get(task.file_id);
		if (row === undefined) return null;
		const [startedAt, endedAt] = [timeOf(task.started_at), timeOf(task.completed_at)];
		const changedAt = endedAt ?? startedAt ?? timeOf(task.created_at) ?? 0;
		if (row.taskId !== task.task_execution_id && changedAt < row.changedAt) return null;
		return this.#put({
			...row,
			...{status: task.status, isPaused: task.is_paused, taskId: task.task_execution_id, analysis: task.task_id},
			...{attempts: task.attempts, startedAt, endedAt, rows: task.rows, rejectedRows: task.rejected_rows},
			...{error: task.error, bytesRead: endedAt === null ? row.bytesRead : row.bytes},
			changedAt: Math.max(row.changedAt, changedAt),
		});
	}

	/** @returns The id of the file that it changes; `null`: none. */
	takeEvent(event: ServerEvent): string | null {
		const at = timeOf(event.at ?? null) ?? 0;
		switch (event.type) {
			case 'upload-completed':
				return this.#add(event, at);
			case 'content-expired':
				return this.remove(String(event.fileId)) ? String(event.fileId) : null;
			case 'task-queued':
				return this.#queue(event, at);
			default:
				return this.#change(event, at);
		}
	}

	remove(id: string): boolean {
		return this.#rows.delete(id);
	}

	clear(): void {
		this.#rows.clear();
		this.#fileOfTask.clear();
	}

	#put(row: FileRow): string {
		this.#rows.set(row.id, row);
		if (row.taskId !== null) this.#fileOfTask.set(row.taskId, row.id);
		return row.id;
	}

	#add({fileId, file, bytes}: ServerEvent, at: number): string | null {
		const id = String(fileId);
		if (this.#rows.has(id)) return null;
		return this.#put({
			...{id, name: String(file), relativePath: null, bytes: Number(bytes), status: 'STORED', isPaused: false},
			...{taskId: null, analysis: null, attempts: 0, receivedAt: at, startedAt: null, endedAt: null, expiresAt: null},
			...{rows: null, rejectedRows: null, error: null, bytesRead: 0, isPartial: true, changedAt: at},
		});
	}

	#queue({fileId, taskExecutionId}: ServerEvent, at: number): string | null {
		const row = this.#rows.get(String(fileId));
		if (row === undefined || at < row.changedAt) return null;
		const taskId = String(taskExecutionId);
		const isSame = row.taskId === taskId;
		return this.#put({
			...{...row, status: 'QUEUED', isPaused: false, taskId, startedAt: null, endedAt: null, bytesRead: 0},
			...{rows: null, rejectedRows: null, error: null, analysis: isSame ? row.analysis : null},
			...{isPartial: row.isPartial || !isSame, changedAt: at},
		});
	}

	#change(event: ServerEvent, at: number): string | null {
		const id = this.#fileOfTask.get(String(event.runId));
		const row = id === undefined ? undefined : this.#rows.get(id);
		if (row === undefined || row.taskId !== event.runId || at < row.changedAt) return null;
		const next = afterEvent(row, event, at);
		return next === null ? null : this.#put({...next, changedAt: at});
	}
}

function afterEvent(row: FileRow, event: ServerEvent, at: number): FileRow | null {
	switch (event.type) {
		case 'file-started':
			return {
				...row,
				status: 'PROCESSING',
				startedAt: row.startedAt ?? at,
				attempts: Number(event.attempt ?? 1),
				isPaused: false,
				error: null,
			};
		case 'file-progressed':
			if (row.status !== 'PROCESSING' && row.status !== 'QUEUED') return null;
			// The threads of one that is held tell until they have stopped.
			if (row.isPaused) return null;
			return {
				...{...row, status: 'PROCESSING', bytesRead: Number(event.bytesRead)},
				...{rows: Number(event.rows), rejectedRows: Number(event.rejectedRows)},
			};
		case 'run-paused':
			return {...row, isPaused: true};
		case 'run-resumed':
			return {...row, isPaused: false};
		case 'file-completed':
		case 'file-failed':
		case 'file-cancelled': {
			const report = event.report as {rows: number | null; rejected_rows: number | null; error: ErrorReport | null};
			const status = event.type.slice('file-'.length).toUpperCase() as TaskState;
			// It is known from an answer already.
			if (row.status === status && row.endedAt !== null) return null;
			// The list has said so before.
			if (row.status === status) return null;
			return {
				...{...row, status, isPaused: false, endedAt: at, bytesRead: row.bytes},
				...{rows: report.rows, rejectedRows: report.rejected_rows, error: report.error},
			};
		}
		default:
			return null;
	}
}

function rowOf(answer: FileAnswer, before: FileRow | undefined): FileRow {
	const [startedAt, endedAt] = [timeOf(answer.started_at), timeOf(answer.completed_at)];
	const receivedAt = timeOf(answer.received_at) ?? 0;
	const isSame = before !== undefined && before.taskId === answer.task_execution_id;
	return {
		...{id: answer.file_id, name: answer.name, relativePath: answer.relative_path, bytes: answer.size},
		...{status: answer.status, isPaused: isSame && before.isPaused, taskId: answer.task_execution_id},
		...{analysis: answer.task_id, attempts: answer.attempts, receivedAt, startedAt, endedAt},
		...{
			expiresAt: timeOf(answer.expires_at),
			rows: answer.rows,
			rejectedRows: answer.rejected_rows,
			error: answer.error,
		},
		bytesRead: endedAt !== null ? answer.size : isSame ? before.bytesRead : 0,
		...{isPartial: false, changedAt: endedAt ?? startedAt ?? receivedAt},
	};
}

export const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));
