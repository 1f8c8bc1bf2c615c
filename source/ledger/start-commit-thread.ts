// Starts a thread that writes a ledger for a watched folder or a server, and speaks with it.
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import type {FromCommitThread, ToCommitThread} from './commit-thread.ts';
import {LedgerError} from './ledger-error.ts';

/** Nothing of a commit was written. */
export class CommitError extends LedgerError {
	readonly isFull: boolean;
	/** Something has changed meanwhile: a name is taken, a task has ended. */
	readonly isConflict: boolean;
	/** What it is shared by cannot be reached, which may pass. */
	readonly isAway: boolean;

	constructor(message: string, {isFull, isConflict, isAway = false}: CommitFault) {
		super(message);
		this.isFull = isFull;
		this.isConflict = isConflict;
		this.isAway = isAway;
	}
}

interface CommitFault {
	readonly isFull: boolean;
	readonly isConflict: boolean;
	readonly isAway?: boolean;
}

/** Whether the same may be written a little later: there may be room again, or a connection. */
export const mayPass = (error: unknown): boolean => error instanceof CommitError && (error.isFull || error.isAway);

/** Whether something has changed meanwhile, so that nothing of it was written: a name is taken, a task has ended. */
export const isConflict = (error: unknown): boolean => error instanceof CommitError && error.isConflict;

export interface CommitThread<Commit, Question, Opened> {
	readonly opened: Opened;
	/**
	Resolves when all of it is on the disk.

	@throws {CommitError} When nothing of it is.
	@throws {LedgerError} When that is not known.
	*/
	readonly commit: (commit: Commit) => Promise<void>;
	readonly ask: (question: Question) => Promise<unknown>;
	/** Resolves when the file is closed. */
	readonly close: () => Promise<void>;
}

interface Waiting {
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: Error) => void;
}

/**
@param onOther - Called with what it says beside.
@throws {LedgerError} When the ledger cannot be written; a `CommitError` where its disk is full.
*/
export async function startCommitThread<Commit, Question, Opened>(
	entry: 'claims-thread' | 'server-thread' | 'shared-thread',
	workerData: unknown,
	onOther: (message: unknown) => void = () => {},
): Promise<CommitThread<Commit, Question, Opened>> {
	// See `start-ledger-thread.ts`.
	const place = extname(import.meta.url) === '.ts' ? `./${entry}.ts` : `./ledger/${entry}.cjs`;
	const worker = new Worker(new URL(place, import.meta.url), {workerData, stderr: true});
	const opened = Promise.withResolvers<Opened>();
	const ended = Promise.withResolvers<void>();
	ended.promise.catch(() => {});
	const waiting = new Map<number, Waiting>();
	let count = 0;
	let failure: Error | null = null;
	const settle = (id: number, perform: (waiting: Waiting) => void): void => {
		const found = waiting.get(id);
		waiting.delete(id);
		if (found !== undefined) perform(found);
	};
	const fail = (error: Error): void => {
		failure ??= error;
		opened.reject(error);
		ended.reject(error);
		for (const {reject} of waiting.values()) reject(error);
		waiting.clear();
	};
	const post = (message: ToCommitThread<Commit, Question>): void => worker.postMessage(message);
	const request = (toMessage: (id: number) => ToCommitThread<Commit, Question>): Promise<unknown> => {
		if (failure !== null) return Promise.reject(failure);
		const {promise, resolve, reject} = Promise.withResolvers<unknown>();
		const id = count++;
		waiting.set(id, {resolve, reject});
		post(toMessage(id));
		return promise;
	};
	worker.on('message', (message: FromCommitThread<Opened>) => {
		if (message.type === 'opened') opened.resolve(message.opened);
		else if (message.type === 'committed') for (const id of message.ids) settle(id, ({resolve}) => resolve(undefined));
		else if (message.type === 'answered') settle(message.id, ({resolve}) => resolve(message.answer));
		else if (message.type === 'ended') ended.resolve();
		else if (message.type === 'failed')
			fail(
				message.isFull
					? new CommitError(message.message, {isFull: true, isConflict: false})
					: new LedgerError(message.message),
			);
		else if (message.type === 'refused')
			for (const id of message.ids) settle(id, ({reject}) => reject(new CommitError(message.message, message)));
		else if (message.type === 'unknown') settle(message.id, ({reject}) => reject(new LedgerError(message.message)));
		else onOther(message);
	});
	worker.on('error', fail);
	worker.on('exit', () => fail(new Error('The thread of the ledger has ended')));
	return {
		opened: await opened.promise,
		async commit(commit) {
			await request(id => ({type: 'commit', id, commit}));
		},
		ask: question => request(id => ({type: 'ask', id, question})),
		async close() {
			if (failure !== null) return;
			post({type: 'end'});
			await ended.promise;
		},
	};
}
