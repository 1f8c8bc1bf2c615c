// The JSON report and the JSON lines of events. The report is made in chunks, a file at a time, so that the text of 100,000
// files is never in memory as a whole.
import type {RunEvent} from '../model/events.ts';
import type {
	AnalysisReport,
	DialectReport,
	ErrorReport,
	FileReport,
	RejectReport,
	ReportSoFar,
	RunTotals,
} from '../model/report.ts';
import {escapeActing} from '../text/escape.ts';
import {INDENT, layOutSafely, NESTED_RESULT_INDENT} from '../text/json-layout.ts';
import {resultTextOf} from '../text/result-text.ts';
import {Utf8Page} from '../text/utf8-page.ts';

// The order of the contract, for objects in any order. Keys missing here follow at the end.
const TOTALS_KEYS = [
	'files',
	'completed',
	'failed',
	'cancelled',
	'skipped',
	'bytes',
	'rows',
	'rejected_rows',
	'filtered',
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
	'filtered',
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
	'escape',
	'skip_lines',
	'skip_footer',
	'comment',
	'encoding_assumed',
	'problems',
	'columns',
	'compression',
] as const satisfies readonly (keyof DialectReport)[];
const REJECT_KEYS = [
	'line',
	'byte_offset',
	'column',
	'reason',
	'value',
] as const satisfies readonly (keyof RejectReport)[];

const ANALYSIS_KEYS = [
	'rows',
	'rejected_rows',
	'filtered',
	'rejects',
	'result',
	'hint',
	'error',
] as const satisfies readonly (keyof AnalysisReport)[];

/**
Returns the JSON report as chunks of UTF-8, ending with a newline. Nothing in it acts on a terminal it is printed to.

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

/** The whole report as one string, for small reports. */
export const toJson = (report: ReportSoFar): string => Buffer.concat([...jsonChunks(report)]).toString();

/** One event as a line, with its newline; its type and time come first, for people who read along. */
export function toJsonLine(event: RunEvent, seq = event.seq): string {
	const {type, seq: _, at, ...rest} = event;
	const first = {type, seq, at};
	const resultText = 'report' in rest ? resultTextOf(rest.report) : undefined;
	if (!('report' in rest) || (resultText === undefined && rest.report.results === undefined)) {
		return `${escapeActing(JSON.stringify({...first, ...rest}))}\n`;
	}
	// The parsed result is not accessed: for 100,000 files it would create as much garbage as everything else together.
	const {report, ...others} = rest;
	const {file, status, analysis, attempts, bytes, rows, rejected_rows, filtered, processing_time, error, dialect} =
		report;
	const numbers = {attempts, bytes, rows, rejected_rows, filtered, processing_time};
	const beforeResult = JSON.stringify({
		...first,
		...others,
		report: {file, status, analysis, ...numbers, error, dialect},
	});
	const {rejects, hint, results} = report;
	const behindResult = JSON.stringify({rejects, hint, content_hash: writtenHash(report)});
	const ofAll = results === undefined ? '' : `,"results":${resultsOnOneLine(results)}`;
	return `${escapeActing(beforeResult.slice(0, -2))},"result":${resultOnOneLine(report)},${escapeActing(behindResult.slice(1, -1))}${ofAll}}}\n`;
}

const resultOnOneLine = (report: FileReport | AnalysisReport): string =>
	resultTextOf(report)?.onOneLine() ?? escapeActing(JSON.stringify(report.result));

function resultsOnOneLine(results: NonNullable<FileReport['results']>): string {
	const parts = Object.entries(results).map(([name, report]) => {
		const values = ANALYSIS_KEYS.flatMap(key => {
			if (key === 'result') return [`"result":${resultOnOneLine(report)}`];
			return report[key] === undefined ? [] : [`"${key}":${escapeActing(JSON.stringify(report[key]))}`];
		});
		return `${escapeActing(JSON.stringify(name))}:{${values.join(',')}}`;
	});
	return `{${parts.join(',')}}`;
}

/** One write for each file would be too many system calls. */
const CHUNK_BYTES = 64 * 1024;

