// The thread that writes the ledger of a run, so that the run never waits for the disk. Whatever has come while a transaction was under
// way is written with the next one: on a slow disk transactions become larger, not more.
import {type MessagePort, parentPort, receiveMessageOnPort, workerData} from 'node:worker_threads';
import {explained, openToWrite} from './open-database.ts';
import type {FromLedger, LedgerThreadData, ToLedger} from './protocol.ts';
import {RunWriter} from './run-writer.ts';

function serve(port: MessagePort, {path, run}: LedgerThreadData): void {
	const post = (message: FromLedger): void => port.postMessage(message);
	try {
		const database = openToWrite(path);
		const writer = explained(path, () => new RunWriter(database, run));
		port.on('message', (first: ToLedger) => {
			try {
				const messages = [first, ...waitingOn(port)];
				explained(path, () => {
					writer.write(messages);
					if (messages.at(-1)?.isLast === true) database.close();
				});
				post({type: 'written', byteCount: messages.reduce((sum, {lines}) => sum + lines.length, 0)});
				if (messages.at(-1)?.isLast === true) end({type: 'finished'});
			} catch (error) {
				end({type: 'failed', message: messageOf(error)});
			}
		});
	} catch (error) {
		end({type: 'failed', message: messageOf(error)});
	}

	function end(message: FromLedger): void {
		post(message);
		port.close();
	}
}

function* waitingOn(port: MessagePort): Generator<ToLedger, void, undefined> {
	for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
		yield next.message as ToLedger;
	}
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

if (parentPort === null) throw new Error('Expected to be a thread');
serve(parentPort, workerData as LedgerThreadData);
