// What both questions to DuckDB have in common: how it reads the files, and how it is set up.
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import {readTask} from './figures.mjs';

const {folder, hasSmallFiles, isByFile, threads} = readTask();

/** @param {string} text */
export const sqlText = text => `'${text.replaceAll("'", "''")}'`;

/** Where figures of each file are written. */
export const byFilePath = join(tmpdir(), `duckdb-by-file-${process.pid}.json`);

/** @param {Readonly<Record<string, string>>} columns Their types by their names, in their order. */
export function readCsv(columns) {
	const columnList = Object.entries(columns).map(([name, type]) => `${name}: ${sqlText(type)}`);
	return `read_csv(${sqlText(join(folder, '*.csv'))}, auto_detect = false, header = true, delim = ',', quote = '"',
		escape = '"', filename = ${isByFile}, columns = {${columnList.join(', ')}}
		${hasSmallFiles ? ', buffer_size = 131072, max_line_size = 65536' : ''})`;
}

export async function connect() {
	const instance = await DuckDBInstance.create(':memory:', {
		threads: String(threads),
		preserve_insertion_order: 'false',
	});
	return instance.connect();
}
