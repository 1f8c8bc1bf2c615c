// A thread that writes a ledger for a program that goes on meanwhile: what has come while a transaction was under way goes into the next one,
// which is on the disk before anybody is told. What cannot be written is refused, and may be tried again: a full disk is no end.
import type {DatabaseSync} from 'node:sqlite';
import type {MessagePort} from 'node:worker_threads';
import {messageOf} from '../text/system-error.ts';
import {explained, isOutOfRoom, openToWrite, resultCodeOf} from './open-database.ts';
import {waitingMessages} from './waiting-messages.ts';

export type ToCommitThread<Commit, Question> =
	/** All of it, or nothing. */
	| {readonly type: 'commit'; readonly id: number; readonly commit: Commit}
	| {readonly type: 'ask'; readonly id: number; readonly question: Question}
	| {readonly type: 'end'};

export type FromCommitThread<Opened> =
	| {readonly type: 'opened'; readonly opened: Opened}
	| {readonly type: 'committed'; readonly ids: readonly number[]}
	| {readonly type: 'answered'; readonly id: number; readonly answer: unknown}
	/** Nothing of it is written. */
	| {
			readonly type: 'refused';
			readonly ids: readonly number[];
			readonly message: string;
			readonly isFull: boolean;
			readonly isConflict: boolean;
			/** What it is shared by cannot be reached. */
			readonly isAway?: boolean;
	  }
	/** It may be written or not. */
	| {readonly type: 'unknown'; readonly id: number; readonly message: string}
	| {readonly type: 'ended'}
	/** The ledger cannot be used at all. */
	| {readonly type: 'failed'; readonly message: string; readonly isFull: boolean};

export interface CommitWriter<Commit, Question, Opened> {
	/** What is told to those who have opened it. */
	readonly opened: Opened;
	/** In one transaction. */
	readonly write: (commits: readonly Commit[]) => void;
	/** Left out: nobody asks. */
	readonly answer?: (question: Question) => unknown;
	/** The last that is written. */
	readonly end?: () => void;
}

/** Rows were not as somebody expected them. */
export class UnexpectedRows extends Error {}

/** SQLite: a constraint does not hold. */
const SQLITE_CONSTRAINT = 19;

export function serveCommits<Commit, Question, Opened>(
	port: MessagePort,
	path: string,
	open: (database: DatabaseSync) => CommitWriter<Commit, Question, Opened>,
): void {
	type Message = ToCommitThread<Commit, Question>;
	const post = (message: FromCommitThread<Opened>): void => port.postMessage(message);
	try {
		const database = openToWrite(path);
		const writer = explained(path, () => open(database));
		const write = (messages: readonly Extract<Message, {type: 'commit'}>[]): void => {
			const ids = messages.map(({id}) => id);
			try {
				explained(path, () => writer.write(messages.map(({commit}) => commit)));
				post({type: 'committed', ids});
			} catch (error) {
				const fault = faultOf(error, path);
				// One of them may be at fault: then the others are not to suffer.
				if (messages.length > 1 && !fault.isFull) for (const message of messages) write([message]);
				else post({type: 'refused', ids, message: messageOf(error), ...fault});
			}
		};
		port.on('message', (first: Message) => {
			const commits: Extract<Message, {type: 'commit'}>[] = [];
			for (const message of [first, ...waitingMessages<Message>(port)]) {
				if (message.type === 'commit') commits.push(message);
				else if (message.type === 'ask') {
					// Who asks has waited for what the answer depends on, so it need not wait for what has come with it.
					const answer = explained(path, () => writer.answer?.(message.question));
					post({type: 'answered', id: message.id, answer});
				} else {
					if (commits.length > 0) write(commits);
					writer.end?.();
					database.close();
					post({type: 'ended'});
					port.close();
					return;
				}
			}
			if (commits.length > 0) write(commits);
		});
		post({type: 'opened', opened: writer.opened});
	} catch (error) {
		post({type: 'failed', message: messageOf(error), isFull: faultOf(error, path).isFull});
		port.close();
	}
}

/** @param error - One that says which ledger it is about, with its cause. */
export function faultOf(error: unknown, path: string): {readonly isFull: boolean; readonly isConflict: boolean} {
	const cause = error instanceof Error ? error.cause : undefined;
	return {
		isFull: isOutOfRoom(cause, path),
		isConflict: resultCodeOf(cause) === SQLITE_CONSTRAINT || cause instanceof UnexpectedRows,
	};
}
