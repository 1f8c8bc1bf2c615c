// Writes the tables of a run into the folder of --export.
import {basename, dirname, join, resolve} from 'node:path';
import type {CompleteTable} from '../../model/complete-table.ts';
import {ReportWriteError} from '../../report/report-write-error.ts';
import {assertReportFolder, writeTable} from '../../report/write-report.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {exists} from '../process/exists.ts';
import {assertAllKept} from './assert-all-kept.ts';
import {exportedTables, isReplaceableTable, TABLE_EXTENSION, tablePath} from './exported-tables.ts';
import {writeUnderFreeName} from './free-name.ts';
import {makeFolder} from './make-folder.ts';
import {locateOutput} from './place.ts';

/**
Checks before the run what would prevent tables from being written after it. A missing folder is made then.

@throws {EnvironmentError}
*/
export async function assertTableFolder(settings: RunSettings): Promise<void> {
	const {exportFolder: folder} = settings;
	if (folder === null) return;
	if (exists(folder)) {
		return assertAllKept(exportedTables(settings).map(({path}) => assertReportFolder(path, 'The table')));
	}
	let parent = dirname(resolve(folder));
	while (!exists(parent)) parent = dirname(parent);
	await assertAllKept([assertReportFolder(join(parent, basename(folder)), 'The folder')]);
}

/** @throws {EnvironmentError} When a table could not be written, or is not complete. */
export async function saveTables(tables: readonly CompleteTable[], folder: string, isForced: boolean): Promise<void> {
	try {
		await makeFolder(resolve(folder));
	} catch (error) {
		throw new EnvironmentError(new ReportWriteError(folder, error, 'was not made', 'The folder').message);
	}
	await assertAllKept(tables.map(table => saveTable(table, folder, isForced)));
}

async function saveTable(table: CompleteTable, folder: string, isForced: boolean): Promise<void> {
	const path = tablePath(folder, table);
	if (table.error !== null) {
		const stale = exists(path) ? ' An older file of that name stays as it was.' : '';
		throw new EnvironmentError(`The table ${safe(path)} is not written. ${safe(table.error.message)}${stale}`);
	}
	// The file may have been replaced during the run.
	const {path: target} = locateOutput(path);
	if (isForced || isReplaceableTable(target, table)) return writeTable(path, table, {target});
	const other = await writeUnderFreeName(path.slice(0, -TABLE_EXTENSION.length), TABLE_EXTENSION, free =>
		writeTable(free, table),
	);
	throw new EnvironmentError(
		`The table ${safe(path)} was not written, because another program has put a file there during the run. The table is in ${safe(other)} instead.`,
	);
}
