// The dialect of a file, by how it begins: the whole of its table is held against it by those who read it.
import {beginsComment} from '../comment-lines.ts';
import {type Dialect, type DialectProblem, plainDialect, type UnevenHeader} from '../dialect.ts';
import {columnNumbers, joinNames} from '../join-names.ts';
import {isTyped} from './cell-kinds.ts';
import {chooseSyntax, ofOneColumn, type SyntaxChoice} from './choose-syntax.ts';
import {type FoundTable, findTable} from './find-table.ts';
import {areDifferent, isHeader} from './header-rows.ts';
import {closeHeader} from './open-header.ts';
import {linesOf, MAX_RECORDS, type SampleRecord, splitSample} from './split-sample.ts';

/** So much of a file is looked at. */
export const SNIFFED_BYTES = 64 * 1024;

export interface DetectedDialect {
	/** `null` where it fits none, as texts do. */
	readonly dialect: Dialect | null;
	/** The names of the columns, one character per byte; those that have none are called by their number. */
	readonly names: readonly string[];
	/** The part of the table's records that have as many fields as most. */
	readonly evenShare: number;
	/** Whether it begins with lines that are not of the table, and no column has numbers or times: a text with commas may be like that. */
	readonly mayBeText: boolean;
	/** The first line end; `null` where there is none. */
	readonly newline: '\n' | '\r\n' | '\r' | null;
}

const SEPARATOR_LINE = /^"?sep=(\\t|.)"?$/i;

/**
@param head - The first bytes of the data, with its byte order mark: all of it, or `SNIFFED_BYTES` at least. More are not looked at.
@param isAll - Whether there are no more.
@param forced - What is known, which is not looked for.
*/
export function detectDialect(head: Uint8Array, isAll: boolean, forced: Partial<Dialect> = {}): DetectedDialect {
	const bomBytes = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
	const looked = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SNIFFED_BYTES)).subarray(bomBytes);
	const isWhole = isAll && head.length <= SNIFFED_BYTES;
	const text = looked.toString('latin1');
	const newline = (/\r\n|\n|\r/.exec(text)?.[0] ?? null) as DetectedDialect['newline'];
	const lines = linesOf(text, isWhole);
	const separator = forced.skipLines === undefined ? findSeparatorLine(lines) : null;
	const known = {...(separator !== null && {delimiter: separator.delimiter}), ...forced};
	const skipped = forced.skipLines ?? separator?.skipLines ?? 0;
	const written = lines.slice(skipped);
	const choose = (of: readonly string[]): SyntaxChoice | null => chooseWithComments(of, known, isWhole);
	const closed = closeHeader(written, known, isWhole, choose);
	const body = closed ?? written;
	const choice = choose(body) ?? withoutName(body, known, isWhole);
	const isForced = Object.keys(forced).length > 0;
	const single: Dialect | null = isForced ? {...plainDialect, ...known, bomBytes} : null;
	if (choice === null) return {dialect: single, names: [], evenShare: 0, mayBeText: true, newline};
	const isComplete = isWhole && choice.sample.records.length < MAX_RECORDS;
	const table = findTable(choice.sample.records, choice.columns, isComplete, /[\r\n]$/.test(text));
	const isHeaderOpen = closed !== null;
	const dialect = {...dialectOf(choice, table, body, isComplete, skipped, known), isHeaderOpen, bomBytes} as const;
	const rows = choice.sample.records.slice(table.first, table.first + dialect.headerRows);
	const names = rows.length === 0 ? columnNumbers(table.columns) : joinNames(rows.map(({fields}) => fields));
	const footer = table.others.length > 0 || forced.skipFooter !== undefined ? 0 : dialect.skipFooter;
	const problems = [
		...(isHeaderOpen ? [openHeader(choice, skipped)] : []),
		...problemsOf(choice, table, skipped),
		...repeatedNames(rows, skipped),
		...(forced.headerRows === undefined ? joinedNames(rows, skipped) : []),
		...linesBehind(footer, lines.length),
		...mixedNewlines(choice, table, text, skipped),
	].map(problem => ({...problem, byteOffset: bomBytes + offsetOfLine(text, problem.line)}));
	return {
		dialect: problems.length === 0 ? dialect : {...dialect, problems},
		names,
		evenShare: evenShareOf(choice, table),
		mayBeText: separator === null && table.first > 0 && !isSurelyTable(choice, table),
		newline,
	};
}

function evenShareOf({sample: {records}}: SyntaxChoice, {columns, first, end, isHeaderUneven}: FoundTable): number {
	const rows = records.slice(isHeaderUneven ? first + 1 : first, end);
	return rows.filter(({fields}) => fields.length === columns).length / Math.max(1, rows.length);
}

