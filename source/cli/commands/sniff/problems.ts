// What is wrong with a file: the records that are left out, the errors that ended its reading, and what its beginning says.

import {findOtherTable} from '../../../engine/shared/other-table.ts';
import {likelyEncodings} from '../../../input/encodings/likely-encodings.ts';
import {differentNames} from '../../../input/join-names.ts';
import type {FileReport, RejectReport} from '../../../model/report.ts';
import type {ProfileResult} from '../../../model/results.ts';
import {quantity} from '../../../text/format.ts';
import {inQuotes} from '../../../text/in-quotes.ts';

export interface Problem {
	/** A stable upper-case word to branch on. */
	readonly code: string;
	/** Where; `null` where it is the whole file that has it, or where that is not known. */
	readonly line: number | null;
	readonly byte_offset: number | null;
	/** For people: what was expected, and what was found. */
	readonly message: string;
}

interface NamedColumn {
	readonly name: string;
	readonly undecided?: {readonly message: string};
}

/** @param oddCells - Found by another reading. */
export function problemsOf(
	report: FileReport,
	columns: readonly NamedColumn[],
	oddCells: readonly Problem[] = [],
): readonly Problem[] {
	const {error, rejects, rejected_rows: rejectedRows} = report;
	const more = rejectedRows - rejects.length;
	return [
		...(error === null ? [] : [error]),
		...emptinessOf(report),
		...encodingProblem(report, columns),
		...(report.dialect?.problems ?? []),
		...linesInFront(report),
		...linesBehind(report),
		...namesProblems(report, columns),
		...otherTable(report),
		...columns.flatMap(column => undecidedColumn(report, column)),
		...oddCells,
		...rejects.map(ofReject),
		...(more > 0 ? [moreRejects(more)] : []),
	].toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** What has no place comes behind what has one. */
const placeOf = ({byte_offset: byteOffset}: Problem): number => byteOffset ?? Number.POSITIVE_INFINITY;

function emptinessOf({error, rows, rejected_rows: rejectedRows, structure, analysis}: FileReport): Problem[] {
	if (error !== null) return [];
	if (structure?.header == null && analysis !== 'lines')
		return [{code: 'EMPTY_FILE', line: 1, byte_offset: 0, message: 'Expected a header and records, found nothing'}];
	if (rows > 0 || rejectedRows > 0) return [];
	const {line, byte_offset} = structure?.header ?? {line: 1, byte_offset: 0};
	return [{code: 'NO_RECORDS', line, byte_offset, message: 'Expected records behind the header, found none'}];
}

function encodingProblem({dialect, structure, result}: FileReport, columns: readonly NamedColumn[]): Problem[] {
	const assumed = dialect?.encoding_assumed;
	if (dialect === null || assumed === undefined) return [];
	const {line, byte_offset, mixed} = assumed;
	const texts = [
		...columns.map(({name}) => name),
		...(structure?.first_records ?? []).flat(),
		...frequentTexts(result),
	];
	const likely = likelyEncodings(bytesOf(texts));
	if (mixed && likely.length === 0) {
		const message = `Expected one encoding, found bytes that are not UTF-8 beside characters that are: all texts are read as ${dialect.encoding}, and those in UTF-8 are wrong. --encoding utf-8 reads these, and rejects the records that are not`;
		return [{code: 'ENCODING_MIXED', line, byte_offset, message}];
	}
	const advice =
		likely.length === 0
			? 'If they look wrong, name their encoding with --encoding, for example windows-1250, windows-1251 or shift_jis'
			: `They look as if they were in another one: try ${likely.map(label => `--encoding ${label}`).join(', or ')}`;
	const message = `Expected UTF-8, found bytes that are not: texts are read as ${dialect.encoding}, which is assumed. ${advice}`;
	return [{code: 'ENCODING_ASSUMED', line, byte_offset, message}];
}

/** The most frequent texts of all columns. */
function frequentTexts(result: FileReport['result']): readonly string[] {
	const {columns = []} = (result ?? {}) as Partial<ProfileResult>;
	return columns.flatMap(({top = []}) => top.map(({value}) => value));
}

/** What texts were that have been read as Windows-1252, which has a character for each byte. */
function bytesOf(texts: readonly string[]): Buffer {
	const characters = new TextDecoder('windows-1252').decode(Uint8Array.from({length: 256}, (_, byte) => byte));
	return Buffer.from([...texts.join('\n')].map(character => Math.max(0, characters.indexOf(character))));
}

function linesInFront({dialect}: FileReport): Problem[] {
	const count = dialect?.skip_lines ?? 0;
	if (count === 0) return [];
	const message = `Expected the table from the first line on, found ${quantity(count, 'line')} in front of it that ${count === 1 ? 'is' : 'are'} no part of it`;
	return [{code: 'LINES_IN_FRONT', line: 1, byte_offset: 0, message}];
}

function linesBehind({dialect}: FileReport): Problem[] {
	const count = dialect?.skip_footer ?? 0;
	const isTold = dialect?.problems?.some(({code}) => code === 'LINES_BEHIND' || code === 'OTHER_TABLE') ?? false;
	if (count === 0 || isTold) return [];
	const message = `Expected the table to the last line, found ${quantity(count, 'line')} behind it that ${count === 1 ? 'is' : 'are'} no part of it`;
	return [{code: 'LINES_BEHIND', line: null, byte_offset: null, message}];
}

function namesProblems({structure}: FileReport, columns: readonly {readonly name: string}[]): Problem[] {
	if (structure?.header == null) return [];
	const {line, byte_offset} = structure.header;
	const problems: Problem[] = [];
	const firstPlace = new Map<string, number>();
	const given = differentNames(columns.map(({name}) => name));
	for (const [index, {name}] of columns.entries()) {
		const first = firstPlace.get(name);
		if (name.trim() === '') {
			const message = `Expected a name for each column, found none for column ${index + 1}; it is called ${inQuotes(given[index] ?? '')}`;
			problems.push({code: 'EMPTY_NAME', line, byte_offset, message});
		} else if (first !== undefined) {
			const message = `Expected a different name for each column, found ${inQuotes(name)} for columns ${first + 1} and ${index + 1}; the second is called ${inQuotes(given[index] ?? '')}`;
			problems.push({code: 'DUPLICATE_NAME', line, byte_offset, message});
		} else firstPlace.set(name, index);
	}
	return problems;
}

function otherTable({rejects}: FileReport): Problem[] {
	const other = findOtherTable(rejects);
	if (other === null) return [];
	const {line, byte_offset, counts} = other;
	const message = `Expected one table, found records in a row that have ${counts}: another one may begin here, and only the first is read`;
	return [{code: 'OTHER_TABLE', line, byte_offset, message}];
}

/** It is all of a column, whose name has a place. */
const undecidedColumn = ({structure}: FileReport, {name, undecided}: NamedColumn): Problem[] =>
	undecided === undefined
		? []
		: [
				{
					code: 'AMBIGUOUS_FORM',
					line: structure?.header?.line ?? null,
					byte_offset: structure?.header?.byte_offset ?? null,
					message: `Expected one way to read column ${inQuotes(name)}: ${undecided.message}`,
				},
			];

function ofReject({line, byte_offset, column, reason, value}: RejectReport): Problem {
	const where = column === null ? '' : ` in the column ${inQuotes(column)}`;
	const at = {line, byte_offset};
	if (reason === 'field-count') {
		const [found = '', expected = ''] = value.split(', expected ');
		return {
			code: 'FIELD_COUNT',
			...at,
			message: `Expected ${quantity(Number(expected), 'field')}, as the header has; found ${found}`,
		};
	}
	if (reason === 'padding' || reason === 'repeated-header' || reason === 'nul-byte') {
		const [found = '', expected = ''] = value.split(', expected ');
		return {code: reason.toUpperCase().replaceAll('-', '_'), ...at, message: `Expected ${expected}; found ${found}`};
	}
	if (reason === 'quote') {
		const message = `Expected a delimiter or the end of the record behind a closing quote${where}; found ${inQuotes(value)}`;
		return {code: 'QUOTE', ...at, message};
	}
	if (reason === 'encoding') {
		const message = `Expected characters of the encoding of the file${where}; found ${inQuotes(value)}`;
		return {code: 'INVALID_ENCODING', ...at, message};
	}
	return {
		code: reason.toUpperCase().replaceAll('-', '_'),
		...at,
		message: `${reason}${where}; found ${inQuotes(value)}`,
	};
}

const moreRejects = (count: number): Problem => ({
	code: 'MORE_REJECTS',
	line: null,
	byte_offset: null,
	message: `${quantity(count, 'more record')} ${count === 1 ? 'is' : 'are'} malformed; --max-rejects-kept says how many are listed`,
});
