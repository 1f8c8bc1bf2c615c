// The thread that writes the ledger of a server which shares it with others: by a log in PostgreSQL.
import {type MessagePort, parentPort, workerData} from 'node:worker_threads';
import pg from 'pg';
import {messageOf} from '../text/system-error.ts';
import {defineChainHash} from './audit-chain.ts';
import {type FromCommitThread, faultOf, type ToCommitThread} from './commit-thread.ts';
import {LedgerError} from './ledger-error.ts';
import {type NamedChange, NamedWriter} from './named-writer.ts';
import {explained, openToWrite} from './open-database.ts';
import {SERVER_STATEMENTS} from './server-statements.ts';
import {beginCopy, FORMAT} from './shared/begin-copy.ts';
import {NEW_ENTRIES, PROGRESS} from './shared/log-tables.ts';
import {Postgres} from './shared/postgres.ts';
import {PostgresLog} from './shared/postgres-log.ts';
import {SharedCopy} from './shared/shared-copy.ts';
import {LogAway, LogFault, UnknownOutcome} from './shared/shared-log.ts';
import type {FromSharedThread, OpenedShared, Question, SharedThreadData, Told} from './shared/shared-messages.ts';
import {type SharedCommit, SharedWriter, troubleWith} from './shared/shared-writer.ts';
import {waitingMessages} from './waiting-messages.ts';

type Message = ToCommitThread<readonly NamedChange[], Question>;

if (parentPort === null) throw new Error('Expected to be a thread');
void serve(parentPort, workerData as SharedThreadData);

async function serve(port: MessagePort, data: SharedThreadData): Promise<void> {
	const {path, address} = data;
	const post = (message: FromCommitThread<OpenedShared> | FromSharedThread): void => port.postMessage(message);
	let writer: SharedWriter | null = null;
	const tidying = new Postgres(pg, {address, channels: [], onNotice() {}});
	const postgres = new Postgres(pg, {
		...{address, channels: [NEW_ENTRIES, PROGRESS]},
		onNotice(channel, payload) {
			if (channel === NEW_ENTRIES) writer?.lookFor(Number(payload));
			else {
				const [instance, progress] = JSON.parse(payload) as Told;
				if (instance !== data.instance) post({type: 'progress', progress});
			}
		},
	});
	try {
		const {id: log, secret} = await beginCopy(postgres, {path, version: data.version, shown: address.shown});
		const database = openToWrite(path);
		defineChainHash(database);
		const stopping = new AbortController();
		const copy = new SharedCopy({
			...{database, stopping: stopping.signal},
			writer: new NamedWriter(database, SERVER_STATEMENTS),
			log: new PostgresLog(postgres, FORMAT, data.instance),
			onApplied: changes => post({type: 'applied', changes}),
			onAway: error => writer?.keepWaiting(error),
		});
		await copy.catchUp();
		const working = new SharedWriter({data, postgres, tidying, copy, post, stopping});
		writer = working;
		const toCommit = ({id, commit: changes}: Extract<Message, {type: 'commit'}>): SharedCommit => ({
			changes,
			settle(outcome) {
				if (outcome === null) post({type: 'committed', ids: [id]});
				else post(refusal(id, outcome, path));
			},
		});
		port.on('message', (first: Message) => {
			const commits: SharedCommit[] = [];
			for (const message of [first, ...waitingMessages<Message>(port)]) {
				if (message.type === 'commit') commits.push(toCommit(message));
				else if (message.type === 'ask') {
					const {id, question} = message;
					const answered = (): void => post({type: 'answered', id, answer: null});
					if (question.type === 'catch-up') void working.catchUp().then(answered);
					else {
						if (question.type === 'progress') working.tell(question.progress);
						else working.stop();
						answered();
					}
				} else
					void working.end().then(() => {
						database.close();
						post({type: 'ended'});
						port.close();
					});
			}
			if (commits.length > 0) working.commit(commits);
		});
		post({type: 'opened', opened: {log, secret}});
		working.look();
	} catch (error) {
		postgres.giveUp();
		post({type: 'failed', message: reasonOf(error, address.shown), isFull: faultOf(error, path).isFull});
		port.close();
	}
}

const reasonOf = (error: unknown, shown: string): string =>
	error instanceof LogAway
		? `The metadata at ${shown} cannot be reached: ${error.message}. Is PostgreSQL running there, and are name and password right?`
		: error instanceof LogFault
			? troubleWith(shown, error).message
			: error instanceof LedgerError
				? error.message
				: `The metadata at ${shown} cannot be used: ${messageOf(error)}`;

function refusal(id: number, outcome: Error, path: string): FromCommitThread<OpenedShared> {
	if (outcome instanceof UnknownOutcome) return {type: 'unknown', id, message: outcome.message};
	const isAway = outcome instanceof LogAway || outcome instanceof LogFault;
	if (isAway) return {type: 'refused', ids: [id], message: outcome.message, isFull: false, isConflict: false, isAway};
	try {
		return explained(path, () => {
			throw outcome;
		});
	} catch (error) {
		return {type: 'refused', ids: [id], message: messageOf(error), ...faultOf(error, path)};
	}
}
