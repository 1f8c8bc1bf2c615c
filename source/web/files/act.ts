// What is done to single files, and to those that are marked: one after the other, and where the server asks to wait, it is waited.
import {ask, reasonOf} from '../api/ask.ts';
import {ProblemError} from '../api/problem.ts';
import type {TaskAnswer} from '../api/types.ts';
import type {FileRow} from './file-rows.ts';
import {fileStore} from './file-store.ts';

export type FileAction = 'cancel' | 'retry' | 'remove' | 'run';

export interface RunRequest {
	/** None: what the file fits best. */
	readonly analyses: readonly string[];
	readonly options?: Readonly<Record<string, unknown>>;
	/** The name of a mapping, or `none`; left out: the one for the heading of the file. */
	readonly mapping?: string;
}

/** Whether it has any effect on a file as it is. */
export function applies(action: FileAction, {status, taskId}: FileRow): boolean {
	switch (action) {
		case 'cancel':
			return taskId !== null && (status === 'QUEUED' || status === 'PROCESSING');
		case 'retry':
			return taskId !== null && (status === 'FAILED' || status === 'CANCELLED');
		case 'remove':
		case 'run':
			return true;
	}
}

export interface Outcome {
	readonly done: number;
	readonly failed: number;
	/** Why, of the last one. */
	readonly reason: string | null;
}

export async function act(
	action: FileAction,
	ids: readonly string[],
	run: RunRequest = {analyses: []},
): Promise<Outcome> {
	let [done, failed, reason]: [number, number, string | null] = [0, 0, null];
	for (const id of ids) {
		const row = fileStore.rows.get(id);
		if (row === undefined || !applies(action, row)) continue;
		try {
			await patiently(() => actOn(action, row, run));
			done++;
		} catch (error) {
			failed++;
			reason = reasonOf(error);
			// Somebody else has removed it, which no event says.
			if (error instanceof ProblemError && error.status === 404) fileStore.remove(id);
		}
	}
	return {done, failed, reason};
}

async function actOn(action: FileAction, {id, taskId}: FileRow, {analyses, ...further}: RunRequest): Promise<void> {
	if (action === 'remove') {
		await ask('DELETE', `/api/v1/files/${id}`);
		fileStore.remove(id);
		return;
	}
	const json = {file_id: id, ...(analyses.length > 0 && {analyses}), ...further};
	const task =
		action === 'run'
			? await ask<TaskAnswer>('POST', '/api/v1/runs', {json})
			: await ask<TaskAnswer>('POST', `/api/v1/runs/${taskId}/${action}`);
	fileStore.takeTask(task);
}

async function patiently(attempt: () => Promise<void>): Promise<void> {
	for (;;) {
		try {
			return await attempt();
		} catch (error) {
			if (!(error instanceof ProblemError && error.status === 429)) throw error;
			await new Promise(resolve => setTimeout(resolve, error.retryAfterMs ?? 1000));
		}
	}
}
