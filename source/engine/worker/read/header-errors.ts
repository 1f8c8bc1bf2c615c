// What is said of a header that cannot be used.

import type {ColumnMap} from '../../../analysis/column-map.ts';
import {normalizeColumnName} from '../../../analysis/column-names.ts';
import {type ColumnMatch, chooseMatch, countFound} from '../../../analysis/detect.ts';
import type {FirstCells} from '../../../analysis/first-cells.ts';
import {neededOf} from '../../../analysis/program.ts';
import {isQuestionName} from '../../../analysis/question/named-question.ts';
import {findMarkup} from '../../../input/foreign-formats.ts';
import {InputError, type InputErrorCode} from '../../../input/input-error.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import {findClosestMatch} from '../../../text/closest-match.ts';
import {mapArgument, suggestMap} from './suggest-map.ts';

/** Enough names to see what the file is, without filling a screen. */
const NAMES_SHOWN = 12;

const NAME_LENGTH_SHOWN = 40;

const quoted = (name: string): string =>
	`"${name.length > NAME_LENGTH_SHOWN ? `${name.slice(0, NAME_LENGTH_SHOWN)}…` : name}"`;

/** In quotes, so that it can be seen where each begins and ends. */
function listNames(names: readonly string[]): string {
	const shown = names.slice(0, NAMES_SHOWN).map(quoted);
	const rest = names.length - shown.length;
	return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Read as data, a table that was exported would count its groups as records. */
export const ownTable = ({line, byteOffset}: RecordPosition): InputError =>
	new InputError('OWN_OUTPUT', 'Expected data, but this is a table that fileproc-tui has exported. Leave it out', {
		line,
		byteOffset,
	});

/** The header does not have the columns of any analysis. */
export class MissingColumnError extends InputError {
	/** Whether nothing in it is like a header of such a file, so that it may as well be the first line of a text. */
	readonly mayBeText: boolean;
	/** Whether it may be the header of a table of other columns: not where names are those of an analysis but for a slip. */
	readonly mayBeTable: boolean;
	/** What the nearest analysis lacks, for the report of what is made of the table instead; `null` where none is near. */
	readonly lacks: string | null;

	constructor(
		message: string,
		{line, byteOffset}: RecordPosition,
		{
			mayBeText,
			mayBeTable,
			lacks = null,
			code = 'MISSING_COLUMN',
		}: Pick<MissingColumnError, 'mayBeText' | 'mayBeTable'> & {
			readonly lacks?: string | null;
			readonly code?: InputErrorCode;
		},
	) {
		super(code, message, {line, byteOffset});
		this.mayBeText = mayBeText;
		this.mayBeTable = mayBeTable;
		this.lacks = lacks;
	}
}

/** The header is the beginning of another format; `null` where it is not. */
export function otherFormat(
	names: readonly string[],
	delimiter: string,
	position: RecordPosition,
): MissingColumnError | null {
	const found = findMarkup(names.join(delimiter));
	if (found === null) return null;
	const message = `The file is ${found.name}; expected a header and records of a table on line ${position.line}. ${found.advice}`;
	return new MissingColumnError(message, position, {code: 'UNSUPPORTED_FORMAT', mayBeText: true, mayBeTable: false});
}

/** What is known of the header of a file. */
export interface FoundHeader {
	readonly names: readonly string[];
	readonly position: RecordPosition;
	readonly cells: FirstCells;
}

/**
@param matches - Of the analyses to choose from.
@param table.delimiter - What stands between the names.
@param table.map - The headings that the user has named.
*/
export function missingColumn(
	matches: readonly ColumnMatch[],
	table: FoundHeader & {readonly delimiter: string; readonly map?: ColumnMap | undefined},
): MissingColumnError {
	const {names, position, delimiter, map = {}} = table;
	const match = mostLikely(matches, names);
	const explanation =
		match === null ? explainFirstLine(names, delimiter, null) : explainMissing(match, names, delimiter);
	const sentence = match === null ? listNeeds(matches) : describeMissing(match, map);
	const header = `The header on line ${position.line}`;
	const [only] = names;
	const found =
		only !== undefined && names.length === 1
			? `${header} is one field, ${quoted(only)}${explainOneField(only)}`
			: `${header} has: ${listNames(names)}`;
	const mayBeText = explanation === '' && matches.every(isAllMissing);
	const mayBeTable = !isUnusable(names, delimiter) && !matches.some(each => isSlip(each, names));
	const way = match === null || !mayBeNamed(match, names, delimiter) ? '' : wayOut(match, table);
	const lacks = match === null || !isNear(match, names) ? null : describeLack(match, table);
	const message = `${sentence} ${explanation}${found}${way === '' ? '' : `. ${way}`}`;
	return new MissingColumnError(message, position, {mayBeText, mayBeTable, lacks});
}

/** Whether columns may have other names in a header: not where it is none, or its quotes are wrong. */
const mayBeNamed = (match: ColumnMatch, names: readonly string[], delimiter: string): boolean =>
	names.length > 1 &&
	!isUnusable(names, delimiter) &&
	findOtherQuotes(match.missing, names) === undefined &&
	explainFirstLine(names, delimiter, isAllMissing(match) ? match.missing : []) === '';

/** What can be typed; nothing where no other column can be meant. */
function wayOut(match: ColumnMatch, {names, cells}: FoundHeader): string {
	const columns = suggestMap(match, names, cells, findNearNames(match, names));
	return columns === null ? '' : `Name the columns that are meant, as in ${mapArgument(columns)}`;
}

/** Whether a header has half of what an analysis needs, or names that are near. */
function isNear(match: ColumnMatch, names: readonly string[]): boolean {
	const found = countFound(match) + findNearNames(match, names).length;
	return found > 0 && found * 2 >= neededOf(match.declaration).length;
}

function describeLack(match: ColumnMatch, header: FoundHeader): string {
	const {missing, declaration} = match;
	const way = wayOut(match, header);
	const lacks = `${declaration.name} would need ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')}`;
	return way === '' ? lacks : `${lacks}. ${way}`;
}

/** A header that no table has: one of a binary file, the separator line of a spreadsheet, or a whole line in quotes. */
function isUnusable(names: readonly string[], delimiter: string): boolean {
	const [only = ''] = names;
	const isQuotedLine = names.length === 1 && DELIMITER.test(only);
	return isQuotedLine || names.some(name => isBinary(name)) || SEPARATOR_LINE.test(names.join(delimiter));
}

/** Whether a header has some needed columns of an analysis, and all others but for their spelling or for other quotes. */
function isSlip(match: ColumnMatch, names: readonly string[]): boolean {
	if (findOtherQuotes(match.missing, names) !== undefined) return true;
	return !isAllMissing(match) && findMisspelled(match, names).length === match.missing.length;
}

/**
The analysis that is meant; `null` where there is a choice, no name is one of an analysis, and fewer than half of the needed ones are near:
one name like `pay_date` does not make payrolls transactions.
*/
function mostLikely(matches: readonly ColumnMatch[], names: readonly string[]): ColumnMatch | null {
	const countNear = (match: ColumnMatch): number => findNearNames(match, names).length;
	const match = chooseMatch(matches, countNear);
	return matches.length > 1 && isAllMissing(match) && countNear(match) < match.missing.length / 2 ? null : match;
}

function describeMissing(match: ColumnMatch, map: ColumnMap): string {
	const {name} = match.declaration;
	const named = match.missing.find(column => Object.hasOwn(map, column));
	if (named !== undefined) return `The heading ${quoted(map[named] ?? '')} that --map names for ${named} is missing.`;
	const needs = isQuestionName(name) ? 'of the question' : `that the ${name} analysis needs`;
	const missing = match.missing.join(', ');
	if (match.missing.length === 1) return `The column ${missing} ${needs} is missing.`;
	return isAllMissing(match)
		? `All columns ${needs} are missing: ${missing}.`
		: `The columns ${missing} ${needs} are missing.`;
}

const ANALYSES_SHOWN = 4;

function listNeeds(matches: readonly ColumnMatch[]): string {
	const needs = matches
		.slice(0, ANALYSES_SHOWN)
		.map(({declaration, missing}) => `${declaration.name} needs ${missing.join(', ')}`);
	const rest = matches.length - needs.length;
	return `The header fits no analysis: ${needs.join('; ')}${rest > 0 ? `; and ${rest} more analyses` : ''}.`;
}

const isAllMissing = ({indexes}: ColumnMatch): boolean => Object.values(indexes).every(index => index === -1);

/** Other than the ends of lines, tabs and form feeds that texts have. */
const CONTROL_CHARACTER = /[\u0001-\u0008\u000e-\u001f\u007f]/;

const NUL = '\0';
const isBinary = (name: string): boolean => name.includes(NUL) || CONTROL_CHARACTER.test(name);
const SEPARATOR_LINE = /^sep=.?$/i;

const DATE = /^\s*\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)/;
const NUMBER = /^\s*[-+]?[\d.,\s\p{Sc}]*\d[\d.,\s\p{Sc}]*$/u;
/** Names of columns are words; a date and a number beside each other are a record. */
const looksLikeData = (names: readonly string[]): boolean =>
	names.some(name => DATE.test(name)) && names.some(name => NUMBER.test(name) && !DATE.test(name));

