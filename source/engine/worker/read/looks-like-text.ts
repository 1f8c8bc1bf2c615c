// Whether a file in which no analysis finds its columns is a table of other columns, or a text.
import {isMarkup} from '../../../input/foreign-formats.ts';
import {findForm} from '../../../input/lines/user-forms.ts';

/** How a file begins, and what it is called; the name is `null` where it has none. */
export interface TextStart {
	readonly fileName: string | null;
	/** Some kilobytes, or all of it. */
	readonly bytes: Uint8Array;
	/** Whether there is no more. */
	readonly isAll: boolean;
}

/** As logs are rotated: `app.log.1`, `app.log-20240301`, packed or not. */
const rotated = String.raw`(?:[.-]\d+)*(?:\.(?:gz|zst|br))?$`;
const LOG_NAME = new RegExp(String.raw`\.log${rotated}`, 'i');
const TEXT_NAME = new RegExp(String.raw`\.(?:txt|text|out|err)${rotated}`, 'i');
const TABLE_NAME = new RegExp(String.raw`\.(?:csv|tsv|tab|psv|ssv|dat|xlsx?)${rotated}`, 'i');

/** @param fileName - `null` where there is none. */
export const isNamedAsTable = (fileName: string | null): boolean => fileName !== null && TABLE_NAME.test(fileName);

/** @param fileName - `null` where there is none. */
export const isNamedAsLog = (fileName: string | null): boolean => fileName !== null && LOG_NAME.test(fileName);

/** A byte that texts do not have; logs have colours, and so ESC. */
const BINARY_BYTE = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/;

/** @param delimiter - It may be such a byte, too. */
export const hasBinaryBytes = ({bytes}: Pick<TextStart, 'bytes'>, delimiter = ''): boolean => {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
	return BINARY_BYTE.test(BINARY_BYTE.test(delimiter) ? text.replaceAll(delimiter, '') : text);
};

/** Whether at least half of the lines are those of an access log, and their file has not the name of a table. */
export const isAccessLog = ({fileName, bytes, isAll}: TextStart): boolean => {
	if (isNamedAsTable(fileName)) return false;
	const {form, share} = findForm(bytes, isAll, {pattern: null, user: 'client'});
	return form.kind === 'access' && share >= LEAST_SHARE;
};
const LEAST_SHARE = 0.5;

const DELIMITERS = [',', ';', '\t', '|'] as const;
const MAX_RECORDS = 100;

/**
One with the name of a table has a header of several fields, of which most records have as many; one column is a table, too. Others have
several records of as many fields each.
*/
export function looksLikeTable({fileName, bytes, isAll}: TextStart): boolean {
	const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
	if (BINARY_BYTE.test(start) || isNamedAsLog(fileName) || isMarkup(bytes)) return false;
	const counts = DELIMITERS.map(delimiter => countFields(start, delimiter, isAll));
	if (fileName === null || !TABLE_NAME.test(fileName)) return counts.some(each => isEvenTable(each) && each.length > 1);
	return counts.some(isMostlyEven) || counts.every(each => !isUneven(each));
}

/** In doubt it does not: then the error says which columns are missing. */
export function looksLikeText({fileName, bytes, isAll}: TextStart): boolean {
	if (isNamedAsTable(fileName)) return false;
	const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
	// A line that begins with a quote is one of a table whose quotes are wrong.
	if (BINARY_BYTE.test(start) || /^(?:\xef\xbb\xbf)?\s*"/.test(start)) return false;
	if (isNamedAsLog(fileName) || isMarkup(bytes)) return true;
	const counts = DELIMITERS.map(delimiter => countFields(start, delimiter, isAll));
	if (counts.some(isEvenTable)) return false;
	if (fileName !== null && TEXT_NAME.test(fileName)) return true;
	// Of any other name, only what is surely not a table: one column is a table, too.
	return counts.some(isUneven);
}

/** One record, a header alone, is even. */
const isEvenTable = (counts: readonly number[]): boolean =>
	counts.every(count => count === counts[0]) && (counts[0] ?? 0) > 1;

/** Whether at least half of the records have as many fields as the header, several of them. */
const isMostlyEven = (counts: readonly number[]): boolean =>
	(counts[0] ?? 0) > 1 && counts.filter(count => count === counts[0]).length * 2 >= counts.length;

const isUneven = (counts: readonly number[]): boolean => counts.some(count => count !== counts[0]);

/** How many fields each of the first records has; lines without a character are not records. */
function countFields(text: string, delimiter: string, isAll: boolean): number[] {
	const counts: number[] = [];
	let fields = 1;
	let isEmpty = true;
	let isQuoted = false;
	let isFieldStart = true;
	let isBehindQuoted = false;
	for (const character of text.replace(/^\xef\xbb\xbf/, '')) {
		if (isQuoted) {
			isQuoted = character !== '"';
			isBehindQuoted = !isQuoted;
			continue;
		}
		const isSecondQuote = isBehindQuoted && character === '"';
		isBehindQuoted = false;
		if (isSecondQuote) isQuoted = true;
		else if (character === '\n' || character === '\r') {
			if (!isEmpty && counts.push(fields) === MAX_RECORDS) return counts;
			fields = 1;
			isEmpty = true;
			isFieldStart = true;
		} else {
			isEmpty = false;
			isQuoted = character === '"' && isFieldStart;
			isFieldStart = character === delimiter;
			if (isFieldStart) fields++;
		}
	}
	if (isAll && !isEmpty) counts.push(fields);
	return counts;
}
