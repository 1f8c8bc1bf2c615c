// What stays in the scrollback when all is done: how it went, what came out, what went wrong.
import {Chalk, type ChalkInstance} from 'chalk';
import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {OtherFiles} from '../model/events.ts';
import type {FileReport, Report} from '../model/report.ts';
import type {Drift} from '../model/run-diff.ts';
import {hintOf, missingAnalyses, rejectsOf} from '../store/analysis-results.ts';
import {findingsOf} from '../store/findings.ts';
import {listMessage} from '../store/list-message.ts';
import {countNoRecords, describeNoRecord, noRecordOf} from '../store/no-record.ts';
import {NAME_JOINT, presentResults} from '../store/present.ts';
import {DASH, formatInteger, quantity} from '../text/format.ts';
import {inQuotes} from '../text/in-quotes.ts';
import {safe} from '../text/safe.ts';
import {displayWidth, truncateEnd, truncateMiddle} from '../text/width.ts';
import {diffLines} from './diff-lines.ts';
import {resultLines} from './result-summary.ts';
import {type FailOn, gradeRun, judge} from './verdict.ts';
import {describeOtherFiles, describeOutcome} from './wording.ts';
import {wrap} from './wrap.ts';

export interface SummaryOptions {
	/** No line is wider. @default 100 */
	readonly columns?: number;
	/** @default false */
	readonly color?: boolean;
	/** Words instead of signs, for terminals that have only ASCII. @default false */
	readonly ascii?: boolean;
	/** When the run counts as failed, to say where its exit code comes from; without it nothing is said of one. */
	readonly failOn?: FailOn | undefined;
	/** What walks have left out, where nobody has read of it yet. */
	readonly otherFiles?: OtherFiles | undefined;
	/** What changed since an earlier run. */
	readonly drift?: Drift | undefined;
	/** What commands name a file by. @default Its name in the report. */
	readonly pathOf?: ((file: FileReport) => string | null) | undefined;
}

const FAILED_FILE_LIMIT = 20;
const NO_RECORD_FILE_LIMIT = 20;
const SKIPPED_FILE_LIMIT = 5;
const REJECT_LIMIT = 5;
const CHANGED_NAME_LIMIT = 5;
/** Of a reason that is longer, the rest is in the report. */
const REASON_LINE_LIMIT = 3;

/** `mark` is the only part with a colour where the text begins with one; otherwise the tone holds for the whole line. */
export interface Line {
	readonly text: string;
	readonly tone?: 'good' | 'bad' | 'warning' | 'heading' | 'quiet';
	readonly mark?: string;
}

/** The summary of a run as lines of text: safe to print, none wider than `columns`. */
export function summaryLines(
	report: Report,
	analyses: readonly AnalysisInfo[],
	options: SummaryOptions = {},
): string[] {
	const {columns = 100, color = false, ascii = false, failOn, otherFiles, drift = null, pathOf} = options;
	const chalk = new Chalk({level: color ? 1 : 0});
	const lines: readonly Line[] = [
		...outcomeLines(report, columns, ascii),
		...knownLines(report.files),
		...(failOn === undefined ? [] : verdictLines(report, failOn, columns)),
		...presentResults(analyses, report.analyses, safe).flatMap(presentation => [...resultLines(presentation, columns)]),
		...failedLines(report.files, columns, ascii),
		...noRecordLines(report.files, columns, ascii),
		...missingLines(report.files, columns, ascii),
		...skippedLines(report.files, columns, ascii),
		...(otherFiles === undefined ? [] : [{text: ''}, {text: `Left out: ${describeOtherFiles(otherFiles)}`}]),
		...rejectLines(report, columns, ascii),
		...driftLines(drift, columns, ascii),
		...findingLines({...report, pathOf}, analyses, columns, ascii),
	];
	return lines.map(line => paint({...line, text: cutToWidth(line.text, columns, ascii)}, chalk));
}

type Outcome = 'good' | 'bad' | 'warning' | 'skipped' | 'cancelled';

const MARKS: Readonly<Record<Outcome, readonly [sign: string, word: string]>> = {
	good: ['✔', 'OK'],
	bad: ['✖', 'FAILED'],
	warning: ['!', 'WARNING'],
	skipped: ['-', 'SKIPPED'],
	cancelled: ['○', 'CANCELLED'],
};

/** The sign of an outcome, as a word where there are no signs. A warning is for what completed and came to nothing. */
export const outcomeMark = (outcome: Outcome, ascii: boolean): string => MARKS[outcome][ascii ? 1 : 0];

