// The report as Markdown: to read, to attach to a ticket, to keep beside the data.
import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {FileReport, RejectReport, ReportSoFar} from '../model/report.ts';
import {analysesOf, hintOf, missingAnalyses, rejectsOf} from '../store/analysis-results.ts';
import {countNoRecords, nameNoRecord, noRecordOf} from '../store/no-record.ts';
import {describeMore, type Presentation, presentResults, type Table} from '../store/present.ts';
import {DASH, formatBytes, formatInteger, formatSeconds, quantity} from '../text/format.ts';
import {inQuotes} from '../text/in-quotes.ts';
import {safeInDocument} from '../text/safe-in-document.ts';
import {capitalize, describeOutcome} from './wording.ts';

/** Gives the report as Markdown in pieces. Text from files stays text: it can neither break a table nor become a link. */
export function* markdownChunks(
	report: ReportSoFar,
	analyses: readonly AnalysisInfo[],
): Generator<string, void, undefined> {
	const {totals} = report;
	yield '# fileproc-tui report\n\n';
	yield `${statusWord(report)}: ${describeOutcome(totals, countNoRecords(report.files))}.\n\n`;
	yield header(['Files', 'Completed', 'Failed', 'Cancelled', 'Skipped', 'Rows', 'Rejected rows'], 'rrrrrrr');
	yield row(
		[
			totals.files,
			totals.completed,
			totals.failed,
			totals.cancelled,
			totals.skipped,
			totals.rows,
			totals.rejected_rows,
		].map(formatInteger),
	);
	// What is unsafe in a document is escaped as it is written.
	for (const presentation of presentResults(analyses, report.analyses, text => text))
		yield* resultSection(presentation);
	yield* failuresSection(report.files.filter(({error}) => error !== null));
	yield* missingSection(report.files);
	yield* rejectsSection(report.files.filter(file => file.rejected_rows > 0));
	yield* filesSection(report.files);
}

function* resultSection({name, figures, tables}: Presentation): Generator<string, void, undefined> {
	yield `\n## ${escapeMarkdown(name)}\n\n${header(['Figure', 'Value'], 'lr')}`;
	for (const {label, text} of figures) yield row([capitalize(label), text ?? DASH]);
	for (const table of tables) {
		if (table.error !== null) yield `\n${escapeMarkdown(table.error)}\n`;
		if (table.rowCount > 0) yield* tableSection(table);
	}
}

function* tableSection(table: Table): Generator<string, void, undefined> {
	const {title, nameLabel, values, rowCount, nameOf, valuesOf} = table;
	const names = [nameLabel, ...values.map(({label}) => label)].map(capitalize);
	yield `\n### ${escapeMarkdown(capitalize(title))}\n\n${header(names, `l${'r'.repeat(values.length)}`)}`;
	for (let index = 0; index < rowCount; index++) {
		yield row([nameOf(index), ...valuesOf(index)].map(text => text ?? DASH));
	}
	const more = describeMore(table, rowCount);
	if (more !== null) yield `\n${capitalize(more)}\n`;
}

function* failuresSection(files: readonly FileReport[]): Generator<string, void, undefined> {
	if (files.length === 0) return;
	yield `\n## Files that did not complete\n\n${header(['File', 'Status', 'Reason', 'Line', 'Attempts'], 'lllrr')}`;
	for (const {file, status, error, attempts} of files) {
		const reason = error === null ? DASH : `${error.code}: ${error.message}`;
		const line = error === null || error.line === null ? DASH : formatInteger(error.line);
		yield row([file, status, reason, line, formatInteger(attempts)]);
	}
}

/** Of combined analyses, those that were not made of a file. */
function* missingSection(files: readonly FileReport[]): Generator<string, void, undefined> {
	const missing = files.flatMap(report => missingAnalyses(report).map(([name, reason]) => [report.file, name, reason]));
	if (missing.length === 0) return;
	yield `\n## Analyses that do not fit a file\n\n${header(['File', 'Analysis', 'Reason'], 'lll')}`;
	for (const cells of missing) yield row(cells);
}

function* rejectsSection(files: readonly FileReport[]): Generator<string, void, undefined> {
	if (files.length === 0) return;
	yield `\n## Rejected rows\n\n${header(['File', 'Rejected', 'Of', 'First of them'], 'lrrl')}`;
	for (const report of files) {
		const {file, rejected_rows: rejectedRows, rows} = report;
		const [first] = rejectsOf(report);
		const hint = hintOf(report);
		const example = first === undefined ? DASH : describeReject(first);
		const cause = hint === null ? example : `${example}. ${hint}`;
		yield row([file, formatInteger(rejectedRows), quantity(rows, 'row'), cause]);
	}
}

const describeReject = ({line, column, reason, value}: RejectReport): string =>
	`line ${formatInteger(line)}: ${column === null ? '' : `${column} `}${reason} ${inQuotes(value)}`;

function* filesSection(files: readonly FileReport[]): Generator<string, void, undefined> {
	yield `\n## Files\n\n`;
	yield header(['File', 'Status', 'Analysis', 'Size', 'Rows', 'Rejected', 'Time'], 'lllrrrr');
	for (const report of files) {
		// Of a file that did not complete, nothing counts.
		const isWhole = report.status === 'completed';
		yield row([
			report.file,
			statusOf(report),
			analysesOf(report).join(', ') || DASH,
			isWhole ? formatBytes(report.bytes) : `${formatBytes(report.bytes)} read`,
			isWhole ? formatInteger(report.rows) : DASH,
			isWhole ? formatInteger(report.rejected_rows) : DASH,
			formatSeconds(report.processing_time),
		]);
	}
}

/** A file without an accepted record is not one that went well, although it completed. */
function statusOf(report: FileReport): string {
	const kind = noRecordOf(report);
	return kind === null ? report.status : `${report.status}, ${nameNoRecord(kind, report)}`;
}

/** @param alignments - A letter for each column: `l` or `r`. */
function header(names: readonly string[], alignments: string): string {
	const rules = [...alignments].map(letter => (letter === 'r' ? '---:' : '---'));
	return `${row(names)}| ${rules.join(' | ')} |\n`;
}

const row = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |\n`;

/** Every cell goes through this, ours too: nobody has to remember which of them came from a file. */
const escapeMarkdown = (text: string): string =>
	safeInDocument(text)
		.replace(/[&<>@]/g, character => ENTITIES.get(character) ?? character)
		// Addresses become links by themselves, unless their mark is written in another way.
		.replace(/:(?=\/\/)|(?<=\b(?:mailto|xmpp)):/gi, '&#58;')
		.replace(/(?<=\bwww)\./gi, '&#46;')
		.replace(/[\\`*_~$|[\]]/g, '\\$&');

const ENTITIES: ReadonlyMap<string, string> = new Map([
	['&', '&amp;'],
	['<', '&lt;'],
	['>', '&gt;'],
	['@', '&#64;'],
]);

/** The sentence that follows it tells the figures. */
function statusWord({status}: ReportSoFar): string {
	if (status === 'running') return 'Running';
	return status === 'completed' ? 'Completed' : 'Cancelled';
}
