// What accounts are notified of. A notice is written in the transaction of what it is about, so there is exactly one, whatever the process dies of;
// where no endpoint wants it nothing is written.
import type {ServerChange} from '../../ledger/server-ledger.ts';
import {pathOfTask} from '../describe-task.ts';
import {createId} from '../ids.ts';
import type {Task, TaskEnd} from '../task.ts';

export const NOTICE_TYPES = {
	'run.completed': 'A task has ended, however it did: data.status says how',
	'file.completed': 'A task has completed',
	'file.failed': 'A task has failed',
	'file.rejected_rows': 'A task has completed, and some records were rejected',
	'upload.completed': 'A file has come in',
	'quota.exceeded': 'A file was refused because the quota is used up; once a day at most',
	'inbox.stuck': 'A file of the watched folder waits for 15 minutes, or is worked on for as long; to operators',
} as const;

export type NoticeType = keyof typeof NOTICE_TYPES;

/** `webhook.test`: somebody wants to see whether notices arrive; `webhook.confirm`: has the code that proves that mail arrives. */
export type AnyNoticeType = NoticeType | 'webhook.test' | 'webhook.confirm';

/** As Standard Webhooks 1.0 has the body: small, with links to all else. */
export const bodyOf = (type: AnyNoticeType, at: number, data: object): string =>
	JSON.stringify({type, timestamp: new Date(at).toISOString(), data});

function noticeOf(account: string, type: NoticeType, data: object): readonly ServerChange[] {
	const [id, now] = [createId('msg'), Date.now()];
	return [
		{statement: 'addNotice', values: [id, account, type, bodyOf(type, now, data), now]},
		{statement: 'addDeliveries', values: [id]},
	];
}

/** One that there is only where there has been none of its type since then (milliseconds since 1970). */
export function noticeSince(since: number, account: string, type: NoticeType, data: object): readonly ServerChange[] {
	const [id, now] = [createId('msg'), Date.now()];
	return [
		{statement: 'addNoticeSince', values: [id, account, type, bodyOf(type, now, data), now, since]},
		{statement: 'addDeliveries', values: [id]},
	];
}

export function noticesOfTask(task: Task, {state, report, error}: TaskEnd): readonly ServerChange[] {
	const {id, account, dataset, file, attempts, analyses} = task;
	const rejectedRows = report?.rejected_rows ?? null;
	const data = {
		...{task_execution_id: id, file_id: dataset, file, task_id: task.task, analyses, status: state},
		...{attempts: attempts + 1, rows: report?.rows ?? null, rejected_rows: rejectedRows, error},
		links: {self: pathOfTask(task), result: `/api/v1/results/${id}`},
	};
	const types: NoticeType[] = ['run.completed'];
	if (state === 'COMPLETED') types.push('file.completed');
	if (state === 'FAILED') types.push('file.failed');
	if (state === 'COMPLETED' && rejectedRows !== null && rejectedRows > 0) types.push('file.rejected_rows');
	return types.flatMap(type => noticeOf(account, type, data));
}

export const noticeOfUpload = (
	account: string,
	{id, name, bytes}: {readonly id: string; readonly name: string; readonly bytes: number},
): readonly ServerChange[] =>
	noticeOf(account, 'upload.completed', {
		...{file_id: id, file: name, size: bytes},
		links: {self: `/api/v1/files/${id}`},
	});