/** How it went; on a narrow screen in several lines, for the last words of it are the ones people look for. */
function* outcomeLines(report: Report, columns: number, ascii: boolean): Generator<Line, void, undefined> {
	const noRecords = countNoRecords(report.files);
	const tone = gradeRun(report);
	const mark = outcomeMark(tone, ascii);
	const indent = ' '.repeat(mark.length + 1);
	const text = describeOutcome(report.totals, noRecords);
	const parts = displayWidth(indent + text) <= columns ? [text] : breakAfterCommas(text, columns - indent.length);
	for (const [index, part] of parts.entries()) {
		yield index === 0 ? {text: `${mark} ${part}`, mark, tone} : {text: indent + part};
	}
}

function* knownLines(files: readonly FileReport[]): Generator<Line, void, undefined> {
	const count = files.filter(({source}) => source === 'ledger').length;
	if (count > 0)
		yield {text: `  ${quantity(count, 'file')} unchanged since an earlier run: taken from its ledger, not read`};
}

/** Where the exit code comes from. Of a run that was stopped the first line says it. */
function* verdictLines(report: Report, failOn: FailOn, columns: number): Generator<Line, void, undefined> {
	const verdict = report.status === 'completed' ? judge(report, failOn) : null;
	if (verdict === null) return;
	for (const text of breakAfterCommas(`Exit code ${verdict.exitCode}: ${verdict.reason}`, columns - 2)) {
		yield {text: `  ${text}`};
	}
}

/** Breaks a list behind its commas, and where a part of it is still too wide, between its words. */
function breakAfterCommas(text: string, columns: number): string[] {
	const lines: string[] = [];
	for (const part of text.split(/(?<=, )/)) {
		const longer = (lines.at(-1) ?? '') + part;
		if (lines.length > 0 && displayWidth(longer.trimEnd()) <= columns) lines[lines.length - 1] = longer;
		else lines.push(part);
	}
	return lines.flatMap(line => wrap(line, Math.max(1, columns), Number.POSITIVE_INFINITY));
}

function* failedLines(files: readonly FileReport[], columns: number, ascii: boolean): Generator<Line, void, undefined> {
	const failed = files.filter(({status}) => status === 'failed');
	yield* fileLines(failed, 'Failed files', FAILED_FILE_LIMIT, outcomeMark('bad', ascii), columns, ascii);
}

function* noRecordLines(
	files: readonly FileReport[],
	columns: number,
	ascii: boolean,
): Generator<Line, void, undefined> {
	const found = files.filter(file => noRecordOf(file) !== null);
	const mark = outcomeMark('warning', ascii);
	yield* fileLines(found, 'Files without an accepted record', NO_RECORD_FILE_LIMIT, mark, columns, ascii);
}

/** Of combined analyses, those that were not made of files: how many, and one of them. */
function* missingLines(
	files: readonly FileReport[],
	columns: number,
	ascii: boolean,
): Generator<Line, void, undefined> {
	const missing = files.flatMap(report =>
		missingAnalyses(report).map(([name, reason]) => ({name, reason, file: report.file})),
	);
	for (const [name, all] of Map.groupBy(missing, each => each.name)) {
		const [first] = all;
		if (first === undefined) continue;
		yield {text: ''};
		yield {text: `Files without usable columns for ${safe(name)}: ${formatInteger(all.length)}`, tone: 'heading'};
		const text = `${safe(first.file)}: ${safe(first.reason)}`;
		for (const part of wrap(text, columns - 4, REASON_LINE_LIMIT, {ascii})) yield {text: `  ${part}`};
	}
}

function* skippedLines(
	files: readonly FileReport[],
	columns: number,
	ascii: boolean,
): Generator<Line, void, undefined> {
	const skipped = files.filter(({status}) => status === 'skipped');
	yield* fileLines(skipped, 'Skipped files', SKIPPED_FILE_LIMIT, outcomeMark('skipped', ascii), columns, ascii);
}

function* fileLines(
	files: readonly FileReport[],
	heading: string,
	limit: number,
	mark: string,
	columns: number,
	ascii: boolean,
): Generator<Line, void, undefined> {
	if (files.length === 0) return;
	yield {text: ''};
	yield {text: heading, tone: 'heading'};
	for (const report of files.slice(0, limit)) {
		const name = truncateMiddle(safe(report.file), Math.max(1, columns - mark.length - 3), {ascii});
		const reason = explainReport(report);
		const oneLine = `  ${mark} ${name}${reason === '' ? '' : `: ${reason}`}`;
		if (displayWidth(oneLine) <= columns) {
			yield {text: oneLine};
			continue;
		}
		yield {text: `  ${mark} ${name}`};
		for (const text of wrap(reason, columns - 6, REASON_LINE_LIMIT, {ascii})) yield {text: `      ${text}`};
	}
	if (files.length > limit) yield {text: `  … + ${formatInteger(files.length - limit)} more`, tone: 'quiet'};
}

