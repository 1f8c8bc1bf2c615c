// The thread that writes the ledger of a run, so that the run never waits for the disk. Whatever has come while a transaction was under
// way is written with the next one: on a slow disk transactions become larger, not more.
import {type MessagePort, parentPort, workerData} from 'node:worker_threads';
import {messageOf} from '../text/system-error.ts';
import {KeptResults} from './kept-results.ts';
import {explained, openToWrite} from './open-database.ts';
import {byteCountOf, type FromLedger, type LedgerThreadData, type NewEntries, type ToLedger} from './protocol.ts';
import {RunWriter} from './run-writer.ts';
import {waitingMessages} from './waiting-messages.ts';

function serve(port: MessagePort, {path, settingsDigest}: LedgerThreadData): void {
	const post = (message: FromLedger): void => port.postMessage(message);
	try {
		const database = openToWrite(path);
		const results = explained(path, () => new KeptResults(database, settingsDigest));
		let writer: RunWriter | null = null;
		/** All that came one after the other is one transaction. */
		const write = (entries: readonly NewEntries[]): void => {
			if (entries.length === 0) return;
			if (writer === null) throw new Error('Expected a run before its entries');
			writer.write(entries);
			post({type: 'written', byteCount: entries.reduce((sum, each) => sum + byteCountOf(each), 0)});
		};
		const perform = (message: Exclude<ToLedger, {type: 'write'}>): void => {
			if (message.type === 'list') post({type: 'listed', ...results.list()});
			else if (message.type === 'begin') writer = new RunWriter(database, results, message.run);
			else if (message.type === 'flush') post({type: 'flushed'});
			else if (message.type === 'find')
				post({type: 'found', id: message.id, known: results.find(message.path, message.kind)});
			else {
				database.close();
				end({type: 'finished'});
			}
		};
		port.on('message', (first: ToLedger) => {
			try {
				explained(path, () => {
					let entries: NewEntries[] = [];
					for (const message of [first, ...waitingMessages<ToLedger>(port)]) {
						if (message.type === 'write') entries.push(message);
						else {
							write(entries);
							entries = [];
							perform(message);
						}
					}
					write(entries);
				});
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

if (parentPort === null) throw new Error('Expected to be a thread');
serve(parentPort, workerData as LedgerThreadData);
