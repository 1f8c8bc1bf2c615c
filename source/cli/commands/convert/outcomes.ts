// What became of a conversion, for people and for the exit code.
import {rememberSpooledRejects} from '../../../engine/shared/spooled-rejects.ts';
import type {Outcome} from '../../../pipeline/convert/convert-files.ts';
import type {RejectingFile} from '../../../pipeline/rejects/rejects-csv.ts';
import type {FailOn} from '../../../report/verdict.ts';
import {quantity} from '../../../text/format.ts';
import {inQuotes} from '../../../text/in-quotes.ts';
import {displayPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {exitCodes} from '../exit-codes.ts';
import {isStandardOutput} from './targets.ts';

type Completed = Extract<Outcome, {type: 'completed'}>;

const acceptedRows = ({rows, rejectedRows, filteredRows = 0}: Completed): number => rows - rejectedRows - filteredRows;

/** Whether a file is one that the program has written and nobody named: as in a run, that is not a failure. @param found - Files that nobody named. */
export const isLeftOut = (outcome: Outcome, found: ReadonlySet<string>): boolean =>
	outcome.type === 'failed' && outcome.error.code === 'OWN_OUTPUT' && found.has(outcome.file);

/** @returns Whole lines: a sentence for each file that is not whole, and one on all of them. */
export function describeOutcomes(outcomes: readonly Outcome[], output: string): string {
	const completed = outcomes.filter(outcome => outcome.type === 'completed');
	const records = completed.reduce((sum, outcome) => sum + acceptedRows(outcome), 0);
	const rejected = completed.reduce((sum, {rejectedRows}) => sum + rejectedRows, 0);
	const filtered = completed.reduce((sum, {filteredRows = 0}) => sum + filteredRows, 0);
	const leftOut = [
		...(rejected > 0 ? [`${quantity(rejected, 'malformed record')} left out`] : []),
		...(filtered > 0 ? [`${quantity(filtered, 'record')} filtered`] : []),
	];
	const where = isStandardOutput(output) ? 'standard output' : safe(displayPath(output));
	const all = `Wrote ${quantity(records, 'record')} of ${quantity(completed.length, 'file')} to ${where}`;
	const lines = outcomes.flatMap(describeOutcome);
	if (completed.length > 0) lines.push([all, ...leftOut].join('; '));
	return lines.map(line => `${line}\n`).join('');
}

function describeOutcome(outcome: Outcome): string[] {
	const name = safe(displayPath(outcome.file));
	if (outcome.type === 'failed') return [`${name}: ${safe(outcome.error.message)} [${outcome.error.code}]`];
	return [...describeRejects(name, outcome), ...describeUndecided(name, outcome)];
}

function describeRejects(name: string, {rows, rejectedRows, rejects}: Completed): string[] {
	if (rejectedRows === 0) return [];
	const [first] = rejects;
	const example =
		first === undefined ? '' : `, the first on line ${first.line}: ${first.reason}, ${safe(inQuotes(first.value))}`;
	return [`${name}: ${quantity(rejectedRows, 'malformed record')} of ${rows} left out${example}`];
}

function describeUndecided(name: string, {undecided}: Completed): string[] {
	return undecided.map(
		({name: column, cells}) =>
			`${name}: the column ${safe(inQuotes(column))} stays as it is: ${cells.map(cell => safe(inQuotes(cell))).join(' and ')} ${cells.length === 1 ? 'reads in two ways' : 'are in two forms'}`,
	);
}

/** For the file of --rejects. */
export function rejectingFileOf(outcome: Outcome): RejectingFile {
	if (outcome.type === 'failed') return {file: outcome.file, rejected_rows: 0};
	const file = {file: outcome.file, rejected_rows: outcome.rejectedRows};
	rememberSpooledRejects(file, outcome.spooled);
	return file;
}

/** As of a run: see `judge` in report/verdict.ts. */
export function exitCodeOfOutcomes(outcomes: readonly Outcome[], failOn: FailOn): number {
	const completed = outcomes.filter(outcome => outcome.type === 'completed');
	const failedCount = outcomes.length - completed.length;
	if (failedCount === 0 && completed.every(({rows}) => rows === 0)) return exitCodes.nothingMatched;
	if (failOn === 'never') return exitCodes.ok;
	if (failOn === 'all') return completed.length === 0 ? exitCodes.fileFailed : exitCodes.ok;
	// Where all of its records are filtered, nothing is wrong with a file.
	const hasNone = (outcome: Completed): boolean =>
		acceptedRows(outcome) === 0 && (outcome.rows === 0 || outcome.rejectedRows > 0);
	const isBad =
		(failedCount > 0 && failOn !== 'nothing') ||
		completed.some(hasNone) ||
		(failOn === 'rejected' && completed.some(({rejectedRows}) => rejectedRows > 0));
	return isBad ? exitCodes.fileFailed : exitCodes.ok;
}
