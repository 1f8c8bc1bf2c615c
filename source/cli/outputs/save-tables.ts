// Writes the tables of a run into the folder of --export.

import {basename, dirname, join, resolve} from 'node:path';
import type {CompleteTable, TableOutline} from '../../model/complete-table.ts';
import {tableHeader} from '../../report/table-csv.ts';
import {assertReportFolder, writeTable} from '../../report/write-report.ts';
import {safe} from '../../text/safe.ts';
import {isRemotePath} from '../../text/shown-url.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {exists} from '../process/exists.ts';
import {assertAllKept} from './assert-all-kept.ts';
import {exportedTables, isReplaceableTable, TABLE_EXTENSION, tablePath} from './exported-tables.ts';
import {makeOutputFolder} from './make-folder.ts';
import {NOUNS} from './own-file.ts';
import {assertReplaceable, type ObjectRule, saveObject} from './remote-outputs.ts';
import {saveFile} from './save-file.ts';

/**
Checks before the run what would prevent tables from being written after it. A missing folder is made then.

@throws {EnvironmentError}
*/
export async function assertTableFolder(settings: RunSettings): Promise<void> {
	const {exportFolder: folder} = settings;
	if (folder === null) return;
	if (isRemotePath(folder)) {
		const rule = (outline: TableOutline): ObjectRule => tableRule(outline, settings.force);
		return assertAllKept(exportedTables(settings).map(({path, outline}) => assertReplaceable(path, rule(outline))));
	}
	if (exists(folder)) {
		const [first, ...others] = exportedTables(settings).map(({path}) => path);
		// One message for what is wrong with the folder, not one for each table.
		if (first !== undefined) await assertAllKept([assertReportFolder(first, 'The table')]);
		return assertAllKept(others.map(path => assertReportFolder(path, 'The table')));
	}
	let parent = dirname(resolve(folder));
	while (!exists(parent)) parent = dirname(parent);
	await assertAllKept([assertReportFolder(join(parent, basename(folder)), 'The folder')]);
}

/** @throws {EnvironmentError} When a table could not be written, or is not complete. */
export async function saveTables(tables: readonly CompleteTable[], folder: string, isForced: boolean): Promise<void> {
	if (!isRemotePath(folder)) await makeOutputFolder(folder);
	await assertAllKept(tables.map(table => saveTable(table, folder, isForced)));
}

function tableRule({columns}: TableOutline, isForced: boolean): ObjectRule {
	const header = Buffer.from(tableHeader(columns));
	return {
		...{flag: '--export', noun: NOUNS.table, startBytes: header.length},
		reason: 'an object of that name exists that is not a table of fileproc-tui.',
		mayReplace: start => isForced || header.equals(start),
	};
}

async function saveTable(table: CompleteTable, folder: string, isForced: boolean): Promise<void> {
	const path = tablePath(folder, table);
	const isRemote = isRemotePath(path);
	if (table.error !== null) {
		const stale = isRemote || exists(path) ? ' An older file of that name stays as it was.' : '';
		throw new EnvironmentError(`The table ${safe(path)} is not written. ${safe(table.error.message)}${stale}`);
	}
	if (isRemote)
		return saveObject(path, tableRule(table, isForced), async file => {
			await writeTable(file, table);
			return true;
		});
	const mayReplace = (target: string): boolean => isForced || isReplaceableTable(target, table);
	await saveFile(path, {kind: 'table', ending: TABLE_EXTENSION, mayReplace}, (at, options) =>
		writeTable(at, table, options),
	);
}
