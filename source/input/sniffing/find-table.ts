// Where in the records of a file the table is: behind titles and notes, in front of totals, notes and further tables.
import {isTyped} from './cell-kinds.ts';
import {countHeaderRows, isHeader} from './header-rows.ts';
import type {SampleRecord} from './split-sample.ts';

export interface FoundTable {
	/** The number of fields that most of its records have. */
	readonly columns: number;
	/** Of the records, the first of the table, and the one behind its last. */
	readonly first: number;
	readonly end: number;
	readonly headerRows: number;
	/** The first record of each further table. */
	readonly others: readonly number[];
	/** Whether the names are fewer or more than the fields of records. */
	readonly isHeaderUneven: boolean;
	/** Whether a delimiter stands behind the last field of each record, but not behind the last name. */
	readonly endsInDelimiter: boolean;
}

/** A record of which nearly all is empty is no header, and a title that a spreadsheet has filled up with delimiters. */
const isTitle = ({fields}: SampleRecord): boolean =>
	fields.length >= 3 && fields.filter(isFilled).length <= Math.max(1, Math.floor(fields.length / 4));

const isFull = ({fields}: SampleRecord): boolean => fields.filter(field => field.trim() === '').length <= 1;

const TOTALS =
	/^\W*(?:grand |sub)?(?:totals?|sum|summe|gesamt\w*|total général|totaal|somme|suma|totale|(?:end)?saldo|kontostand|(?:closing |ending )?balance|records?|rows?|count|end of \w+|generated|source|note)\b|^\d+ (?:records?|rows?|lines?|entries|items|transactions)\b|^\S*\xe5\x90\x88\xe8\xae\xa1/i;

/** @param usual - The number of fields that most records have. @param isAll - Whether the records are all of the file. */
export function findTable(
	records: readonly SampleRecord[],
	usual: number,
	isAll: boolean,
	endsInLine: boolean,
): FoundTable {
	const columns = widthOfFirst(records) ?? usual;
	const isWide = ({fields}: SampleRecord): boolean => fields.length === columns;
	const firstWide = Math.max(0, records.findIndex(isWide));
	const found = columns === 1 ? 0 : skipTitles(records, firstWide, columns);
	const short = shortHeader(records, found, columns);
	const first = short ? found - 1 : found;
	const start = areTitles(records, first) ? first : 0;
	const others = columns === 1 ? [] : findOthers(records, start, columns);
	const end = others[0] ?? (isAll ? footerStart(records, start, columns, endsInLine) : records.length);
	const rows = records.slice(start, end);
	const even = rows.filter(isWide).map(({fields}) => fields);
	const [head] = rows;
	const hasHeader = short || (head !== undefined && isHeader(head.fields, even.slice(1)));
	const headerRows = short ? 1 : hasHeader ? countHeaderRows(even) : 0;
	const endsInDelimiter = short && head?.fields.length === columns - 1 && even.every(fields => fields.at(-1) === '');
	return {columns, first: start, end, headerRows, others, isHeaderUneven: short && !endsInDelimiter, endsInDelimiter};
}

/**
Of a table in front of a blank line: with names, numbers or times below them, and not much shorter than what follows, unless it has more
columns than notes have.
*/
function widthOfFirst(records: readonly SampleRecord[]): number | null {
	const end = records.findIndex(({isAfterBlank}, place) => place > 0 && isAfterBlank);
	const [head, ...data] = records.slice(0, Math.max(0, end)).map(({fields}) => fields);
	if (head === undefined || head.length < 2 || data.length < 2) return null;
	if (data.length + 1 < (records.length - end) / 2 && (head.length < 3 || new Set(head).size < head.length))
		return null;
	if (head.some(isTyped) || data.some(({length}) => length !== head.length)) return null;
	return hasTypedBelow(head, data) ? head.length : null;
}

/** Whether the records in front of one are titles and notes: else they are damaged, and the first of them may have the names. */
function areTitles(records: readonly SampleRecord[], first: number): boolean {
	const titles = records.slice(0, first);
	const record = records[first];
	if (titles.every(({fields}) => fields.length === 1) || record?.isAfterBlank) return true;
	const [next] = records.slice(first + 1);
	const isShort = next?.fields.length === (record?.fields.length ?? 0) + 1 && next.fields.at(-1) === '';
	return (
		record !== undefined &&
		next !== undefined &&
		areWords(record) &&
		(isFull(record) || hasNames(next)) &&
		(isShort || next.fields.length === record.fields.length) &&
		(hasTypedBelow(record.fields, [next.fields]) || titles.every(isTitle))
	);
}

const areWords = (record: SampleRecord | undefined): boolean => record !== undefined && !record.fields.some(isTyped);

