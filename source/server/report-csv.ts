// The tables of a report as one CSV file: each list of rows in a result, with the name of its analysis and its own in front where there are several.
// Cells are guarded against formulas, because people open such files in spreadsheets.
import type {FileReport} from '../model/report.ts';
import {guardFormula} from '../text/formula-guard.ts';

interface Table {
	readonly name: string;
	readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export function csvOfReport(report: FileReport): string {
	const results = report.results
		? Object.entries(report.results).map(([name, {result}]) => [name, result] as const)
		: [[report.analysis ?? 'result', report.result] as const];
	const tables = results.flatMap(([name, result]) => (result === null ? [] : tablesOf(name, result as object)));
	if (tables.length === 1 && tables[0] !== undefined) return csvOf(tables[0]);
	return tables.map(table => `${lineOf([table.name])}${csvOf(table)}`).join('\r\n');
}

/** What is no list of rows are figures: a table of names and values. */
function tablesOf(analysis: string, result: object): Table[] {
	const figures: Readonly<Record<string, unknown>>[] = [];
	const tables: Table[] = [];
	for (const [name, value] of Object.entries(result)) {
		if (Array.isArray(value) && value.every(each => typeof each === 'object' && each !== null))
			tables.push({name: `${analysis}.${name}`, rows: value as Table['rows']});
		else figures.push({figure: name, value});
	}
	return tables.length > 0 ? tables : [{name: analysis, rows: figures}];
}

function csvOf({rows}: Table): string {
	const columns = Array.from(new Set(rows.flatMap(row => Object.keys(row))));
	return [columns, ...rows.map(row => columns.map(column => row[column]))].map(lineOf).join('');
}

const lineOf = (cells: readonly unknown[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(value: unknown): string {
	if (value === null || value === undefined) return '';
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
	const guarded = typeof value === 'string' ? guardFormula(text) : text;
	return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
