// A table as CSV for programs: every value exactly as it is. So formulas are not guarded and controls are not escaped, as they are in
// the CSV report: a name that was changed would not be found again in the data.
import type {ResultRow} from '../model/analysis-info.ts';
import type {CompleteTable} from '../model/complete-table.ts';

/** The first record: what a table of ours is recognised by. */
export const tableHeader = (columns: readonly string[]): string => toRecord(columns);

/** Gives the table as text, a record at a time. An empty name and a value that there is not are both empty. */
export function* tableChunks({
	columns,
	rows,
}: Pick<CompleteTable, 'columns' | 'rows'>): Generator<string, void, undefined> {
	yield tableHeader(columns);
	for (const row of rows) yield toRecord(columns.map(column => row[column] ?? null));
}

const toRecord = (cells: readonly ResultRow[string][]): string => `${cells.map(toField).join(',')}\n`;

function toField(cell: ResultRow[string]): string {
	if (cell === null) return '';
	const text = String(cell);
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
