// The thread that reads: one file at a time, from open to verified end. It answers every `process-file` with exactly one
// reply. Between chunks it looks at the shared memory: hold, abort, go on.
import {parentPort, workerData} from 'node:worker_threads';
import {InputError} from '../../csv/input-error.ts';
import {readRecordsByReference} from '../../csv/reference-reader.ts';
import {toErrorReport} from '../errors.ts';
import {foldFile} from './fold-file.ts';
import {type OpenSource, openSource} from './open-source.ts';
import type {FromWorker, ReadSettings, SourceLocation, ToWorker, WorkerData} from './protocol.ts';
import {AbortedError, SharedProgress} from './shared-progress.ts';

if (parentPort === null) throw new Error('This file is the entry of a worker thread');
const port = parentPort;
const {shared} = workerData as WorkerData;
const progress = new SharedProgress(shared);

let chunk = new Uint8Array(0);
/** One piece of memory for all files of this thread: to clear a new one would cost more than a small file does. */
function chunkOf(bytes: number): Uint8Array {
	if (chunk.length !== bytes) chunk = new Uint8Array(bytes);
	return chunk;
}

async function processFile(location: SourceLocation, settings: ReadSettings): Promise<FromWorker> {
	let source: OpenSource | null = null;
	try {
		progress.checkpoint();
		const open = openSource(location);
		source = open;
		const folded = await foldFile(open, readRecordsByReference, settings, chunkOf(settings.chunkBytes), {
			report(bytesConsumed, rows, rejectedRows) {
				// How far the records are, where that is a place in the file; else how much of the packed file is read.
				const bytesRead = open.compression === null ? bytesConsumed : open.bytesRead;
				progress.write({bytesRead, rows, rejectedRows});
				progress.checkpoint();
			},
			wait(durationMs) {
				progress.sleep(durationMs);
			},
		});
		open.verify(true);
		return {
			type: 'completed',
			...folded,
			dialect: {...folded.dialect, compression: open.compression},
			bytesRead: open.bytesRead,
		};
	} catch (error) {
		if (error instanceof AbortedError) return {type: 'aborted'};
		const bytesRead = source?.bytesRead ?? 0;
		return {type: 'failed', error: toErrorReport(explainByChange(error, source), bytesRead), bytesRead};
	} finally {
		source?.close();
	}
}

/** A fault found in a file that somebody was writing to is a fault of that moment: what is told is the change. */
function explainByChange(error: unknown, source: OpenSource | null): unknown {
	if (source === null || !(error instanceof InputError)) return error;
	try {
		source.verify(false);
		return error;
	} catch (change) {
		return change;
	}
}

port.on('message', async (request: ToWorker) => {
	const reply: FromWorker = await processFile(request.source, request.settings);
	port.postMessage(reply);
});
port.postMessage({type: 'ready'} satisfies FromWorker);
