// The dialect of a file, by how it begins: the whole of its table is held against it by those who read it.
import {type Dialect, plainDialect} from '../dialect.ts';
import {columnNumbers, joinNames} from '../join-names.ts';
import {isTyped} from './cell-kinds.ts';
import {chooseSyntax, type SyntaxChoice} from './choose-syntax.ts';
import {type FoundTable, findTable} from './find-table.ts';
import {isHeader} from './header-rows.ts';
import {linesOf, MAX_RECORDS, splitSample} from './split-sample.ts';

/** So much of a file is looked at. */
export const SNIFFED_BYTES = 64 * 1024;

export type DialectProblemKind =
	/** The names are one fewer or one more than the fields of records. */
	| 'uneven-header'
	/** A further table, which is not read. */
	| 'other-table'
	/** Columns without a name, or names that stand for several. */
	| 'empty-name'
	| 'repeated-name'
	/** A quote that is open at the end of what was looked at. */
	| 'open-quote';

export interface DialectProblem {
	readonly kind: DialectProblemKind;
	/** The physical line, 1-based. */
	readonly line: number;
	/** For people. */
	readonly text: string;
}

export interface DetectedDialect {
	/** `null` where it fits none, as texts do. */
	readonly dialect: Dialect | null;
	/** What has been found that a reader should know of; in the order of lines. */
	readonly problems: readonly DialectProblem[];
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
	const body = lines.slice(skipped);
	const choice = chooseWithComments(body, known);
	const isForced = Object.keys(forced).length > 0;
	const single: Dialect | null = isForced ? {...plainDialect, ...known, bomBytes} : null;
	if (choice === null) return {dialect: single, problems: [], names: [], evenShare: 0, mayBeText: true, newline};
	const isComplete = isWhole && !choice.sample.isOpen && choice.sample.records.length < MAX_RECORDS;
	const table = findTable(choice.sample.records, choice.columns, isComplete, /[\r\n]$/.test(text));
	const dialect = {...dialectOf(choice, table, body, isComplete, skipped, known), bomBytes} as const;
	const rows = choice.sample.records.slice(table.first, table.first + dialect.headerRows);
	const names = rows.length === 0 ? columnNumbers(choice.columns) : joinNames(rows.map(({fields}) => fields));
	return {
		dialect,
		names,
		evenShare: evenShareOf(choice, table),
		mayBeText: separator === null && table.first > 0 && !hasTypedColumn(choice, table),
		newline,
		problems: problemsOf(choice, table, dialect, names, skipped),
	};
}

function evenShareOf({sample: {records}, columns}: SyntaxChoice, {first, end}: FoundTable): number {
	const rows = records.slice(first, end);
	return rows.filter(({fields}) => fields.length === columns).length / Math.max(1, rows.length);
}

/** Whether half of the cells of a column, or more, are numbers or times. */
function hasTypedColumn({sample: {records}, columns}: SyntaxChoice, {first, end, headerRows}: FoundTable): boolean {
	const rows = records.slice(first + headerRows, end);
	const typedCells = Array.from(
		{length: columns},
		(_, column) => rows.filter(({fields}) => isTyped(fields[column] ?? '')).length,
	);
	return rows.length > 0 && Math.max(...typedCells) * 2 >= rows.length;
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
function chooseWithComments(lines: readonly string[], forced: Partial<Dialect>): SyntaxChoice | null {
	const comments = lines.filter(line => line.startsWith('#'));
	if (forced.comment !== undefined || comments.length === 0 || comments.length === lines.length)
		return chooseSyntax(lines, {...forced, comment: forced.comment ?? ''});
	const choice = chooseSyntax(lines, {...forced, comment: '#'});
	if (choice === null) return null;
	const isLikeOthers = (line: string): boolean => {
		const [record] = splitSample([line], {...choice.syntax, comment: ''}).records;
		return record?.fields.length === choice.columns;
	};
	const [names, ...rest] = choice.sample.records.filter(({fields}) => fields.length === choice.columns);
	const hasNames =
		names !== undefined &&
		isHeader(
			names.fields,
			rest.map(({fields}) => fields),
		);
	return !hasNames && comments.some(isLikeOthers) ? chooseSyntax(lines, {...forced, comment: ''}) : choice;
}

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
	const isCommented =
		syntax.comment !== '' && body.slice(titleLines, end).some(line => line.startsWith(syntax.comment));
	return {
		...plainDialect,
		delimiter: syntax.delimiter,
		quote: syntax.quote,
		escaping: syntax.escaping,
		headerRows: forced.headerRows ?? table.headerRows,
		skipLines: forced.skipLines ?? skipped + titleLines,
		skipFooter: forced.skipFooter ?? (footer === undefined ? 0 : body.length - end),
		endsInDelimiter: table.endsInDelimiter,
		comment: forced.comment ?? (isCommented ? syntax.comment : ''),
	};
}

function problemsOf(
	{sample: {records, isOpen}}: SyntaxChoice,
	{first, others, isHeaderUneven}: FoundTable,
	{headerRows}: Dialect,
	names: readonly string[],
	skipped: number,
): DialectProblem[] {
	const lineOf = (record: number): number => skipped + 1 + (records[record]?.line ?? 0);
	const problems: DialectProblem[] = [];
	const add = (kind: DialectProblemKind, line: number, text: string): void => {
		problems.push({kind, line, text});
	};
	if (isHeaderUneven) {
		const width = records[first]?.fields.length ?? 0;
		add(
			'uneven-header',
			lineOf(first),
			`The header has ${width} names, but most records have another number of fields`,
		);
	}
	if (headerRows > 0) {
		for (const [column, name] of names.entries()) {
			if (name === '') add('empty-name', lineOf(first), `Column ${column + 1} has no name`);
			else if (names.indexOf(name) < column)
				add('repeated-name', lineOf(first), `Column ${column + 1} has the name of column ${names.indexOf(name) + 1}`);
		}
	}
	for (const other of others)
		add('other-table', lineOf(other), `Another table begins on line ${lineOf(other)}; only the first one is read`);
	if (isOpen) {
		const last = records.at(-1);
		const line = last === undefined ? 1 : skipped + 1 + last.line + last.lineCount;
		add('open-quote', line, `A quote that is opened on line ${line} or behind it is open for long`);
	}
	return problems;
}
