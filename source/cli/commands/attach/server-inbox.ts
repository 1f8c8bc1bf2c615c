// The folder that a server watches beside the files of accounts, for the dashboard on it. It is asked for while somebody looks, and not otherwise.
import {ClientError} from '../../../client/client-error.ts';
import type {Connection as Server} from '../../../client/connection.ts';
import type {WatchStatus} from '../../../model/watch-status.ts';
import type {FolderActions, FolderLook, WatchedFile, WatchedFolder} from '../../../model/watched-folder.ts';

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
	/** Earlier servers say nothing of them. */
	readonly tags?: readonly string[];
	readonly files: readonly InboxFile[];
	readonly next_cursor: string | null;
}

/** The largest page that there is. The server lists those next in turn, all that are worked on, and those that ended last. */
const LISTED_FILES = 1000;
/** From an answer to the next question. */
const REST_MS = 1000;

/**
`undefined`: the server watches none, does not show it to this account, or does not answer.

@param noChanges - Why nothing can be changed from here; `null`: it can.
@param onMessage - Called with why it cannot be seen any more, once for each reason, and with what is refused.
*/
export async function inboxOf(
	server: Server,
	noChanges: string | null,
	onMessage: (message: string) => void,
): Promise<WatchedFolder | undefined> {
	let page: InboxPage;
	try {
		page = await askForPage(server);
	} catch (error) {
		if (error instanceof ClientError) return undefined;
		throw error;
	}
	let [look, isAsking, answeredAtMs, told] = [lookOf(page), false, performance.now(), ''];
	const ask = async (): Promise<void> => {
		isAsking = true;
		try {
			page = await askForPage(server);
			look = lookOf(page);
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
		...{root: look.status.folder, isOnce: false, isBeside: true},
		...(noChanges === null ? {actions: actionsOf(server, {onMessage, onChanged: ask})} : {noChanges}),
		look() {
			if (!isAsking && performance.now() - answeredAtMs >= REST_MS) void ask();
			return look;
		},
		tags: () => page.tags ?? [],
	};
}

interface Effects {
	readonly onMessage: (message: string) => void;
	/** It is to be looked at anew. */
	readonly onChanged: () => Promise<void>;
}

function actionsOf(server: Server, {onMessage, onChanged}: Effects): FolderActions {
	const post = async (path: string, json?: object): Promise<{readonly file_count: number}> => {
		const {body} = await server.ask<{file_count: number}>('POST', `/api/v1/inbox/${path}`, {json});
		void onChanged();
		return body;
	};
	return {
		setPaused(isPaused) {
			post(isPaused ? 'pause' : 'resume').catch((error: unknown) => {
				if (!(error instanceof ClientError)) throw error;
				onMessage(error.message);
			});
		},
		async retry(claims, tag) {
			const which = claims === 'all-failed' ? {all_failed: true} : {claims};
			try {
				return (await post('retry', {...which, ...(tag !== null && {tag})})).file_count;
			} catch (error) {
				// Somebody else was quicker.
				if (error instanceof ClientError && error.code === 'NOT_RETRIABLE') return 0;
				throw error;
			}
		},
	};
}

async function askForPage(server: Server): Promise<InboxPage> {
	return (await server.ask<InboxPage>('GET', `/api/v1/inbox?limit=${LISTED_FILES}`)).body;
}

const lookOf = ({status, files}: InboxPage): FolderLook => ({status, files: files.map(toFile)});

const toFile = ({came_at, ended_at, rejected_rows, is_retriable, ...file}: InboxFile): WatchedFile => ({
	...{...file, key: file.claim ?? file.file, note: file.note ?? null, cameAt: msOf(came_at), endedAt: msOf(ended_at)},
	...{rejectedRows: rejected_rows, isRetriable: is_retriable},
});

const msOf = (time: string | null): number | null => (time === null ? null : Date.parse(time));
