// `fileproc-tui status <dir>`: how a watched folder is doing, while somebody watches it and after.
import {resolve} from 'node:path';
import {LedgerError} from '../../ledger/ledger-error.ts';
import type {WatchStatus} from '../../model/watch-status.ts';
import {statusLines} from '../../report/status-lines.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {readWatchStatus} from '../../watch/status.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {decideLook} from '../arguments/look.ts';
import type {StatusCommand} from '../arguments/options.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {exitCodes} from './exit-codes.ts';
import {watchedFolder} from './watched-folder.ts';

/** @returns The exit code: 4 where there is no such watched folder. */
export async function statusCommand({directory, watch, isJson, look}: StatusCommand): Promise<number> {
	const folders = watchedFolder(resolve(directory));
	if (folders === null) return exitCodes.nothingMatched;
	let status: WatchStatus;
	try {
		status = readWatchStatus(folders, watch);
	} catch (error) {
		if (error instanceof LedgerError) throw new EnvironmentError(error.message);
		throw error;
	}
	const {columns, ascii} = decideLook(look, process);
	const stream = createOutputStream(process.stdout);
	await stream.write(
		isJson ? `${layOutSafely(status, '')}\n` : `${statusLines(status, {columns: columns(), ascii}).join('\n')}\n`,
	);
	await stream.flush();
	return exitCodes.ok;
}
