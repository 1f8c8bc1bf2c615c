// The files of --export: one for each table of each analysis that may be chosen, `sales.departments.csv`.

import {readSync} from 'node:fs';
import {join} from 'node:path';
import {outlineTables} from '../../analysis/table-outlines.ts';
import type {TableOutline} from '../../model/complete-table.ts';
import {tableHeader} from '../../report/table-csv.ts';
import {isRemotePath} from '../../text/shown-url.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {isMissingOr} from './own-file.ts';

export interface ExportedTable {
	readonly path: string;
	readonly outline: TableOutline;
}

export const TABLE_EXTENSION = '.csv';

/** A folder may be one of an object store, whose address has two slashes. */
export const joinOutput = (folder: string, ...names: readonly string[]): string =>
	isRemotePath(folder) ? [folder.replace(/\/+$/, ''), ...names].join('/') : join(folder, ...names);

export const tablePath = (folder: string, {analysis, name}: TableOutline): string =>
	joinOutput(folder, `${analysis}.${name}${TABLE_EXTENSION}`);

/** All that a run may write. Which analyses its files are for is known at its end. */
export const exportedTables = ({exportFolder, analysis}: RunSettings): readonly ExportedTable[] =>
	exportFolder === null
		? []
		: outlineTables(analysis).map(outline => ({path: tablePath(exportFolder, outline), outline}));

/** Whether the file at this path may be replaced: it is missing, empty, or begins as the table does. */
export function isReplaceableTable(path: string, {columns}: TableOutline): boolean {
	const header = Buffer.from(tableHeader(columns));
	return isMissingOr(path, descriptor => {
		const start = Buffer.alloc(header.length);
		const length = readSync(descriptor, start, 0, start.length, 0);
		return length === 0 || start.equals(header);
	});
}
