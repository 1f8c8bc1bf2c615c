// The JSON report and the JSON lines of events. The report is made in pieces, a file at a time, so that 100,000 files
// need no text of all of them in memory.
import type {RunEvent} from '../store/events.ts';
import type {
	DialectReport,
	ErrorReport,
	FileReport,
	RejectReport,
	ReportSoFar,
	RunTotals,
} from '../store/report-types.ts';
import {escapeActing} from './escape.ts';

/** What fits on a line of this many columns stays on one. */
const LINE_COLUMNS = 120;
const INDENT = '  ';

// The order of the contract, whatever order the objects were built in. A key that is missing here follows at the end.
const TOTALS_KEYS = [
	'files',
	'completed',
	'failed',
	'cancelled',
	'skipped',
	'bytes',
	'rows',
	'rejected_rows',
	'processing_time',
] as const satisfies readonly (keyof RunTotals)[];
const FILE_KEYS = [
	'file',
	'status',
	'analysis',
	'attempts',
	'bytes',
	'rows',
	'rejected_rows',
	'processing_time',
	'error',
	'dialect',
	'result',
	'rejects',
] as const satisfies readonly (keyof FileReport)[];
const ERROR_KEYS = ['code', 'message', 'line', 'byte_offset'] as const satisfies readonly (keyof ErrorReport)[];
const DIALECT_KEYS = [
	'delimiter',
	'quote',
	'encoding',
	'newline',
	'header',
	'compression',
] as const satisfies readonly (keyof DialectReport)[];
const REJECT_KEYS = [
	'line',
	'byte_offset',
	'column',
	'reason',
	'value',
] as const satisfies readonly (keyof RejectReport)[];

/**
Gives the report as JSON text in pieces, ending with a newline. Nothing in it acts on a terminal it is printed to.

@example
for (const chunk of jsonChunks(report)) process.stdout.write(chunk);
*/
export function* jsonChunks(report: ReportSoFar): Generator<string, void, undefined> {
	yield `{\n${INDENT}"report_version": ${report.report_version},\n`;
	yield `${INDENT}"status": ${layOut(report.status, INDENT)},\n`;
	yield `${INDENT}"totals": ${layOut(inOrder(report.totals, TOTALS_KEYS), INDENT)},\n`;
	yield escapeActing(`${INDENT}"analyses": ${layOut(report.analyses, INDENT)},\n`);
	yield `${INDENT}"files": [`;
	let separator = '\n';
	for (const file of report.files) {
		yield escapeActing(`${separator}${INDENT}${INDENT}${layOut(orderFile(file), INDENT + INDENT)}`);
		separator = ',\n';
	}
	yield report.files.length === 0 ? ']\n}\n' : `\n${INDENT}]\n}\n`;
}

/** The whole report as one text: for reports of a size that is held anyway. */
export const toJson = (report: ReportSoFar): string => [...jsonChunks(report)].join('');

/** One event as a line of its own, the newline included; what it is and when comes first, for people who read along. */
export function toJsonLine(event: RunEvent): string {
	const {type, seq, at, ...rest} = event;
	return `${escapeActing(JSON.stringify({type, seq, at, ...rest}))}\n`;
}

const orderFile = (file: FileReport): object => ({
	...inOrder(file, FILE_KEYS),
	error: file.error === null ? null : inOrder(file.error, ERROR_KEYS),
	dialect: file.dialect === null ? null : inOrder(file.dialect, DIALECT_KEYS),
	rejects: file.rejects.map(reject => inOrder(reject, REJECT_KEYS)),
});

function inOrder<Value extends object>(value: Value, keys: readonly (keyof Value)[]): Value {
	const ordered: Partial<Value> = {};
	for (const key of keys) ordered[key] = value[key];
	return {...ordered, ...value};
}

/** Lays a value out as a person would: on one line where it fits, otherwise each part on a line of its own. */
function layOut(value: unknown, indent: string): string {
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	const isList = Array.isArray(value);
	const inner = indent + INDENT;
	const parts: string[] = [];
	if (isList) for (const item of value) parts.push(layOut(item, inner));
	else {
		for (const [key, part] of Object.entries(value)) {
			if (part !== undefined) parts.push(`${JSON.stringify(key)}: ${layOut(part, inner)}`);
		}
	}
	const [open, close] = isList ? ['[', ']'] : ['{', '}'];
	// Where a part took several lines, the sum of its parts is longer than a line too.
	let columns = indent.length + 2;
	for (const part of parts) columns += part.length + 2;
	if (columns <= LINE_COLUMNS) return open + parts.join(', ') + close;
	return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}
