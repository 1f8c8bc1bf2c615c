// Whether a text is written as a route wants it.
import type {Json, JsonObject} from '../../pipeline.ts';
import type {Head} from './content-look.ts';
import {inOneLine} from './describe-terms.ts';

/** Where the beginning of a text says nothing of its encoding, all of its bytes decide between these. */
export const isSaidByAllBytes = (encoding: Json | undefined): encoding is string =>
	encoding === 'utf-8' || encoding === 'windows-1252';

/**
@param archive - What the archive is that the text is in; `null` where it is in none.
@returns The first part that is not as it is wanted; `null` where there is none, as far as the beginning says.
*/
export function findOtherDialect(
	wanted: JsonObject,
	{compression, encoding, table, isText, fault}: Head,
	archive: string | null,
): {readonly term: string; readonly expected: string; readonly found: string} | null {
	const dialect = isText ? undefined : table?.dialect;
	const found: Readonly<Record<string, Json | undefined>> = {
		compression: archive ?? compression,
		encoding: encoding ?? (isSaidByAllBytes(wanted.encoding) ? wanted.encoding : 'utf-8 or windows-1252'),
		delimiter: dialect?.delimiter,
		quote: dialect?.quote,
		header: dialect === undefined ? undefined : dialect.headerRows > 0,
	};
	for (const part of PARTS) {
		const [expected, is] = [wanted[part], found[part]];
		if (expected === undefined || expected === is) continue;
		const noTable = fault === null ? 'no table' : `no table: ${fault}`;
		return {
			term: `dialect.${part}`,
			expected: describe(part, expected),
			found: is === undefined ? noTable : describe(part, is),
		};
	}
	return null;
}

/** What costs least first. */
const PARTS = ['compression', 'encoding', 'delimiter', 'quote', 'header'] as const;

function describe(part: (typeof PARTS)[number], value: Json): string {
	if (part === 'header') return value === true ? 'a header' : 'no header';
	if (part === 'compression') return value === null ? 'no compression' : String(value);
	if (value === '') return 'no quotes';
	return part === 'encoding' ? String(value) : inOneLine(String(value));
}
