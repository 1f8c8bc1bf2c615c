// Writes tables in a thread of its own: others are not kept waiting for half a million rows.
import {parentPort} from 'node:worker_threads';
import {PartialError} from '../../analysis/partial/partial.ts';
import {writePages} from '../../report/write-report.ts';
import {codeOf, messageOf} from '../../text/system-error.ts';
import {combineResults} from './combine-results.ts';
import {packFile} from './pack-file.ts';
import {recordPieces} from './record-pieces.ts';
import type {FromTableThread, ToTableThread} from './table-writer.ts';
import {writeTables} from './write-tables.ts';

if (parentPort === null) throw new Error('Expected to be a thread');
const port = parentPort;

/** @returns What was asked for; `''`: nothing was. */
async function perform(message: ToTableThread): Promise<string> {
	if (message.type === 'combine') return JSON.stringify(await combineResults(message.packed));
	await write(message);
	return '';
}

async function write(message: Exclude<ToTableThread, {readonly type: 'combine'}>): Promise<void> {
	if (message.type === 'write') return writeTables(message.request);
	if (message.type === 'pack') return packFile(message);
	const {columns, texts, source, target} = message;
	// With a library that is not needed for anything else.
	const {parquetPieces} = await import('./table-files.ts');
	const pieces = parquetPieces({columns, texts: new Set(texts)}, () => recordPieces(source));
	await writePages(target, pieces, 'The table');
}

const nameOf = (error: unknown): string | null => (error instanceof PartialError ? error.name : null);

port.on('message', (message: ToTableThread) => {
	const reply = (failure: FromTableThread['failure'], answer = ''): void =>
		port.postMessage({id: message.id, failure, answer} satisfies FromTableThread);
	perform(message).then(
		answer => reply(null, answer),
		// The code of an error does not cross threads by itself.
		(error: unknown) => reply({code: codeOf(error) ?? nameOf(error), message: messageOf(error)}),
	);
});
