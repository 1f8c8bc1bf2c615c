// The tables of a result whose report does not list all of their rows, written in full. In a thread: half a million rows take a second.
import {closeSync, openSync, readSync} from 'node:fs';
import {join} from 'node:path';
import {type FullTable, fullTables, hasPlainRows} from '../../analysis/complete-tables.ts';
import {decodeState} from '../../engine/shared/consolidation.ts';
import type {FileReport} from '../../model/report.ts';
import {syncFolder} from '../../report/sync-folder.ts';
import {writePages} from '../../report/write-report.ts';
import {CsvWriter} from './csv-writer.ts';
import {KEPT_TABLES, type KeptTable, type KeptTables, type SpooledPartial} from './kept-table.ts';
import {
	type FoundResult,
	type ResultTable,
	type Row,
	resultsIn,
	tableNameOf,
	tablesOf,
	tablesOfResult,
	textOf,
	written,
} from './result-tables.ts';

export interface WriteRequest {
	/** As JSON. */
	readonly report: string;
	/** The path of the file with the partials. */
	readonly spool: string;
	readonly partials: readonly SpooledPartial[];
	/** Empty. */
	readonly folder: string;
	/** Names of tables. */
	readonly tables: readonly string[];
}

/** @throws {Error} Of the system. */
export async function writeTables({report: text, spool, partials, folder, tables}: WriteRequest): Promise<void> {
	const report = JSON.parse(text) as FileReport;
	const listed = new Map(tablesOf(report).map(table => [table.name, table]));
	const writing = tables.flatMap((name, place) => {
		const table = listed.get(name);
		return table === undefined ? [] : [new TableWriting(folder, String(place), table)];
	});
	const descriptor = openSync(spool, 'r');
	try {
		for (const found of resultsIn(report)) {
			const known = partials.find(({place, analysis}) => place === found.place && analysis === found.analysis);
			const full = known === undefined ? [] : readFull(descriptor, known);
			for (const table of writing) table.add(found, full);
		}
		const kept: KeptTables = {version: 1, tables: writing.map(table => table.end())};
		await writePages(join(folder, KEPT_TABLES), [Buffer.from(JSON.stringify(kept))], 'The table');
		await syncFolder(folder);
	} finally {
		closeSync(descriptor);
		for (const table of writing) table.close();
	}
}

function readFull(descriptor: number, {analysis, start, bytes}: SpooledPartial): readonly FullTable[] {
	const partial = new Uint8Array(bytes);
	for (let read = 0; read < bytes; ) {
		const count = readSync(descriptor, partial, read, bytes - read, start + read);
		if (count === 0) throw new Error('Expected all partials of the task in its spool');
		read += count;
	}
	return fullTables(decodeState({analysis, partial}).state);
}

/** One table, to which each file that it is of adds its rows. */
class TableWriting {
	readonly #listed: ResultTable;
	readonly #place: string;
	readonly #open: (columns: readonly string[]) => CsvWriter;
	#csv: CsvWriter | null = null;
	/** Those of which only all together say which columns there are; others are written as they come. */
	readonly #waiting: Row[] = [];

	/** @param listed - The table as the report has it. */
	constructor(folder: string, place: string, listed: ResultTable) {
		this.#listed = listed;
		this.#place = place;
		this.#open = columns => new CsvWriter(folder, place, columns);
	}

	/** @throws {Error} Of the system. */
	add({file, analysis, result}: FoundResult, full: readonly FullTable[]): void {
		const {name} = this.#listed;
		const ofReport = tablesOfResult(analysis, result).find(table => table.name === name);
		if (ofReport === undefined) return;
		const complete = full.find(table => tableNameOf(analysis, table.name) === name && table.error === null);
		const isPlain = hasPlainRows(analysis, name.slice(name.indexOf('.') + 1));
		for (const row of complete?.rows ?? ofReport.rows) {
			const shown: Row = file === null ? row : {file, ...row};
			if (isPlain) this.#write(shown);
			else this.#waiting.push(shown);
		}
	}

	/** @throws {Error} Of the system. */
	end(): KeptTable {
		const {name, texts} = this.#listed;
		let {columns} = this.#listed;
		if (this.#waiting.length > 0) {
			const table = written({name, columns, texts: [...texts], rows: this.#waiting});
			columns = table.columns;
			this.#csv = this.#open(columns);
			for (const cells of table.rows) this.#csv.add(cells);
		}
		this.#csv ??= this.#open(columns);
		return {name, columns, texts: [...texts], ...this.#csv.end(), parquet: `${this.#place}.parquet`};
	}

	/** Where it is given up. */
	close(): void {
		this.#csv?.close();
	}

	#write(row: Row): void {
		this.#csv ??= this.#open(this.#listed.columns);
		this.#csv.add(this.#listed.columns.map(column => textOf(row[column])));
	}
}
