// The JSON report and the JSON lines of events. The report is made in pieces, a file at a time, so that 100,000 files
// need no text of all of them in memory.
import type {RunEvent} from '../model/events.ts';
import type {DialectReport, ErrorReport, FileReport, RejectReport, ReportSoFar, RunTotals} from '../model/report.ts';
import {escapeActing} from '../text/escape.ts';
import {INDENT, layOutSafely, resultTextOf} from '../text/json-layout.ts';
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
	page.add(`${INDENT}"status": ${layOutSafely(report.status, INDENT)},\n`);
	page.add(`${INDENT}"totals": ${layOutSafely(inOrder(report.totals, TOTALS_KEYS), INDENT)},\n`);
	page.add(`${INDENT}"analyses": ${layOutSafely(report.analyses, INDENT)},\n`);
	page.add(`${INDENT}"files": [`);
	const files = new FileLayout(page);
	for (const file of report.files) {
		files.add(file);
		if (page.length >= CHUNK_BYTES) yield page.drain();
	}
	files.end();
	page.add(report.files.length === 0 ? ']\n}\n' : `\n${INDENT}]\n}\n`);
	yield page.drain();
}

/** The whole report as one text: for reports of a size that is held anyway. */
export const toJson = (report: ReportSoFar): string => Buffer.concat([...jsonChunks(report)]).toString();

/** One event as a line of its own, the newline included; what it is and when comes first, for people who read along. */
export function toJsonLine(event: RunEvent): string {
	const {type, seq, at, ...rest} = event;
	const first = {type, seq, at};
	const resultText = 'report' in rest ? resultTextOf(rest.report) : undefined;
	if (!('report' in rest) || resultText === undefined) {
		return `${escapeActing(JSON.stringify({...first, ...rest}))}\n`;
	}
	// The result is not read: of 100,000 files that would leave as much for the collector as all else together.
	const {report, ...others} = rest;
	const {file, status, analysis, attempts, bytes, rows, rejected_rows, processing_time, error, dialect} = report;
	const numbers = {attempts, bytes, rows, rejected_rows, processing_time};
	const beforeResult = JSON.stringify({
		...first,
		...others,
		report: {file, status, analysis, ...numbers, error, dialect},
	});
	const result = resultText.toString().replace(BETWEEN_TOKENS, '$1');
	const rejects = escapeActing(JSON.stringify(report.rejects));
	return `${escapeActing(beforeResult.slice(0, -2))},"result":${result},"rejects":${rejects}}}\n`;
}

/** White space in JSON, but for that in its strings. */
const BETWEEN_TOKENS = /("(?:[^"\\]|\\.)*")|\s+/g;

/** A file at a time would be a system call for each. */
const CHUNK_BYTES = 64 * 1024;

const OUTER = INDENT.repeat(2);
const INNER = INDENT.repeat(3);
/** Up to the name of the first file; and from where the report of one ends to the name of the next. */
const FIRST = `\n${OUTER}{\n${INNER}"file": `;
const NEXT = `\n${OUTER}},${FIRST}`;

/** A part of a file's report, with the comma in front of it. */
const partOf = (key: string, value: unknown): string =>
	`,\n${INNER}${layOutSafely(key, '')}: ${layOutSafely(value, INNER)}`;

/**
Lays out one report after the other. What stands in one as in the one before – all but its name and numbers, mostly – is not laid
out again; and figures that are known as text are not even read. The order is that of `FILE_KEYS`.
*/
class FileLayout {
	readonly #page: Utf8Page;
	#before: FileReport | null = null;
	/** Of the report before, and so of the next one too if it says the same: what is between its name and its numbers … */
	#kind = '';
	/** … between its numbers and its result … */
	#circumstances = '';
	/** … and behind its result. */
	#rejects = '';
	/** The end of the last report, which is added together with the beginning of the next: a call costs as much as a hundred characters. */
	#rest = '';

	constructor(page: Utf8Page) {
		this.#page = page;
	}

	add(file: FileReport): void {
		const before = this.#before;
		this.#before = file;
		const {status, analysis, attempts, error, dialect, rejects} = file;
		if (before === null || status !== before.status || analysis !== before.analysis || attempts !== before.attempts) {
			this.#kind = `${partOf('status', status)}${partOf('analysis', analysis)}${partOf('attempts', attempts)},
${INNER}"bytes": `;
		}
		if (before === null || error !== before.error || dialect !== before.dialect) {
			const orderedError = error === null ? null : inOrder(error, ERROR_KEYS);
			const orderedDialect = dialect === null ? null : inOrder(dialect, DIALECT_KEYS);
			this.#circumstances = partOf('error', orderedError) + partOf('dialect', orderedDialect);
		}
		if (before === null || rejects !== before.rejects) {
			const ordered = rejects.map(reject => inOrder(reject, REJECT_KEYS));
			this.#rejects = partOf('rejects', ordered);
		}
		const beginning = before === null ? FIRST : this.#rest + NEXT;
		const text = `${beginning}${layOutSafely(file.file, INNER)}${this.#kind}${layOutSafely(file.bytes, INNER)},
${INNER}"rows": ${layOutSafely(file.rows, INNER)},
${INNER}"rejected_rows": ${layOutSafely(file.rejected_rows, INNER)},
${INNER}"processing_time": ${layOutSafely(file.processing_time, INNER)}${this.#circumstances}`;
		const resultText = resultTextOf(file);
		if (resultText === undefined) this.#page.add(text + partOf('result', file.result));
		else {
			this.#page.add(`${text},\n${INNER}"result": `);
			this.#page.add(resultText);
		}
		this.#rest = this.#rejects + othersOf(file);
	}

	/** Puts the end of the last report on the page. */
	end(): void {
		if (this.#before !== null) this.#page.add(`${this.#rest}\n${OUTER}}`);
		this.#before = null;
	}
}

/** What somebody has added to a report. */
function othersOf(file: FileReport): string {
	const keys = Object.keys(file);
	if (keys.length === FILE_KEYS.length) return '';
	const others = keys.filter(key => !fileKeys.has(key));
	return others.map(key => partOf(key, Reflect.get(file, key))).join('');
}
const fileKeys: ReadonlySet<string> = new Set(FILE_KEYS);

function inOrder<Value extends object>(value: Value, keys: readonly (keyof Value)[]): Value {
	const ordered: Partial<Value> = {};
	for (const key of keys) ordered[key] = value[key];
	return {...ordered, ...value};
}