/** What people and other programs write in place of `"`, each with its other end. */
const OTHER_QUOTES: readonly (readonly [string, string])[] = [
	["'", "'"],
	['`', '`'],
	['\u2018', '\u2019'],
	['\u201c', '\u201d'],
	['\u201e', '\u201c'],
	['\u00ab', '\u00bb'],
];

/** The quotes around a name that would be a needed one without them. */
function findOtherQuotes(missing: readonly string[], names: readonly string[]): string | undefined {
	const wanted = new Set(missing.map(normalizeColumnName));
	const quotes = OTHER_QUOTES.find(([open, close]) =>
		names.some(name => {
			const text = name.trim();
			const isIn = text.length > 2 && text.startsWith(open) && text.endsWith(close);
			return isIn && wanted.has(normalizeColumnName(text.slice(1, -1)));
		}),
	);
	return quotes === undefined ? undefined : quotes[0] === quotes[1] ? quotes[0] : quotes.join(' ');
}

/** A sentence for what the header makes likely, or none. */
function explainMissing(match: ColumnMatch, names: readonly string[], delimiter: string): string {
	const firstLine = explainFirstLine(names, delimiter, isAllMissing(match) ? match.missing : []);
	// What to do about a header of one field is said elsewhere.
	if (firstLine !== '' || names.length === 1) return firstLine;
	const quotes = findOtherQuotes(match.missing, names);
	if (quotes !== undefined)
		return `The names are quoted with ${quotes}, but only " is understood as a quote: use " or none. `;
	const near = findNearNames(match, names).map(({heading, column}) => `${quoted(heading)} for ${column}`);
	return near.length === 0 ? '' : `Did you mean ${near.join(', ')}? `;
}

