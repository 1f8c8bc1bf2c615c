// The rejected records of one file, as `--rejects` writes them. The file is read for them once more: most files have none, and a run that goes on
// at a checkpoint has not seen those in front of it.
import {getSystemErrorMessage, getSystemErrorName} from 'node:util';
import {type BatchSettings, startBatch} from '../../engine/batch.ts';
import {createReportCollector} from '../../report/collect-report.ts';
import {writePages} from '../../report/write-report.ts';
import {entriesOf} from '../entries-of.ts';
import type {PipelineFile} from '../pipeline.ts';
import {loadRejectRows} from './load-reject-rows.ts';
import {countRejected, rejectsCsvPages} from './rejects-csv.ts';
import {openSpoolFile} from './spool-file.ts';

export interface RejectsTarget {
	/** Of the file that is written; it is there whole, or not at all. */
	readonly path: string;
	/** Where there is room while it is made. */
	readonly folder: string;
	/** No more are listed; the last row says how many more there are. */
	readonly maxRecords: number;
}

/** @throws {Error} Of the system, where it could not be written; the reason of the signal. */
export async function writeRejects(
	file: PipelineFile,
	settings: BatchSettings,
	{path, folder, maxRecords}: RejectsTarget,
	signal: AbortSignal,
): Promise<void> {
	const collector = createReportCollector();
	const spool = openSpoolFile(folder, maxRecords);
	try {
		const run = startBatch({
			plan: {entries: [...(await entriesOf(file, settings))], unmatched: []},
			...{paths: [file.name], settings, signal, rejectSpool: spool.settings, onEvent: collector.handle},
		});
		await run.done;
		signal.throwIfAborted();
		const failure = spool.failure();
		if (failure !== 0) throw systemError(failure);
		const {files} = collector.report();
		const {descriptor} = spool.settings;
		const rejectRows = await loadRejectRows(countRejected(files));
		await writePages(
			path,
			rejectsCsvPages({files, descriptor, maxRecords, rejectRows}),
			'The file of rejected records',
		);
	} finally {
		spool.close();
	}
}

const systemError = (number: number): Error =>
	Object.assign(new Error(getSystemErrorMessage(number)), {code: getSystemErrorName(number)});
