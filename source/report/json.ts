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
import {Utf8Page} from '../text/utf8-page.ts';

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
Gives the report as JSON text in pieces of UTF-8, ending with a newline. Nothing in it acts on a terminal it is printed to.

@example
for (const chunk of jsonChunks(report)) process.stdout.write(chunk);
*/
export function* jsonChunks(report: ReportSoFar): Generator<Uint8Array, void, undefined> {
	const page = new Utf8Page();
	page.add(`{\n${INDENT}"report_version": ${report.report_version},\n`);
	page.add(`${INDENT}"status": ${layOut(report.status, INDENT)},\n`);
	page.add(`${INDENT}"totals": ${layOut(inOrder(report.totals, TOTALS_KEYS), INDENT)},\n`);
	page.add(escapeActing(`${INDENT}"analyses": ${layOut(report.analyses, INDENT)},\n`));
	page.add(`${INDENT}"files": [`);
	const addFile = createFileLayout(page);
	let separator = '\n';
	for (const file of report.files) {
		addFile(file, separator);
		separator = ',\n';
		if (page.length >= CHUNK_BYTES) yield page.take();
	}
	page.add(report.files.length === 0 ? ']\n}\n' : `\n${INDENT}]\n}\n`);
	yield page.take();
}

/** The whole report as one text: for reports of a size that is held anyway. */
export const toJson = (report: ReportSoFar): string => Buffer.concat([...jsonChunks(report)]).toString();

/** One event as a line of its own, the newline included; what it is and when comes first, for people who read along. */
export function toJsonLine(event: RunEvent): string {
	const {type, seq, at, ...rest} = event;
	return `${escapeActing(JSON.stringify({type, seq, at, ...rest}))}\n`;
}

/** A file at a time would be a system call for each. */
const CHUNK_BYTES = 64 * 1024;

/**
Lays out one report after the other. What stands in one as in the one before – all but its name and numbers, mostly – is not laid
out again; and figures that are known as text are not even read.
*/
function createFileLayout(page: Utf8Page): (file: FileReport, separator: string) => void {
	const outer = INDENT.repeat(2);
	const inner = INDENT.repeat(3);
	const partOf = (key: string, value: unknown): string =>
		`${inner}${layOut(key, '')}: ${typeof value === 'number' ? layOut(value, '') : escapeActing(layOut(value, inner))}`;
	const parts = FILE_KEYS.map((key, index) => ({key, before: index === 0 ? '{\n' : ',\n', value: notYet, text: ''}));
	return (file, separator) => {
		const resultText = resultTextOf(file);
		let text = separator + outer;
		// By index: what an iterator makes at each step would be more than the text.
		for (let index = 0; index < parts.length; index++) {
			const part = parts[index];
			if (part === undefined) continue;
			if (part.key === 'result' && resultText !== undefined) {
				page.add(`${text},\n${inner}"result": `);
				page.add(resultText);
				text = '';
				continue;
			}
			const value: unknown = file[part.key];
			if (part.value !== value) {
				part.value = value;
				part.text = part.before + partOf(part.key, orderPart(part.key, file));
			}
			text += part.text;
		}
		const keys = Object.keys(file);
		if (keys.length > parts.length) {
			for (const key of keys) if (!fileKeys.has(key)) text += `,\n${partOf(key, Reflect.get(file, key))}`;
		}
		page.add(`${text}\n${outer}}`);
	};
}
/** As none of a report is. */
const notYet: unknown = Symbol('not yet');
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