/** Above names there may be others, each of which stands for several columns. */
const hasNames = (record: SampleRecord | undefined): boolean =>
	record !== undefined && areWords(record) && isFull(record);

/** Titles that are as wide as the table, behind those that are not. */
function skipTitles(records: readonly SampleRecord[], from: number, columns: number): number {
	let next = behindTitleBlock(records, from) ?? behindEmptyRecord(records, from) ?? from;
	while (next < records.length - 1 && next < from + 20 && isTitleOf(records[next], columns)) next++;
	if (isSentence(records.slice(next))) next++;
	const [header, below] = records.slice(next);
	const isFound = next > from && (hasNames(header) || (areWords(header) && hasNames(below)));
	return isFound ? next : from;
}

/** The names behind a blank line that stands behind the first few records, where these are few beside what follows. */
function behindTitleBlock(records: readonly SampleRecord[], from: number): number | null {
	const columns = records[from]?.fields.length ?? 0;
	const most = columns === 2 ? MAX_NOTES : MAX_TITLES;
	const place = records.slice(from + 1, from + 1 + most).findIndex(({isAfterBlank}) => isAfterBlank) + from + 1;
	const [title, header] = [records[from], records[place]];
	if (place === from || title === undefined || header === undefined) return null;
	// A short table, or the beginning of this one.
	if (widthOfFirst(records.slice(from)) !== null || areSame(title.fields, header.fields)) return null;
	const nextBlank = records.findIndex(({isAfterBlank}, at) => at > place && isAfterBlank);
	const block = records.slice(place, nextBlank === -1 ? records.length : nextBlank);
	const count = place - from;
	const isLong = block.length >= (count > MAX_TITLES ? count + 1 : Math.max(2, count));
	const isTable = isLong && isFull(header) && !header.fields.some(isTyped);
	// Texts alone are as likely the records of the names in front of the blank line.
	const isSame = title.fields.length === header.fields.length && isFull(title);
	const below = block.slice(1).map(({fields}) => fields);
	if (isSame && !hasTypedBelow(header.fields, below)) return null;
	return isTable && block.every(({fields}) => fields.length === header.fields.length) ? place : null;
}

/** The names behind a record of delimiters alone, as a spreadsheet writes a blank line, with numbers or times below them. */
function behindEmptyRecord(records: readonly SampleRecord[], from: number): number | null {
	const empty = records.slice(from, from + 1 + MAX_TITLES).findIndex(({fields}) => !fields.some(isFilled)) + from;
	const [title, header] = [records[from], records[empty + 1]];
	if (empty <= from || title === undefined || header === undefined || isFull(title)) return null;
	const below = records.slice(empty + 2).map(({fields}) => fields);
	return hasNames(header) && hasTypedBelow(header.fields, below) ? empty + 1 : null;
}

const MAX_TITLES = 3;
/** Of a name and a text each. */
const MAX_NOTES = 8;

const areSame = (one: readonly string[], other: readonly string[]): boolean =>
	one.length === other.length && one.every((field, place) => field === other[place]);

/** Whether the first record is a text with a blank behind each delimiter, in front of names without, that have numbers or times below them. */
function isSentence([title, names, ...data]: readonly SampleRecord[]): boolean {
	if (title === undefined || names === undefined || data.length === 0) return false;
	const isSpaced = (field: string): boolean => field.startsWith(' ');
	return (
		title.fields.length > 1 &&
		title.fields.slice(1).every(isSpaced) &&
		!names.fields.some(field => isSpaced(field) || isTyped(field)) &&
		names.fields.length === title.fields.length &&
		hasTypedBelow(
			names.fields,
			data.map(({fields}) => fields),
		)
	);
}

const isTitleOf = (record: SampleRecord | undefined, columns: number): boolean =>
	record !== undefined && (record.fields.length !== columns || isTitle(record));

/** Whether the record in front of the first wide one has the names, with one too many or too few. */
function shortHeader(records: readonly SampleRecord[], first: number, columns: number): boolean {
	const [before, record] = [records[first - 1], records[first]];
	if (before === undefined || record === undefined || record.isAfterBlank) return false;
	const {fields} = before;
	if (fields.length < 2 || Math.abs(fields.length - columns) > 1 || fields.some(isTyped) || !isFull(before))
		return false;
	const even = records.slice(first).filter(each => each.fields.length === columns);
	// Of a single record it is not known whether it or the names are wrong: it is rejected, which is told.
	if (even.length < 2) return false;
	return record.fields.some(isTyped) || (fields.length < columns && endInDelimiter(even));
}

/** Whether all records have nothing behind their last delimiter. */
const endInDelimiter = (records: readonly SampleRecord[]): boolean => records.every(({fields}) => fields.at(-1) === '');

