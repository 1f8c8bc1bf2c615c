// Filters the list of files by one line of terms, all of which must hold:
//
//   orders            the name contains it, ignoring case; "two words" in quotes
//   status:failed     the status, or its beginning; several with commas: status:failed,cancelled
//   analysis:sales    what was made of the file, or the beginning of its name; several with commas
//   size>1GB          also < >= <= =; for size, rows, rejected and attempts; k M G T, and KiB MiB … for sizes
//   !term             the files for which the term does not hold
//
// A term that cannot be understood is an error and is never ignored: a filter that silently shows other files than
// requested is worse than no filter.

import {parseByteSize, parseWithUnit, type Units} from '../text/byte-size.ts';
import {safe} from '../text/safe.ts';
import {analysesOf} from './analysis-results.ts';
import {type NoRecord, noRecordOf} from './no-record.ts';
import type {FileState, FileStatus} from './state.ts';

export interface Filter {
	readonly terms: readonly FilterTerm[];
}

export interface FilterTerm {
	readonly isNegated: boolean;
	readonly test: Test;
}

type Test =
	| {readonly type: 'text'; readonly text: string}
	| {readonly type: 'status'; readonly statuses: readonly StatusName[]}
	| {readonly type: 'analysis'; readonly beginnings: readonly string[]}
	| {readonly type: 'figure'; readonly figure: Figure; readonly operator: Operator; readonly value: number};

type Operator = keyof typeof OPERATORS;
type Figure = 'size' | 'rows' | 'rejected' | 'attempts';
/** The statuses of the JSON report and of the screen: a file without an accepted record is not shown as done. */
type StatusName = FileStatus | 'paused' | 'done' | NoRecord;

export type ParsedFilter =
	| {readonly ok: true; readonly filter: Filter}
	| {readonly ok: false; readonly message: string};

const STATUSES: readonly StatusName[] = [
	...(['queued', 'running', 'paused', 'retrying', 'done', 'completed'] as const),
	...(['rejected', 'header-only', 'empty', 'failed', 'cancelled', 'skipped'] as const),
];

const FIGURES: readonly Figure[] = ['size', 'rows', 'rejected', 'attempts'];
const FIELDS = ['status', 'analysis', ...FIGURES].join(', ');

const COUNT_UNITS: Units = new Map(Object.entries({'': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12}));

/** Filters are typed, or written in a script: a longer line is a mistaken paste. */
const MAX_LENGTH = 1000;

/**
Reads a line of terms. An empty line is a filter that every file passes.

@example
parseFilter('status:failed !tmp size>1GB')
*/
export function parseFilter(text: string): ParsedFilter {
	if (text.length > MAX_LENGTH) return invalid(`A filter has at most ${MAX_LENGTH} characters`);
	const terms: FilterTerm[] = [];
	for (const word of splitWords(text)) {
		const marks = /^!*/.exec(word)?.[0].length ?? 0;
		const test = parseTest(word.slice(marks));
		if (typeof test === 'string') return invalid(test);
		terms.push({isNegated: marks % 2 === 1, test});
	}
	return {ok: true, filter: {terms}};
}

const invalid = (message: string): ParsedFilter => ({ok: false, message});

/** Words between spaces; a quote at the beginning of a word, also behind `!`, extends to the next quote. */
export const splitWords = (text: string): string[] => text.match(/!*"[^"]*"?|[^\s"]\S*/gu) ?? [];

/** @returns An error message, where it is a string. */
function parseTest(word: string): Test | string {
	if (word.startsWith('"')) {
		const quoted = word.replaceAll('"', '');
		return quoted === '' ? 'There is nothing between the quotes' : textTest(quoted);
	}
	if (word === '') return 'After ! comes what the files must not match, as in !tmp';
	const match = /^([a-z_]+)(:|[<>]=?|=)(.*)$/isu.exec(word);
	if (match === null) return textTest(word);
	const [, name = '', operator = '', value = ''] = match;
	const field = name.toLowerCase();
	if (field === 'status')
		return operator === ':' || operator === '=' ? statusTest(value) : `Write status:failed, not ${safe(word)}`;
	if (field === 'analysis')
		return operator === ':' || operator === '=' ? analysisTest(value) : `Write analysis:sales, not ${safe(word)}`;
	const figure = FIGURES.find(known => known === field);
	if (figure === undefined)
		return `There is no “${safe(name)}” to filter by, only ${FIELDS}; for the text, put it in quotes`;
	return figureTest(figure, operator, value);
}

