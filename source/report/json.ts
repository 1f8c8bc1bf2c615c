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
import {escapeActing} from '../text/escape.ts';
import {INDENT, layOut, resultTextOf} from '../text/json-layout.ts';

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
	const layOutFile = createFileLayout();
	let separator = '\n';
	let pending = '';
	for (const file of report.files) {
		pending += `${separator}${INDENT}${INDENT}${layOutFile(file)}`;
		separator = ',\n';
		if (pending.length < CHUNK_LENGTH) continue;
		yield pending;
		pending = '';
	}
	yield pending;
	yield report.files.length === 0 ? ']\n}\n' : `\n${INDENT}]\n}\n`;
}

/** The whole report as one text: for reports of a size that is held anyway. */
export const toJson = (report: ReportSoFar): string => [...jsonChunks(report)].join('');

/** One event as a line of its own, the newline included; what it is and when comes first, for people who read along. */
export function toJsonLine(event: RunEvent): string {
	const {type, seq, at, ...rest} = event;
	return `${escapeActing(JSON.stringify({type, seq, at, ...rest}))}\n`;
}

/** A file at a time would be a system call for each. */
const CHUNK_LENGTH = 64 * 1024;

/**
Lays out one report after the other. What stands in one as in the one before – all but its name and numbers, mostly – is not laid
out again; and figures that are known as text are not even read.
*/
function createFileLayout(): (file: FileReport) => string {
	const inner = INDENT.repeat(3);
	const last: Array<{readonly value: unknown; readonly line: string} | undefined> = [];
	const lineOf = (key: string, value: unknown): string =>
		`${inner}${layOut(key, '')}: ${typeof value === 'number' ? layOut(value, '') : escapeActing(layOut(value, inner))}`;
	return file => {
		const resultText = resultTextOf(file);
		let text = '{\n';
		for (const [index, key] of FILE_KEYS.entries()) {
			if (index > 0) text += ',\n';
			if (key === 'result' && resultText !== undefined) {
				text += `${inner}"result": ${resultText}`;
				continue;
			}
			const value = file[key];
			let known = last[index];
			if (known === undefined || known.value !== value) {
				known = {value, line: lineOf(key, orderPart(key, file))};
				last[index] = known;
			}
			text += known.line;
		}
		for (const key of Object.keys(file)) {
			if (!fileKeys.has(key)) text += `,\n${lineOf(key, Reflect.get(file, key))}`;
		}
		return `${text}\n${INDENT}${INDENT}}`;
	};
}
const fileKeys: ReadonlySet<string> = new Set(FILE_KEYS);

function orderPart(key: (typeof FILE_KEYS)[number], file: FileReport): unknown {
	switch (key) {
		case 'error':
			return file.error === null ? null : inOrder(file.error, ERROR_KEYS);
		case 'dialect':
			return file.dialect === null ? null : inOrder(file.dialect, DIALECT_KEYS);
		case 'rejects':
			return file.rejects.map(reject => inOrder(reject, REJECT_KEYS));
		default:
			return file[key];
	}
}

function inOrder<Value extends object>(value: Value, keys: readonly (keyof Value)[]): Value {
	const ordered: Partial<Value> = {};
	for (const key of keys) ordered[key] = value[key];
	return {...ordered, ...value};
}