/** Where further tables begin: behind a blank line, or the title that follows it, with names of their own. */
function findOthers(records: readonly SampleRecord[], first: number, columns: number): number[] {
	const others: number[] = [];
	const names = records[first]?.fields ?? [];
	for (let place = first + 2; place < records.length - 1; place++) {
		const [before, record] = [records[place - 1], records[place]];
		if (before === undefined || record === undefined || record.fields.length < 2) continue;
		const isTitled = before.isAfterBlank && before.fields.length === 1 && columns > 1;
		if (!(record.isAfterBlank || isTitled) || areSame(record.fields, names)) continue;
		const width = record.fields.length;
		const below: (readonly string[])[] = [];
		for (const next of records.slice(place + 1)) {
			if (next.isAfterBlank || next.fields.length !== width) break;
			below.push(next.fields);
		}
		if (below.length === 0 || record.fields.some(isTyped) || !isFull(record)) continue;
		const isOther =
			width === columns ? hasTypedBelow(record.fields, below) : below.length > 1 || hasTypedBelow(record.fields, below);
		if (isOther) others.push(record.isAfterBlank ? place : place - 1);
	}
	return others;
}

const hasTypedBelow = (names: readonly string[], below: readonly (readonly string[])[]): boolean =>
	names.some((_, column) => isTypedColumn(below, column));

/** Whether all cells of a column that have a value are numbers or times. */
function isTypedColumn(records: readonly (readonly string[])[], column: number): boolean {
	const filled = records.map(fields => fields[column] ?? '').filter(cell => cell.trim() !== '');
	return filled.length > 0 && filled.every(isTyped);
}

const MAX_FOOTER = 10;

/** The record behind the last one of the table, of records that are all of a file. */
function footerStart(records: readonly SampleRecord[], start: number, columns: number, endsInLine: boolean): number {
	const even = records.slice(start + 1).flatMap(({fields}) => (fields.length === columns ? [fields] : []));
	const typed = Array.from({length: columns}, (_, column) => isTypedColumn(even, column));
	// Some of the fields of a record, each as its column is.
	const isPart = ({fields}: SampleRecord): boolean =>
		fields.length > 1 &&
		fields.length < columns &&
		fields.some(isTyped) &&
		fields.every((field, column) => isTyped(field) === typed[column]);
	let end = records.length;
	while (end > start + 2 && records.length - end < MAX_FOOTER) {
		const record = records[end - 1];
		const isCutOff = end === records.length && !endsInLine;
		if (record === undefined || isPart(record)) break;
		if (!(record.fields.length === columns ? areTotals(record, even) : isNote(record, columns, isCutOff))) break;
		end--;
	}
	// Only what ends with the table is a footer: else the records are damaged, which is told of each.
	return end;
}

/** @param rows - Of the table, the record itself too. */
function areTotals({fields, isAfterBlank, isCutShort}: SampleRecord, rows: readonly (readonly string[])[]): boolean {
	const label = fields.findIndex(isFilled);
	if (isCutShort || fields.length < 2 || !TOTALS.test(fields[label] ?? '')) return false;
	if (isAfterBlank) return true;
	if (fields.every(isFilled)) return false;
	const others = rows.filter(row => row !== fields);
	// Texts beside the label are those of a record, unless all records have the same there, like a currency.
	const isOther = (cell: string, column: number): boolean =>
		column !== label && isFilled(cell) && !isTyped(cell) && others.some(row => row[column] !== cell);
	if (fields.some(isOther) || others.some(row => row[label] === fields[label])) return false;
	return (
		fields.some(isTyped) ||
		!others.some(row => row.every((cell, column) => isFilled(cell) === isFilled(fields[column] ?? '')))
	);
}

const isFilled = (cell: string): boolean => cell.trim() !== '';

/** Whether it is a record of the table, but with another delimiter. */
const isRecordWith = (sign: string, text: string, columns: number): boolean => {
	const cells = text.split(sign);
	return cells.length === columns && !cells.slice(1).some(cell => cell.startsWith(' '));
};
const OTHER_DELIMITERS = [',', ';', '\t', '|'] as const;

/** @param isCutOff - Whether no line end stands behind the record, which is the last one. */
function isNote({fields, isAfterBlank, isCutShort}: SampleRecord, columns: number, isCutOff: boolean): boolean {
	if (isCutShort) return false;
	const [text = ''] = fields.filter(isFilled);
	if (isAfterBlank || TOTALS.test(text)) return true;
	if (OTHER_DELIMITERS.some(sign => isRecordWith(sign, text, columns))) return false;
	// A note is a sentence; a single word is more likely what is left of a record.
	return !isCutOff && columns > 2 && fields.length === 1 && /\S\s+\S/.test(text);
}
