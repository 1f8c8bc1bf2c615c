// Cells that are not like nearly all others of their column, in a small file: `mostly` of a profile is the type of 95 %, which few cells
// never are where one of them is odd.
import {isNull, readCell} from '../../../analysis/columns/cell.ts';
import {type CellKind, kindOf} from '../../../input/sniffing/cell-kinds.ts';
import {linesOf, type SampleRecord, splitSample} from '../../../input/sniffing/split-sample.ts';
import {inQuotes} from '../../../text/in-quotes.ts';
import type {Problem} from './problems.ts';
import type {SniffedColumn, SniffedDialect} from './sniffed-file.ts';

/** Larger files have cells enough for `mostly`. */
export const FEW_BYTES = 64 * 1024;
/** So many must be alike. */
const LEAST_ALIKE = 3;

interface OddCell {
	readonly record: SampleRecord;
	readonly value: string;
	readonly expected: string;
}

/**
@param bytes - All of a file.
@param dataRecords - How many there are, without names.
*/
export function oddCellsOfFew(
	bytes: Buffer,
	{delimiter, quote, escape: escaping, comment, header, skip_lines: titles, skip_footer: footer}: SniffedDialect,
	columns: readonly Pick<SniffedColumn, 'name' | 'type'>[],
	dataRecords: number,
): Problem[] {
	const texts = columns.flatMap(({type}, column) => (type === 'text' ? [column] : []));
	if (texts.length === 0) return [];
	const lines = linesOf(bytes.toString('latin1'), true);
	const body = lines.slice(titles, lines.length - footer);
	const syntax = {
		...{delimiter, quote: quote as '"', comment: comment ?? ''},
		escaping: escaping === '\\' ? 'backslash' : 'doubled',
	} as const;
	const all = splitSample(body, syntax, true).records;
	// Names may stand in several.
	const records = all
		.slice(Math.max(header ? 1 : 0, all.length - dataRecords))
		.filter(({fields}) => fields.length === columns.length);
	return texts.flatMap(column =>
		oddOnes(records, column).map(({record, value, expected}) => {
			const line = titles + record.line + 1;
			const found = inQuotes(Buffer.from(value, 'latin1').toString());
			const name = inQuotes(columns[column]?.name ?? '');
			const message = `Expected ${expected} in the column ${name}, as nearly all of its cells are; found ${found}`;
			return {code: 'OUT_OF_TYPE', line, byte_offset: offsetOfLine(bytes, line), message};
		}),
	);
}

/** As people write it, besides the words that a profile takes for none. */
const NO_VALUE = /^(?:n\.?[/.]?a\.?|nil|none|null|nan|unknown|k\.?a\.?|tbd|[-.*_\x80-\xff]+)$/i;

/** At most a tenth of the cells, or a single one. */
function oddOnes(records: readonly SampleRecord[], column: number): OddCell[] {
	const cells = records
		.map(record => ({record, value: record.fields[column] ?? ''}))
		.filter(({value}) => !isNull(value) && !NO_VALUE.test(value.trim()))
		.map(cell => ({...cell, kind: soundKindOf(cell.value)}));
	for (const [kind, expected] of EXPECTED) {
		const odd = cells.filter(cell => cell.kind !== kind);
		const alike = cells.length - odd.length;
		if (alike >= LEAST_ALIKE && odd.length <= Math.max(1, cells.length / 10))
			return odd.map(cell => ({...cell, expected}));
	}
	return [];
}

const EXPECTED: readonly (readonly [CellKind, string])[] = [
	['number', 'a number'],
	['time', 'a date or a time'],
];

/** As `kindOf`, but that a date must be a day of the calendar with all of its year: `3.15.9` is a version. */
function soundKindOf(cell: string): CellKind {
	const kind = kindOf(cell);
	if (kind !== 'time') return kind;
	const [, day = ''] = /^\s*(\d+([-/.])\d+\2\d+)/.exec(cell) ?? [];
	return day === '' || (/\d{4}/.test(day) && isDay(day.split(/[-/.]/))) ? kind : 'text';
}

/** Whether three numbers are a day in some order that people write. */
const isDay = ([first = '', second = '', third = '']: readonly string[]): boolean =>
	[
		[first, second, third],
		[third, second, first],
		[third, first, second],
	].some(([year = '', month = '', day = '']) => {
		const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
		return readCell(written).class === 'date';
	});

/** Where a line begins, 1-based. */
function offsetOfLine(bytes: Buffer, line: number): number {
	let left = line - 1;
	let at = 0;
	for (; left > 0 && at < bytes.length; at++)
		if (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a)) left--;
	return at;
}
