// What the terms of a filter ask for, of a file and what was made of it.
import {zstdDecompressSync} from 'node:zlib';
import type {ServerLedger} from '../ledger/server-ledger.ts';
import type {FileReport} from '../model/report.ts';
import type {FilteredFile} from '../store/filter.ts';
import type {Task, TaskState} from './task.ts';

const STATUSES = {
	QUEUED: 'queued',
	PROCESSING: 'running',
	COMPLETED: 'completed',
	FAILED: 'failed',
	CANCELLED: 'cancelled',
} as const satisfies Record<TaskState, FilteredFile['status']>;

type Filtered = Pick<Task, 'id' | 'state' | 'isPaused' | 'rows' | 'rejectedRows' | 'attempts'>;

/** @param file - `task` is `null` where nobody has asked for any. */
export function asFiltered(
	ledger: ServerLedger,
	{name, bytes, task}: {readonly name: string; readonly bytes: number; readonly task: Filtered | null},
): FilteredFile {
	let known: FileReport | null | undefined;
	return {
		file: name,
		status: task === null ? null : STATUSES[task.state],
		isPaused: task?.isPaused ?? false,
		bytesTotal: bytes,
		rows: task?.rows ?? 0,
		rejectedRows: task?.rejectedRows ?? 0,
		attempt: task?.attempts ?? 0,
		/** Read only where a term is about it. */
		get report(): FileReport | null {
			if (known !== undefined) return known;
			const report = task && ledger.get('SELECT report FROM tasks WHERE id = ?', task.id)?.report;
			known = report instanceof Uint8Array ? (JSON.parse(zstdDecompressSync(report).toString()) as FileReport) : null;
			return known;
		},
	};
}
