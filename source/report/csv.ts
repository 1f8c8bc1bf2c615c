// The report as CSV: one record for each file, for spreadsheets and joins.
import type {FileReport, ReportSoFar} from '../model/report.ts';
import {escapeActing} from '../text/escape.ts';
import type {TransactionsResult} from './wording.ts';

type Cell = string | number | boolean | null;

const COLUMNS: readonly (readonly [name: string, cell: (file: FileReport) => Cell])[] = [
	['file', file => file.file],
	['status', file => file.status],
	['analysis', file => file.analysis],
	['attempts', file => file.attempts],
	['bytes', file => file.bytes],
	['rows', file => file.rows],
	['rejected_rows', file => file.rejected_rows],
	['processing_time', file => file.processing_time],
	['error_code', file => file.error?.code ?? null],
	['error_message', file => file.error?.message ?? null],
	['total_transactions', file => transactionsOf(file)?.total_transactions ?? null],
	['total_amount_exact', file => transactionsOf(file)?.total_amount_exact ?? null],
	['average_transaction', file => transactionsOf(file)?.average_transaction ?? null],
	['top_category', file => transactionsOf(file)?.top_category ?? null],
	['earliest', file => transactionsOf(file)?.date_range?.earliest ?? null],
	['latest', file => transactionsOf(file)?.date_range?.latest ?? null],
	['unique_customers', file => transactionsOf(file)?.unique_customers.value ?? null],
	['unique_customers_exact', file => transactionsOf(file)?.unique_customers.exact ?? null],
];

/** Gives the report as CSV text, a record at a time; records end with LF, as the other tools on a server expect. */
export function* csvChunks(report: ReportSoFar): Generator<string, void, undefined> {
	yield toRecord(COLUMNS.map(([name]) => name));
	for (const file of report.files) yield toRecord(COLUMNS.map(([, cell]) => cell(file)));
}

const transactionsOf = (file: FileReport): TransactionsResult | null =>
	file.analysis === 'transactions' ? file.result : null;

const toRecord = (cells: readonly Cell[]): string => `${cells.map(toField).join(',')}\n`;

function toField(cell: Cell): string {
	if (cell === null) return '';
	if (typeof cell !== 'string') return String(cell);
	const text = escapeActing(guardFormulas(cell));
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const PLAIN_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** What some spreadsheets split at, also inside quotes: in many countries the separator is not a comma. */
const SEPARATORS = /([;\t|\r\n]+)/;

/**
A spreadsheet runs cells that begin like this as formulas, and a formula may send data away or start programs. The wide
signs count where people write Chinese, Japanese or Korean.
*/
const FORMULA = /^"*(?=[=+\-@＝＋－＠])/;

/** Puts a quote mark in front of every formula: of the cell, and of the cells that it would be split into. */
function guardFormulas(text: string): string {
	const guarded = text.split(SEPARATORS).map(guardFormula).join('');
	return /^[\t\r]/.test(text) ? `'${guarded}` : guarded;
}

const guardFormula = (text: string): string => (PLAIN_NUMBER.test(text) ? text : text.replace(FORMULA, "$&'"));