/** Whether a delimiter that texts hardly have stands in several records, or half of the cells of a column, or more, are numbers or times. */
function isSurelyTable(
	{syntax, sample: {records}}: SyntaxChoice,
	{columns, first, end, headerRows}: FoundTable,
): boolean {
	const rows = records.slice(first + headerRows, end);
	if (headerRows > 0 && rows.length > 1 && /^[;\t|]/.test(syntax.delimiter)) return true;
	const typedCells = Array.from(
		{length: columns},
		(_, column) => rows.filter(({fields}) => isTyped(fields[column] ?? '')).length,
	);
	return rows.length > 0 && Math.max(...typedCells) * 2 >= rows.length;
}

/** Numbers, times or codes in an only column, the first one too: it is no name. */
function withoutName(lines: readonly string[], known: Partial<Dialect>, isAll: boolean): SyntaxChoice | null {
	if (known.headerRows !== undefined) return null;
	const choice = ofOneColumn(lines, {...known, isAll});
	const [first, ...data] = choice?.sample.records.map(({fields}) => fields) ?? [];
	return first === undefined || data.length === 0 || isHeader(first, data) ? null : choice;
}

/** `sep=;` in the first line says what the delimiter is. */
function findSeparatorLine(lines: readonly string[]): {readonly delimiter: string; readonly skipLines: number} | null {
	const place = lines.findIndex(line => line !== '');
	const found = SEPARATOR_LINE.exec(lines[place] ?? '');
	if (found === null) return null;
	const [, sign = ','] = found;
	return {delimiter: sign === '\\t' ? '\t' : sign, skipLines: place + 1};
}

/** Lines with a number sign in front are comments, unless they have as many fields as others: names, or numbers of something. */
function chooseWithComments(lines: readonly string[], known: Partial<Dialect>, isAll: boolean): SyntaxChoice | null {
	const forced = {...known, isAll};
	const comments = lines.filter(line => beginsComment(line, '#'));
	if (forced.comment !== undefined || comments.length === 0 || comments.length === lines.length)
		return chooseSyntax(lines, {...forced, comment: forced.comment ?? ''});
	const choice = chooseSyntax(lines, {...forced, comment: '#'});
	const plain = chooseSyntax(lines, {...forced, comment: ''});
	if (plain !== null && areMostlyRecords(plain, comments.length)) return plain;
	if (choice === null) return null;
	const isLikeOthers = (line: string): boolean => {
		const [record] = splitSample([line], {...choice.syntax, comment: ''}).records;
		return record?.fields.length === choice.columns;
	};
	const alike = comments.filter(isLikeOthers).length;
	if (plain !== null && choice.columns > 2 && alike > 2 && alike * 2 > comments.length) return plain;
	const [names, ...rest] = choice.sample.records.filter(({fields}) => fields.length === choice.columns);
	const hasNames =
		names !== undefined &&
		isHeader(
			names.fields,
			rest.map(({fields}) => fields),
		);
	return !hasNames && alike > 0 ? plain : choice;
}

/** Whether half of the records or more begin with a number sign, as colours do, and nearly all of the table have as many fields. */
const areMostlyRecords = ({sample, columns, evenShare}: SyntaxChoice, comments: number): boolean =>
	columns > 1 && comments * 2 >= sample.records.length && evenShare >= 0.75;

function dialectOf(
	{syntax, sample: {records}}: SyntaxChoice,
	table: FoundTable,
	body: readonly string[],
	isComplete: boolean,
	skipped: number,
	forced: Partial<Dialect>,
): Dialect {
	const firstLine = records[table.first]?.line ?? 0;
	const titleLines = body.slice(0, firstLine).some(line => line !== '') ? firstLine : 0;
	const footer = isComplete ? records[table.end] : undefined;
	const last = records[table.end - 1];
	const end = last === undefined ? body.length : last.line + last.lineCount;
	const isCommented = body.slice(titleLines, end).some(line => beginsComment(line, syntax.comment));
	return {
		...plainDialect,
		delimiter: syntax.delimiter,
		quote: syntax.quote,
		escaping: syntax.escaping,
		headerRows: forced.headerRows ?? table.headerRows,
		skipLines: forced.skipLines ?? skipped + titleLines,
		skipFooter: forced.skipFooter ?? (footer === undefined ? 0 : body.length - end),
		endsInDelimiter: table.endsInDelimiter,
		unevenHeader: forced.headerRows === 0 ? 'none' : unevenHeaderOf(records, table),
		comment: forced.comment ?? (isCommented ? syntax.comment : ''),
	};
}

