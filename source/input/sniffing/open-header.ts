// Names with a quote that is never closed: everything behind it would be a part of a name.
import type {Dialect} from '../dialect.ts';
import type {SyntaxChoice} from './choose-syntax.ts';
import {isHeader} from './header-rows.ts';
import {splitSample} from './split-sample.ts';

const QUOTE = '"';

/**
@param choose - Finds the syntax of lines.
@returns The lines with the quotes of the first one left out, where these are names that fit the records below and one of the quotes is open
to a later line or to the end; `null` elsewhere.
*/
export function closeHeader(
	lines: readonly string[],
	{quote = QUOTE, headerRows = 1}: Partial<Dialect>,
	isAll: boolean,
	choose: (lines: readonly string[]) => SyntaxChoice | null,
): readonly string[] | null {
	const place = lines.findIndex(line => line.trim() !== '');
	const header = lines[place] ?? '';
	if (quote !== QUOTE || headerRows === 0 || header.split(QUOTE).length % 2 === 1) return null;
	const closed = lines.with(place, header.replaceAll(QUOTE, ''));
	const choice = choose(closed);
	if (choice === null || choice.columns < 2) return null;
	const [names, ...rest] = choice.sample.records;
	if (names?.line !== place || names.fields.length !== choice.columns) return null;
	const below = rest.map(({fields}) => fields).filter(fields => fields.length === choice.columns);
	if (below.length === 0 || below.length < rest.length * LEAST_SHARE || !isHeader(names.fields, below)) return null;
	const asWritten = splitSample(lines, {...choice.syntax, quote: QUOTE}, isAll).records[0];
	return asWritten === undefined || asWritten.isCutShort ? closed : null;
}

/** So many of the records must have as many fields as there are names. */
const LEAST_SHARE = 0.75;
