// The thread that writes the ledger of a watched folder. Whatever has come while a transaction was under way goes into the next one, which is
// on the disk before anybody is told. What cannot be written is refused, and tried again by those who asked: a full disk is no end.
import {statfsSync} from 'node:fs';
import {type MessagePort, parentPort, receiveMessageOnPort, workerData} from 'node:worker_threads';
import type {ClaimCommit, ClaimsThreadData, FromClaims, ToClaims} from './claims-protocol.ts';
import {ClaimsWriter} from './claims-writer.ts';
import {KeptResults} from './kept-results.ts';
import {explained, openToWrite} from './open-database.ts';
import {RunWriter} from './run-writer.ts';

/** SQLite: the disk is full; it has reported an error. */
const [SQLITE_FULL, SQLITE_IOERR] = [13, 10];
/** What a transaction may take. */
const TRANSACTION_BYTES = 1024 * 1024;

type Commit = Extract<ToClaims, {type: 'commit'}>;

function serve(port: MessagePort, {path, run}: ClaimsThreadData): void {
	const post = (message: FromClaims): void => port.postMessage(message);
	try {
		const database = openToWrite(path);
		const {lastInsertRowid} = explained(path, () =>
			database.prepare('INSERT INTO owners (process, started_at) VALUES (?, ?)').run(run.process, run.startedAt),
		);
		const epoch = Number(lastInsertRowid);
		const claims = new ClaimsWriter(database, epoch);
		const writer = explained(path, () => new RunWriter(database, new KeptResults(database, ''), run));
		const write = (commits: readonly Commit[]): void => {
			const ids = commits.map(({id}) => id);
			try {
				explained(path, () => {
					writer.write(commits.map(toEntries), () => {
						claims.assertOwner();
						claims.apply(commits.flatMap(({changes}) => changes));
					});
				});
				post({type: 'committed', ids});
			} catch (error) {
				// One of them may be at fault: then the others are not to suffer.
				if (commits.length > 1 && !isFull(error, path)) for (const commit of commits) write([commit]);
				else post({type: 'refused', ids, message: messageOf(error), isFull: isFull(error, path)});
			}
		};
		port.on('message', (first: ToClaims) => {
			const commits: Commit[] = [];
			for (const message of [first, ...waitingOn(port)]) {
				if (message.type === 'commit') commits.push(message);
				else if (message.type === 'ask') {
					// Who asks has waited for what the answer depends on, so it need not wait for what has come with it.
					const answer = explained(path, () => claims.answer(message.question));
					post({type: 'answered', id: message.id, answer});
				} else {
					if (commits.length > 0) write(commits);
					database.prepare('UPDATE owners SET ended_at = ? WHERE epoch = ?').run(Date.now(), epoch);
					database.close();
					post({type: 'ended'});
					port.close();
					return;
				}
			}
			if (commits.length > 0) write(commits);
		});
		post({type: 'opened', epoch});
	} catch (error) {
		post({type: 'failed', message: messageOf(error)});
		port.close();
	}
}

const toEntries = ({lines, files, end}: ClaimCommit) => ({lines, files, end, results: [], checkpoints: []});

function* waitingOn(port: MessagePort): Generator<ToClaims, void, undefined> {
	for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
		yield next.message as ToClaims;
	}
}

function isFull(error: unknown, path: string): boolean {
	const cause = error instanceof Error ? error.cause : undefined;
	const {errcode} = (cause ?? {}) as {readonly errcode?: unknown};
	const code = typeof errcode === 'number' ? errcode & 0xff : null;
	// For files beside the ledger SQLite says no more than that.
	return code === SQLITE_FULL || (code === SQLITE_IOERR && hasNoRoom(path));
}

function hasNoRoom(path: string): boolean {
	try {
		const {bavail, bsize} = statfsSync(path);
		return bavail * bsize < TRANSACTION_BYTES;
	} catch {
		return false;
	}
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

if (parentPort === null) throw new Error('Expected to be a thread');
serve(parentPort, workerData as ClaimsThreadData);
