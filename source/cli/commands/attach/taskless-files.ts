// Files of one's account without a task, for the dashboard: they came by a drop link or a program that only sends.
import type {Connection as Server} from '../../../client/connection.ts';
import type {TasklessFile, TasklessFiles} from '../../../model/taskless-files.ts';
import {NOTHING_ASKED, startTask} from '../client/server-job.ts';

interface FilePage {
	readonly files: readonly {
		readonly file_id: string;
		readonly name: string;
		readonly relative_path: string | null;
		readonly size: number;
		readonly received_at: string;
	}[];
	readonly next_cursor: string | null;
}

/** What is left has no task at all. */
const WITHOUT_TASK = '!status:queued,running,completed,failed,cancelled';
const LISTED_FILES = 200;

/** @param patienceMs - With no success for so long, a start is given up. */
export function tasklessFilesOf(server: Server, patienceMs: number): TasklessFiles {
	return {
		async list() {
			const files: TasklessFile[] = [];
			let cursor: string | null = null;
			// A page may have few files, or none, and others behind it.
			do {
				const query: URLSearchParams = new URLSearchParams({q: WITHOUT_TASK, limit: String(LISTED_FILES)});
				if (cursor !== null) query.set('cursor', cursor);
				const {body}: {readonly body: FilePage} = await server.ask<FilePage>('GET', `/api/v1/files?${query}`);
				files.push(...body.files.map(toFile));
				cursor = body.next_cursor;
			} while (cursor !== null && files.length < LISTED_FILES);
			return {files: files.slice(0, LISTED_FILES), hasMore: cursor !== null || files.length > LISTED_FILES};
		},
		async start(fileId) {
			await startTask(server, {fileId, ...NOTHING_ASKED}, {patienceMs});
		},
	};
}

const toFile = ({file_id, name, relative_path, size, received_at}: FilePage['files'][number]): TasklessFile => ({
	...{id: file_id, name: relative_path ?? name, bytes: size, receivedAt: received_at},
});
