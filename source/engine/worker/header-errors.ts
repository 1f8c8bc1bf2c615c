// What is said of a header that cannot be used.
import {type ColumnMatch, normalizeColumnName} from '../../analysis/detect.ts';
import {InputError} from '../../csv/input-error.ts';
import type {RecordPosition} from '../../csv/record-reader.ts';
import {findNearest} from '../../text/nearest.ts';

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

/** @param delimiter - What stands between the names. */
export function missingColumn(
	match: ColumnMatch,
	names: readonly string[],
	{line, byteOffset}: RecordPosition,
	delimiter: string,
): InputError {
	const [noun, verb] = match.missing.length === 1 ? ['column', 'is'] : ['columns', 'are'];
	const header = `The header on line ${line}`;
	const [only] = names;
	const found =
		only !== undefined && names.length === 1
			? `${header} is one field, ${quoted(only)}${explainOneField(only)}`
			: `${header} has: ${listNames(names)}`;
	return new InputError(
		'MISSING_COLUMN',
		`The ${noun} ${match.missing.join(', ')} that the ${match.analysis} analysis needs ${verb} missing. ${explainMissing(match, names, delimiter)}${found}`,
		{line, byteOffset},
	);
}

/** A sentence for what the header makes likely, or none. */
function explainMissing({missing, indexes}: ColumnMatch, names: readonly string[], delimiter: string): string {
	// A file of some binary format: no such name is in any table.
	if (names.some(name => name.includes('\0')))
		return 'There are NUL bytes in the header, so the file looks binary: export it as CSV in UTF-8, or leave it out. ';
	const line = names.join(delimiter);
	if (/^sep=.?$/i.test(line))
		return `The first line is the separator line of a spreadsheet, ${quoted(line)}: remove it. `;
	// What to do about a header of one field is said elsewhere.
	if (names.length === 1 && /[,;\t| ]/.test(line.trim())) return '';
	const others = new Map<string, string>();
	for (const [index, name] of names.entries()) {
		const normalized = normalizeColumnName(name);
		if (!indexes.includes(index) && !others.has(normalized)) others.set(normalized, name);
	}
	const known = [...others.keys()];
	const guesses = missing.flatMap(column => {
		const wanted = normalizeColumnName(column);
		const nearest = findNearest(wanted, known) ?? known.find(name => name.includes(wanted));
		return nearest === undefined ? [] : [`${quoted(others.get(nearest) ?? nearest)} for ${column}`];
	});
	return guesses.length === 0 ? '' : `Did you mean ${guesses.join(', ')}? `;
}

/** It has no delimiter outside of quotes: does it have one inside? */
const explainOneField = (name: string): string =>
	/[,;\t|]/.test(name)
		? ': is each line in quotes? Remove those around the lines'
		: '; fields are delimited by a comma, a semicolon, a tab or |';

export function ambiguousColumn(
	match: ColumnMatch,
	names: readonly string[],
	{line, byteOffset}: RecordPosition,
): InputError {
	const meant = match.ambiguous.map(column => {
		const alike = names.filter(name => normalizeColumnName(name) === normalizeColumnName(column));
		return `${column} (${listNames(alike)})`;
	});
	return new InputError(
		'DUPLICATE_COLUMN',
		`The header on line ${line} names ${meant.join(', ')} more than once, so it cannot be known which one is meant; it has: ${listNames(names)}. Rename or remove one`,
		{line, byteOffset},
	);
}