function unevenHeaderOf(
	records: readonly SampleRecord[],
	{columns, first, end, isHeaderUneven}: FoundTable,
): UnevenHeader {
	const [names, ...rows] = records.slice(first, end).map(({fields}) => fields);
	if (!isHeaderUneven || names === undefined) return 'none';
	if (names.length > columns) return names.includes('') ? 'has-empty' : 'has-more';
	const start = Number(rows[0]?.[0]);
	return rows.every(([number], place) => number === String(start + place)) ? 'lacks-first' : 'lacks-last';
}

type FoundProblem = Omit<DialectProblem, 'byteOffset'>;

function problemsOf(
	{sample: {records}}: SyntaxChoice,
	{columns, first, others, isHeaderUneven}: FoundTable,
	skipped: number,
): FoundProblem[] {
	const lineOf = (record: number): number => skipped + 1 + (records[record]?.line ?? 0);
	const width = records[first]?.fields.length ?? 0;
	const uneven = `Expected as many names as fields in most records, found ${width} for ${columns}; names may stand above the wrong columns`;
	return [
		...(isHeaderUneven ? [{code: 'UNEVEN_HEADER', line: lineOf(first), message: uneven} as const] : []),
		...others.map(other => {
			const line = lineOf(other);
			const message = `Expected one table, found another one that begins on line ${line}; only the first one is read`;
			return {code: 'OTHER_TABLE', line, message} as const;
		}),
	];
}

function openHeader({sample: {records}}: SyntaxChoice, skipped: number): FoundProblem {
	const message =
		'Expected a closing quote on the line of the names, found none; they end with their line, and quotes in them are left out';
	return {code: 'UNCLOSED_QUOTE', line: skipped + 1 + (records[0]?.line ?? 0), message};
}

/** The same names in two records. */
function repeatedNames([first, second]: readonly SampleRecord[], skipped: number): FoundProblem[] {
	if (first === undefined || second?.fields.some((name, column) => name !== first.fields[column]) !== false) return [];
	const message = 'Expected the names of the columns once, found them again behind themselves; they are joined';
	return [{code: 'REPEATED_HEADER', line: skipped + 1 + second.line, message}];
}

/** Where the first record has a name for each column, what is joined to them might be data that is damaged. */
function joinedNames(rows: readonly SampleRecord[], skipped: number): FoundProblem[] {
	const [first, last] = [rows[0], rows.at(-1)];
	if (first === undefined || last === undefined || rows.length === 1 || !areDifferent(first.fields)) return [];
	if (repeatedNames(rows, skipped).length > 0) return [];
	const message = `Expected the names of the columns in one record, found them in ${rows.length}; they are joined, and none of these records is data`;
	return [{code: 'JOINED_HEADER', line: skipped + 1 + last.line, message}];
}

function linesBehind(count: number, lines: number): FoundProblem[] {
	if (count === 0) return [];
	const found = count === 1 ? '1 line behind it that is' : `${count} lines behind it that are`;
	const message = `Expected the table to the last line, found ${found} no part of it`;
	return [{code: 'LINES_BEHIND', line: lines - count + 1, message}];
}

/** The first record of the table that ends in another way than its first one. */
function mixedNewlines(
	{sample: {records}}: SyntaxChoice,
	{first, end}: FoundTable,
	text: string,
	skipped: number,
): FoundProblem[] {
	const ends = lineEndsOf(text);
	if (new Set(ends).size < 2) return [];
	const rows = records.slice(first, end).map(({line, lineCount}) => skipped + line + lineCount);
	const usual = ends[(rows[0] ?? 1) - 1];
	const line = rows.find(each => ends[each - 1] !== undefined && ends[each - 1] !== usual);
	if (line === undefined || usual === undefined) return [];
	const message = `Expected one kind of line end, found ${NAMES[ends[line - 1] ?? usual]} behind ${NAMES[usual]}`;
	return [{code: 'MIXED_NEWLINES', line, message}];
}

type Newline = '\n' | '\r\n' | '\r';

const NAMES: Readonly<Record<Newline, string>> = {'\n': 'LF', '\r\n': 'CRLF', '\r': 'CR'};

const lineEndsOf = (text: string): Newline[] =>
	text.includes('\r') ? ([...text.matchAll(LINE_END)].map(([end]) => end) as Newline[]) : [];

const LINE_END = /\r\n|\n|\r/g;

/** Where a line begins. */
function offsetOfLine(text: string, line: number): number {
	if (line === 1) return 0;
	let count = 1;
	for (const {index, 0: end} of text.matchAll(LINE_END)) if (++count === line) return index + end.length;
	return text.length;
}
