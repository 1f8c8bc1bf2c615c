// Starts the thread that writes the ledger of a watched folder, and speaks with it.
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import type {
	ClaimAnswers,
	ClaimCommit,
	ClaimQuestion,
	ClaimsThreadData,
	FromClaims,
	ToClaims,
} from './claims-protocol.ts';
import {LedgerError} from './ledger-error.ts';

/** See `start-ledger-thread.ts`. */
const THREAD_ENTRY = new URL(
	extname(import.meta.url) === '.ts' ? './claims-thread.ts' : './ledger/claims-thread.cjs',
	import.meta.url,
);

/** Nothing of a commit was written. */
export class CommitError extends LedgerError {
	readonly isFull: boolean;

	constructor(message: string, isFull: boolean) {
		super(message);
		this.isFull = isFull;
	}
}

export interface ClaimsLedger {
	/** Counts up with each process that has watched the folder. */
	readonly epoch: number;
	/**
	Resolves when all of it is on the disk.

	@throws {CommitError} When nothing of it is.
	*/
	readonly commit: (commit: ClaimCommit) => Promise<void>;
	readonly ask: <Question extends ClaimQuestion>(question: Question) => Promise<ClaimAnswers[Question['type']]>;
	/** Resolves when the file is closed. */
	readonly close: () => Promise<void>;
}

interface Waiting {
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: Error) => void;
}

/** @throws {LedgerError} When the ledger cannot be written. */
export async function openClaimsLedger(data: ClaimsThreadData): Promise<ClaimsLedger> {
	const worker = new Worker(THREAD_ENTRY, {workerData: data, stderr: true});
	const opened = Promise.withResolvers<number>();
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
		failure = error;
		opened.reject(error);
		ended.reject(error);
		for (const {reject} of waiting.values()) reject(error);
		waiting.clear();
	};
	const post = <Value>(toMessage: (id: number) => ToClaims): Promise<Value> => {
		if (failure !== null) return Promise.reject(failure);
		const {promise, resolve, reject} = Promise.withResolvers<Value>();
		const id = count++;
		waiting.set(id, {resolve: value => resolve(value as Value), reject});
		worker.postMessage(toMessage(id));
		return promise;
	};
	worker.on('message', (message: FromClaims) => {
		if (message.type === 'opened') opened.resolve(message.epoch);
		else if (message.type === 'committed') for (const id of message.ids) settle(id, ({resolve}) => resolve(undefined));
		else if (message.type === 'answered') settle(message.id, ({resolve}) => resolve(message.answer));
		else if (message.type === 'ended') ended.resolve();
		else if (message.type === 'failed') fail(new LedgerError(message.message));
		else
			for (const id of message.ids) settle(id, each => each.reject(new CommitError(message.message, message.isFull)));
	});
	worker.on('error', fail);
	worker.on('exit', () => fail(new Error('The thread of the ledger has ended')));
	return {
		epoch: await opened.promise,
		commit: commit => post(id => ({type: 'commit', id, ...commit})),
		ask: question => post(id => ({type: 'ask', id, question})),
		async close() {
			if (failure !== null) return;
			worker.postMessage({type: 'end'} satisfies ToClaims);
			await ended.promise;
		},
	};
}