/**
A sentence for what the first line is other than a header, or none.

@param needed - The columns that a header would have; `null` where that is not known, empty where the line has some of them.
*/
function explainFirstLine(names: readonly string[], delimiter: string, needed: readonly string[] | null): string {
	// A file of some binary format: no such name is in any table.
	if (names.some(name => name.includes(NUL)))
		return 'There are NUL bytes in the header, so the file looks binary: export it as CSV in UTF-8, or leave it out. ';
	if (names.some(name => CONTROL_CHARACTER.test(name)))
		return 'There are control characters in the header, so the file looks binary: export it as CSV in UTF-8, or leave it out. ';
	const line = names.join(delimiter);
	if (SEPARATOR_LINE.test(line))
		return `The first line is the separator line of a spreadsheet, ${quoted(line)}: remove it. `;
	if (names.length === 1 || needed?.length === 0 || !looksLikeData(names)) return '';
	const header = needed === null ? '' : `, ${needed.join(delimiter)}`;
	return `The first line looks like data: put a header with the names before it${header} in the order of the fields. `;
}

/** Each is compared with each missing column of each analysis. */
const NAMES_COMPARED = 1000;

interface NearName {
	readonly heading: string;
	readonly column: string;
}

/** Names that nearly are those of missing columns, or have them in theirs. */
const findNearNames = (match: ColumnMatch, names: readonly string[]): readonly NearName[] =>
	findNames(match, names, findNear);

const findNear = (wanted: string, candidates: readonly string[]): string | undefined =>
	findClosestMatch(wanted, candidates) ?? candidates.find(name => name.includes(wanted));

/** Names that are those of missing columns but for some letters. */
const findMisspelled = (match: ColumnMatch, names: readonly string[]): readonly NearName[] =>
	findNames(match, names, findClosestMatch);

function findNames(
	{missing, indexes}: ColumnMatch,
	names: readonly string[],
	find: (wanted: string, candidates: readonly string[]) => string | undefined,
): readonly NearName[] {
	const known = Object.values(indexes);
	const others = new Map<string, string>();
	for (const [index, name] of names.slice(0, NAMES_COMPARED).entries()) {
		const normalized = normalizeColumnName(name);
		if (!known.includes(index) && !others.has(normalized)) others.set(normalized, name);
	}
	const candidates = [...others.keys()];
	return missing.flatMap(column => {
		const wanted = normalizeColumnName(column);
		const near = find(wanted, candidates);
		return near === undefined ? [] : [{heading: others.get(near) ?? near, column}];
	});
}

const DELIMITER = /[,;\t|]/;

/** It has no delimiter outside of quotes: does it have one inside? */
const explainOneField = (name: string): string =>
	DELIMITER.test(name)
		? ': is each line in quotes? Remove those around the lines'
		: '; fields are delimited by a comma, a semicolon, a tab or |';

