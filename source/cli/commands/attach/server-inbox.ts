// The folder that a server watches beside the files of accounts, for the dashboard on it. It is asked for while somebody looks, and not otherwise.
import {ClientError} from '../../../client/client-error.ts';
import type {Connection as Server} from '../../../client/connection.ts';
import type {WatchStatus} from '../../../model/watch-status.ts';
import type {FolderLook, WatchedFile, WatchedFolder} from '../../../model/watched-folder.ts';

/** A file, as the server describes it. */
interface InboxFile extends Omit<WatchedFile, 'key' | 'note' | 'cameAt' | 'endedAt' | 'rejectedRows' | 'isRetriable'> {
	readonly came_at: string | null;
	readonly ended_at: string | null;
	readonly rejected_rows: number | null;
	readonly is_retriable: boolean;
	/** Earlier servers say nothing of it. */
	readonly note?: string | null;
}

interface InboxPage {
	readonly status: WatchStatus;
	readonly files: readonly InboxFile[];
	readonly next_cursor: string | null;
}

/** The largest page that there is. The server lists those next in turn, all that are worked on, and those that ended last. */
const LISTED_FILES = 1000;
/** From an answer to the next question. */
const REST_MS = 1000;
const ONLY_SEEN = 'From here it is only seen: to retry, use retry-failed on its machine';

/**
`undefined`: the server watches none, does not show it to this account, or does not answer.

@param onMessage - Called with why it cannot be seen any more, once for each reason.
*/
export async function inboxOf(
	server: Server,
	onMessage: (message: string) => void,
): Promise<WatchedFolder | undefined> {
	let look: FolderLook;
	try {
		look = await askForLook(server);
	} catch (error) {
		if (error instanceof ClientError) return undefined;
		throw error;
	}
	let [isAsking, answeredAtMs, told] = [false, performance.now(), ''];
	const ask = async (): Promise<void> => {
		try {
			look = await askForLook(server);
			told = '';
		} catch (error) {
			if (!(error instanceof ClientError)) throw error;
			if (error.message !== told) onMessage(`The inbox is shown as it was at ${look.status.at}: ${error.message}`);
			told = error.message;
		} finally {
			[isAsking, answeredAtMs] = [false, performance.now()];
		}
	};
	return {
		...{root: look.status.folder, isOnce: false, isBeside: true, noChanges: ONLY_SEEN},
		look() {
			if (!isAsking && performance.now() - answeredAtMs >= REST_MS) {
				isAsking = true;
				void ask();
			}
			return look;
		},
		tags: () => [],
	};
}

async function askForLook(server: Server): Promise<FolderLook> {
	const {body} = await server.ask<InboxPage>('GET', `/api/v1/inbox?limit=${LISTED_FILES}`);
	return {status: body.status, files: body.files.map(toFile)};
}

const toFile = ({came_at, ended_at, rejected_rows, is_retriable, ...file}: InboxFile): WatchedFile => ({
	...{...file, key: file.claim ?? file.file, note: file.note ?? null, cameAt: msOf(came_at), endedAt: msOf(ended_at)},
	...{rejectedRows: rejected_rows, isRetriable: is_retriable},
});

const msOf = (time: string | null): number | null => (time === null ? null : Date.parse(time));
