// Tables written in any dialect: one table in many ways of writing it, as the files of a benchmark of readers differ from each other
// (Vitagliano, Hameed, Jiang, Reisener, Wu, Naumann: Pollock, VLDB 2023).
import fc from 'fast-check';
import {type Dialect, type DialectProblem, plainDialect, type Quote} from '../../source/input/dialect.ts';

export interface WrittenTable {
	readonly bytes: Buffer;
	readonly dialect: Dialect;
	readonly names: readonly string[];
	readonly records: readonly (readonly string[])[];
}

const words = ['cheap', 'green tea', 'Zoë', 'a b c', 'north-east', 'x'];

const anyRecord = fc.record({
	name: fc.constantFrom(...words),
	amount: fc.integer({min: -99_999, max: 99_999}).map(cents => (cents / 100).toFixed(2)),
	day: fc.integer({min: 10, max: 28}).map(day => `2024-03-${day}`),
	count: fc.nat(500).map(String),
	note: fc.constantFrom('', 'plain', 'said well', 'QUOTE', 'DELIMITER', 'LINE'),
});

const names = ['shop', 'amount', 'day', 'items', 'note'];

interface Manner {
	readonly delimiter: string;
	readonly quote: Quote;
	readonly escaping: Dialect['escaping'];
	readonly newline: string;
	readonly quotesAll: boolean;
	readonly headerRows: 0 | 1 | 2;
	readonly front: readonly string[];
	readonly behind: readonly string[];
	readonly hasMark: boolean;
	readonly endsInLine: boolean;
	readonly endsInDelimiter: boolean;
}

const anyManner: fc.Arbitrary<Manner> = fc.record({
	delimiter: fc.constantFrom(',', ',', ';', '\t', '|', ':', '~', '^', '||', '::', ' ', '\u0001'),
	quote: fc.constantFrom<Quote>('"', '"', "'", ''),
	escaping: fc.constantFrom('doubled', 'doubled', 'backslash'),
	newline: fc.constantFrom('\n', '\r\n', '\r'),
	quotesAll: fc.boolean(),
	headerRows: fc.constantFrom(1, 1, 1, 0, 2),
	front: fc.constantFrom<readonly string[]>(
		[],
		[],
		['Report of May'],
		['Bank of Somewhere', 'All rights reserved', ''],
		['# made by a program'],
	),
	behind: fc.constantFrom<readonly string[]>([], [], ['', 'End of report'], ['Total 12 records']),
	hasMark: fc.boolean(),
	endsInLine: fc.boolean(),
	endsInDelimiter: fc.constantFrom(false, false, false, true),
});

/** The manner with what cannot be told from something else taken out of it. */
function tellable(manner: Manner): Manner {
	const {delimiter, quote, headerRows} = manner;
	// A blank stands in words as well, and between words that begin and end a text.
	const isBlank = delimiter === ' ';
	return {
		...manner,
		quote: isBlank ? '"' : quote,
		quotesAll: quote !== '' && (manner.quotesAll || isBlank || quote === "'"),
		headerRows: isBlank ? 1 : headerRows,
		front: isBlank || delimiter === ':' ? [] : manner.front,
		behind: isBlank || delimiter === ':' ? [] : manner.behind,
		// Names of several records, and delimiters of several characters, are written without.
		endsInDelimiter: manner.endsInDelimiter && headerRows === 1 && !isBlank && delimiter.length === 1,
		endsInLine: manner.endsInLine || manner.behind.length > 0,
	};
}

function writeField(text: string, {delimiter, quote, escaping, quotesAll}: Manner): string {
	const isSpecial = text.includes(delimiter) || text.includes('\n') || (quote !== '' && text.includes(quote));
	if (quote === '' || !(quotesAll || isSpecial)) return text;
	const escaped =
		escaping === 'backslash'
			? text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)
			: text.replaceAll(quote, quote + quote);
	return quote + escaped + quote;
}

function noteOf(note: string, {delimiter, quote}: Manner): string {
	if (quote === '') return note === '' ? '' : 'plain';
	if (note === 'QUOTE') return `a ${quote}so called${quote} thing`;
	if (note === 'DELIMITER') return `one${delimiter}two`;
	return note === 'LINE' ? 'first\nsecond' : note;
}

export const writtenTables: fc.Arbitrary<WrittenTable> = fc
	.tuple(anyManner.map(tellable), fc.array(anyRecord, {minLength: 5, maxLength: 30}))
	.map(([manner, all]) => {
		const records = all.map(({name, amount, day, count, note}) => [
			manner.quote === '' ? name.replaceAll(manner.delimiter, '_') : name,
			...[amount, day, count],
			noteOf(note, manner),
		]);
		const headers = [[], [names], [['', 'paid', 'paid', 'sold', ''], names]][manner.headerRows] ?? [];
		const rows = [...headers, ...records].map((fields, place) => {
			const hasOneMore = manner.endsInDelimiter && place >= headers.length;
			return (
				fields.map(field => writeField(field, manner)).join(manner.delimiter) + (hasOneMore ? manner.delimiter : '')
			);
		});
		const lines = [...manner.front, ...rows, ...manner.behind];
		const mark = manner.hasMark ? '\ufeff' : '';
		// What is quoted has the line ends of its file.
		const write = (parts: readonly string[]): string => mark + parts.join('\n').replaceAll('\n', manner.newline);
		const bytes = Buffer.from(write(lines) + (manner.endsInLine ? manner.newline : ''));
		const table = write([...manner.front, ...rows, '']);
		const hasBackslash = bytes.includes('\\');
		const isQuoted = manner.quote !== '' && bytes.includes(manner.quote);
		const dialect: Dialect = {
			...plainDialect,
			delimiter: manner.delimiter,
			quote: isQuoted ? manner.quote : '"',
			escaping: hasBackslash ? 'backslash' : 'doubled',
			headerRows: manner.headerRows,
			skipLines: manner.front.length,
			skipFooter: manner.behind.length,
			endsInDelimiter: manner.endsInDelimiter,
			bomBytes: manner.hasMark ? 3 : 0,
			...(manner.behind.length > 0 && {problems: [linesBehind(table, manner.behind.length)]}),
		};
		return {bytes, dialect, names: headerOf(manner.headerRows), records};
	});

/** @param table - All that stands in front of them. */
const linesBehind = (table: string, count: number): DialectProblem => ({
	code: 'LINES_BEHIND',
	line: table.split(/\r\n|\n|\r/).length,
	byteOffset: Buffer.byteLength(table),
	message: `Expected the table to the last line, found ${count === 1 ? '1 line behind it that is' : `${count} lines behind it that are`} no part of it`,
});

function headerOf(rows: 0 | 1 | 2): readonly string[] {
	if (rows === 0) return names.map((_, column) => `column_${column + 1}`);
	return rows === 1 ? names : ['shop', 'paid amount', 'paid day', 'sold items', 'note'];
}