function explainReport(report: FileReport): string {
	const kind = noRecordOf(report);
	if (kind !== null) return describeNoRecord(kind, report);
	return report.error === null ? '' : describeError(report.error);
}

/** `UNCLOSED_QUOTE the quote opened on line 4 is never closed`, harmless to print. */
export function describeError({code, message}: {readonly code: string; readonly message: string}): string {
	const text = listMessage({code, message});
	return safe(text.startsWith(code) ? text : `${code} ${text}`);
}

function* rejectLines(report: Report, columns: number, ascii: boolean): Generator<Line, void, undefined> {
	const rejectedRows = report.totals.rejected_rows;
	if (rejectedRows === 0) return;
	const files = report.files.filter(file => file.rejected_rows > 0).slice(0, REJECT_LIMIT);
	// Some of each file rather than many of one: what is wrong with one file is seldom what is wrong with the others.
	const perFile = Math.ceil(REJECT_LIMIT / Math.max(1, files.length));
	const rejects = files.flatMap(file =>
		rejectsOf(file)
			.slice(0, perFile)
			.map(reject => ({file: file.file, ...reject})),
	);
	yield {text: ''};
	yield {
		text: `${quantity(rejectedRows, 'rejected row')}${rejects.length === 0 ? '' : ', for example'}`,
		tone: 'heading',
	};
	for (const {file, line, column, reason, value} of rejects.slice(0, REJECT_LIMIT)) {
		const name = truncateMiddle(safe(file), Math.max(1, Math.floor(columns / 2)), {ascii});
		const where = column === null ? '' : ` ${safe(column)}`;
		yield {text: `  ${name}:${line}${where} ${reason} ${inQuotes(safe(value))}`};
	}
	for (const report of files) {
		const {file} = report;
		const hint = hintOf(report);
		// Of a file without an accepted record it is said there.
		if (hint === null || noRecordOf(report) !== null) continue;
		const name = truncateMiddle(safe(file), Math.max(1, Math.floor(columns / 2)), {ascii});
		for (const [index, text] of wrap(`${name}: ${safe(hint)}`, columns - 4, REASON_LINE_LIMIT, {ascii}).entries())
			yield {text: `${index === 0 ? '  ' : '    '}${text}`};
	}
}

function* driftLines(drift: Drift, columns: number, ascii: boolean): Generator<Line, void, undefined> {
	if (drift === null) return;
	yield {text: ''};
	if ('problem' in drift) {
		const text = `What changed since an earlier run is not known: ${safe(drift.problem)}`;
		for (const part of wrap(text, columns, REASON_LINE_LIMIT, {ascii})) yield {text: part, tone: 'warning'};
		return;
	}
	const {heading, lines} = diffLines(drift, {columns, ascii, nameLimit: CHANGED_NAME_LIMIT});
	yield {text: heading, tone: 'heading'};
	for (const text of lines) yield {text};
}

/** What comes last is what people read first. */
function* findingLines(
	found: Parameters<typeof findingsOf>[0],
	analyses: readonly AnalysisInfo[],
	columns: number,
	ascii: boolean,
): Generator<Line, void, undefined> {
	const findings = findingsOf(found, analyses);
	if (findings.length === 0) return;
	yield {text: ''};
	yield {text: 'To look at first', tone: 'heading'};
	for (const {text, command} of findings) {
		for (const [index, part] of wrap(text, columns - 4, REASON_LINE_LIMIT, {ascii}).entries())
			yield {text: `${index === 0 ? '  ' : '    '}${part}`};
		// A command that is cut cannot be typed.
		if (command !== null && displayWidth(command) <= columns - 4) yield {text: `    ${command}`};
	}
}

/** The last word on width, whatever was laid out before it. */
function cutToWidth(text: string, columns: number, ascii: boolean): string {
	const plain = ascii ? text.replaceAll('…', '...').replaceAll(DASH, '-').replaceAll(NAME_JOINT, ' . ') : text;
	return truncateEnd(plain, columns, {ascii}).trimEnd();
}

function paint({text, tone, mark}: Line, chalk: ChalkInstance): string {
	if (tone === undefined || text === '') return text;
	if (tone === 'heading') return chalk.bold(text);
	if (tone === 'quiet') return chalk.dim(text);
	const tint = tone === 'good' ? chalk.green : tone === 'warning' ? chalk.yellow : chalk.red;
	return mark !== undefined && text.startsWith(mark) ? tint(mark) + text.slice(mark.length) : tint(text);
}