export function ambiguousColumn(
	match: ColumnMatch,
	names: readonly string[],
	{line, byteOffset}: RecordPosition,
): InputError {
	const meant = match.ambiguous.map(
		({column, indexes}) => `${column} (${listNames(indexes.map(index => names[index] ?? ''))})`,
	);
	const [first] = match.ambiguous;
	const headings = (first?.indexes ?? []).map(index => names[index] ?? '');
	if (first !== undefined && new Set(headings.map(normalizeColumnName)).size === headings.length) {
		const ways = headings.slice(0, 2).map(heading => mapArgument([{column: first.column, heading}]));
		return new InputError(
			'AMBIGUOUS_COLUMN',
			`Expected one heading on line ${line} for each column of the ${match.declaration.name} analysis, found several that fit equally well: ${meant.join(', ')}. Say which one is meant: ${ways.join(' or ')}`,
			{line, byteOffset},
		);
	}
	return new InputError(
		'DUPLICATE_COLUMN',
		`The header on line ${line} names ${meant.join(', ')} more than once, so it cannot be known which one is meant; it has: ${listNames(names)}. Rename or remove one`,
		{line, byteOffset},
	);
}

/**
Amounts that were found by other names than their own may have their signs elsewhere: a sum of them would be wrong.

@returns Why they cannot be added up; `null` where nothing speaks against it.
*/
export function doubtAmounts(match: ColumnMatch, header: FoundHeader): MissingColumnError | null {
	const {declaration, indexes, subtracted, isOwn} = match;
	const amounts = Object.keys(declaration.columns).filter(column => declaration.columns[column]?.pairs !== undefined);
	for (const column of amounts) {
		const [index = -1, minus] = [indexes[column], subtracted[column]];
		if (index === -1 || isOwn) continue;
		const sentence = minus === undefined ? doubtSigns(column, index, header) : doubtMinus(minus, header);
		if (sentence !== null)
			return new MissingColumnError(sentence, header.position, {
				...{code: 'AMBIGUOUS_COLUMN', mayBeText: false, mayBeTable: true},
				lacks: `${declaration.name} cannot be made of it. ${sentence}`,
			});
	}
	return null;
}

function doubtSigns(column: string, index: number, {names, cells, position}: FoundHeader): string | null {
	const sign = cells.hasNegatives(index) ? -1 : cells.findSignColumn(names.length);
	if (sign === -1) return null;
	const [heading = '', signs = ''] = [names[index], names[sign]];
	return `Expected amounts with their signs under ${quoted(heading)} on line ${position.line}, found none that is negative, and ${quoted(signs)} says which ones are to be subtracted. To add them up as they are, name all columns: ${mapArgument([{column, heading}])} and so on`;
}

function doubtMinus(minus: number, {names, cells, position}: FoundHeader): string | null {
	if (!cells.isNegative(minus)) return null;
	return `Expected numbers to subtract under ${quoted(names[minus] ?? '')} on line ${position.line}, found negative ones: it is not known whether they are to be added`;
}

/** A column that a condition names. */
export function missingFilterColumn(column: string, names: readonly string[], position: RecordPosition): InputError {
	const near = findNearName(column, names);
	const meant = near === undefined ? '' : ` Did you mean ${quoted(near)}?`;
	return new InputError(
		'MISSING_COLUMN',
		`The column ${quoted(column)} of the condition is missing.${meant} The header on line ${position.line} has: ${listNames(names)}`,
		position,
	);
}

export const ambiguousFilterColumn = (column: string, names: readonly string[], position: RecordPosition): InputError =>
	new InputError(
		'DUPLICATE_COLUMN',
		`The header on line ${position.line} has the column ${quoted(column)} of the condition more than once: ${listNames(names)}. Rename one`,
		position,
	);

function findNearName(column: string, names: readonly string[]): string | undefined {
	const others = new Map(names.slice(0, NAMES_COMPARED).map(name => [normalizeColumnName(name), name]));
	const near = findNear(normalizeColumnName(column), [...others.keys()]);
	return near === undefined ? undefined : others.get(near);
}

/** @param wanted - The name of the column that is to be the key. */
export function missingKey(
	wanted: string,
	names: readonly string[],
	{line, byteOffset}: RecordPosition,
): MissingColumnError {
	const near = findNearName(wanted, names);
	const hint = near === undefined ? '' : ` Did you mean ${quoted(near)}?`;
	return new MissingColumnError(
		`The column ${quoted(wanted)} that is to be the key is not in the header on line ${line}.${hint} It has: ${listNames(names)}`,
		{line, byteOffset},
		{mayBeText: false, mayBeTable: false},
	);
}

export const ambiguousKey = (
	wanted: string,
	names: readonly string[],
	{line, byteOffset}: RecordPosition,
): InputError =>
	new InputError(
		'DUPLICATE_COLUMN',
		`The header on line ${line} names the column ${quoted(wanted)} that is to be the key more than once; it has: ${listNames(names)}. Rename or remove one`,
		{line, byteOffset},
	);