const OUTER = INDENT.repeat(2);
const INNER = INDENT.repeat(3);
/** Up to the name of the first file, and from the end of one file's report to the name of the next. */
const FIRST = `\n${OUTER}{\n${INNER}"file": `;
const NEXT = `\n${OUTER}},${FIRST}`;

/** A part of a file's report, with the comma in front of it. */
const partOf = (key: string, value: unknown): string =>
	`,\n${INNER}${layOutSafely(key, '')}: ${layOutSafely(value, INNER)}`;

const INNERMOST = NESTED_RESULT_INDENT;
const OF_ANALYSIS = `${INNER}${INDENT}`;

/** The results of combined analyses, each value of an analysis on a line of its own. */
function resultsPart(results: NonNullable<FileReport['results']>): string {
	const parts = Object.entries(results).map(([name, report]) => {
		const values = ANALYSIS_KEYS.flatMap(key => {
			const text = key === 'result' ? resultTextOf(report)?.laidOut() : undefined;
			if (text === undefined && report[key] === undefined) return [];
			return [`\n${INNERMOST}"${key}": ${text ?? layOutSafely(orderOf(key, report), INNERMOST)}`];
		});
		return `\n${OF_ANALYSIS}${layOutSafely(name, '')}: {${values.join(',')}\n${OF_ANALYSIS}}`;
	});
	return `,\n${INNER}"results": ${parts.length === 0 ? '{}' : `{${parts.join(',')}\n${INNER}}`}`;
}

/** A value of an analysis, in the order of the contract. */
function orderOf(key: (typeof ANALYSIS_KEYS)[number], report: AnalysisReport): unknown {
	if (key === 'rejects') return report.rejects.map(reject => inOrder(reject, REJECT_KEYS));
	if (key === 'error') return report.error && inOrder(report.error, ERROR_KEYS);
	return report[key];
}

/**
Lays out one report after the other. A part that equals that of the previous report (usually all but the name and numbers) is
not laid out again, and a result that is text is written as it is. The order is that of `FILE_KEYS`.
*/
class FileLayout {
	readonly #page: Utf8Page;
	#before: FileReport | null = null;
	/** The parts of the previous report, reused if the next one says the same: between its name and its numbers … */
	#kind = '';
	/** … between its numbers and its result … */
	#circumstances = '';
	/** … and behind its result. */
	#rejects = '';
	/**
	The end of the last report, which is added together with the beginning of the next: a call costs as much as a hundred
	characters.
	*/
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
${INNER}"rejected_rows": ${layOutSafely(file.rejected_rows, INNER)}${file.filtered === undefined ? '' : partOf('filtered', file.filtered)},
${INNER}"processing_time": ${layOutSafely(file.processing_time, INNER)}${this.#circumstances}`;
		const resultText = resultTextOf(file);
		const result =
			resultText === undefined ? partOf('result', file.result) : `,\n${INNER}"result": ${resultText.laidOut()}`;
		this.#page.add(text + result);
		const {results} = file;
		this.#rest = this.#rejects + othersOf(file) + (results === undefined ? '' : resultsPart(results));
	}

	/** Adds the end of the last report to the page. */
	end(): void {
		if (this.#before !== null) this.#page.add(`${this.#rest}\n${OUTER}}`);
		this.#before = null;
	}
}

/** Keys that are not part of the contract of all reports. */
function othersOf(file: FileReport): string {
	const keys = Object.keys(file);
	if (keys.length === FILE_KEYS.length - (file.filtered === undefined ? 1 : 0)) return '';
	const others = keys.filter(key => !fileKeys.has(key) && (key !== 'content_hash' || writtenHash(file) !== undefined));
	return others.map(key => partOf(key, Reflect.get(file, key))).join('');
}
const fileKeys: ReadonlySet<string> = new Set([...FILE_KEYS, 'results', 'structure']);

/** XXH3 is there because a ledger compares files by it, and a saved run has the same report as any other. Nobody else asks for SHA-256. */
const writtenHash = ({content_hash: hash}: FileReport): string | undefined =>
	hash?.startsWith('sha256') ? hash : undefined;

function inOrder<Value extends object>(value: Value, keys: readonly (keyof Value)[]): Value {
	const ordered: Partial<Value> = {};
	for (const key of keys) if (value[key] !== undefined) ordered[key] = value[key];
	return {...ordered, ...value};
}