const textTest = (text: string): Test => ({type: 'text', text: text.toLowerCase()});

function statusTest(value: string): Test | string {
	const statuses: StatusName[] = [];
	for (const word of value.toLowerCase().split(',')) {
		const found = word === '' ? [] : STATUSES.filter(known => known.startsWith(word));
		if (found.length === 0) {
			const known = STATUSES.join(', ');
			return word === '' ? `After status: comes one of ${known}` : `There is no status “${safe(word)}”, only ${known}`;
		}
		statuses.push(...found);
	}
	return {type: 'status', statuses};
}

/** Any name may be typed: which analyses there are is known only while files complete. */
function analysisTest(value: string): Test | string {
	const beginnings = value.toLowerCase().split(',');
	if (beginnings.includes('')) return 'After analysis: comes the name of an analysis, as in analysis:sales';
	return {type: 'analysis', beginnings};
}

function figureTest(figure: Figure, operator: string, value: string): Test | string {
	const example = figure === 'size' ? 'size>1GB' : `${figure}>1000`;
	const count = figure === 'size' ? parseByteSize(value) : parseWithUnit(value, COUNT_UNITS);
	if (count === undefined) {
		return value === ''
			? `A number comes after ${figure}${operator}, as in ${example}`
			: `“${safe(value)}” is no number for ${figure}; write ${example}`;
	}
	return {type: 'figure', figure, operator: readOperator(operator), value: count};
}

const readOperator = (text: string): Operator => (text in OPERATORS ? (text as Operator) : '=');

/** What filters look at. */
export type FilteredFile = Pick<
	FileState,
	'file' | 'isPaused' | 'bytesTotal' | 'rows' | 'rejectedRows' | 'attempt' | 'report'
> & {
	/** `null`: nothing was asked of it yet. */
	readonly status: FileStatus | null;
};

/** Whether a file passes. An unknown figure (the size of standard input) passes no comparison. */
export function matchesFilter({terms}: Filter, file: FilteredFile): boolean {
	return terms.every(({isNegated, test}) => passes(test, file) !== isNegated);
}

function passes(test: Test, file: FilteredFile): boolean {
	switch (test.type) {
		case 'text':
			return file.file.toLowerCase().includes(test.text);
		case 'status':
			return test.statuses.some(status => hasStatus(file, status));
		case 'analysis': {
			const names = file.report === null ? [] : analysesOf(file.report);
			return names.some(name => test.beginnings.some(beginning => name.startsWith(beginning)));
		}
		case 'figure': {
			const value = figureOf(file, test.figure);
			return value !== null && OPERATORS[test.operator](value, test.value);
		}
	}
}

function hasStatus(file: FilteredFile, status: StatusName): boolean {
	switch (status) {
		case 'paused':
			return file.isPaused;
		case 'done':
			return file.status === 'completed' && noRecordOf(file.report) === null;
		case 'rejected':
		case 'header-only':
			return noRecordOf(file.report) === status;
		case 'empty': {
			const kind = noRecordOf(file.report);
			return kind === 'empty' || kind === 'header-only';
		}
		default:
			return file.status === status;
	}
}

function figureOf(file: FilteredFile, figure: Figure): number | null {
	switch (figure) {
		case 'size':
			return file.bytesTotal;
		case 'rows':
			return file.rows;
		case 'rejected':
			return file.rejectedRows;
		case 'attempts':
			return file.attempt;
	}
}

const OPERATORS = {
	'<': (left: number, right: number) => left < right,
	'>': (left: number, right: number) => left > right,
	'<=': (left: number, right: number) => left <= right,
	'>=': (left: number, right: number) => left >= right,
	'=': (left: number, right: number) => left === right,
} as const;
