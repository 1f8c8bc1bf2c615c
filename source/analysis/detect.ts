// Which analysis a file is for, from the names in its header.
import type {ColumnMap} from './column-map.ts';
import {normalizeAlias, normalizeColumnName} from './column-names.ts';
import type {AnalysisDeclaration, ColumnDeclaration} from './declaration.ts';
import {type ColumnIndexes, isInHeader, neededOf} from './program.ts';

export interface ColumnMatch {
	readonly declaration: AnalysisDeclaration;
	readonly indexes: ColumnIndexes;
	/** Needed columns that the header does not have; the first choice where there are several. */
	readonly missing: readonly string[];
	/** Columns that several names of the header stand for equally well. */
	readonly ambiguous: readonly {readonly column: string; readonly indexes: readonly number[]}[];
}

/**
Finds the analysis that a header is for.

@param header - The names as found, in order.
@param analyses - Those to try, at least one.
@param map - Columns that have only the heading which it says.
*/
export const matchColumns = (
	header: readonly string[],
	analyses: readonly AnalysisDeclaration[],
	map?: ColumnMap,
): ColumnMatch => chooseMatch(matchEach(header, analyses, map));

export function matchEach(
	header: readonly string[],
	analyses: readonly AnalysisDeclaration[],
	map: ColumnMap = {},
): readonly ColumnMatch[] {
	const names = header.map(name => ({name, strict: normalizeColumnName(name), loose: normalizeAlias(name)}));
	return analyses.map(declaration => matchOne(names, declaration, map));
}

/**
Chooses the most specific of the analyses that the header fits: that with the most needed columns, then with the most optional ones that
it has, then the first. Where it fits none, that of which it has the largest part of the needed columns, then the most columns, then the
first.

@param countNear - How many missing columns count as found, because the header has a name that nearly fits.
*/
export function chooseMatch(
	matches: readonly ColumnMatch[],
	countNear: (match: ColumnMatch) => number = () => 0,
): ColumnMatch {
	const fits = matches.filter(({missing}) => missing.length === 0);
	const countAll = (match: ColumnMatch): number => countFound(match) + countNear(match);
	const missingPart = (match: ColumnMatch): number => (match.missing.length - countNear(match)) / countNeeded(match);
	const chosen =
		best(fits, match => [countNeeded(match), countFound(match)]) ??
		best(matches, match => [-missingPart(match), countAll(match)]);
	if (chosen === undefined) throw new Error('Expected an analysis');
	return chosen;
}

/** That with the highest first rank, then the highest second one, then the first. */
function best(
	matches: readonly ColumnMatch[],
	ranksOf: (match: ColumnMatch) => readonly [number, number],
): ColumnMatch | undefined {
	const ranked = matches.map(match => ({match, ranks: ranksOf(match)}));
	ranked.sort(({ranks: left}, {ranks: right}) => right[0] - left[0] || right[1] - left[1]);
	return ranked[0]?.match;
}

const countFound = ({indexes}: ColumnMatch): number => Object.values(indexes).filter(index => index !== -1).length;
const countNeeded = ({declaration}: ColumnMatch): number => neededOf(declaration).length;

interface HeaderName {
	readonly name: string;
	readonly strict: string;
	readonly loose: string;
}

function matchOne(names: readonly HeaderName[], declaration: AnalysisDeclaration, map: ColumnMap): ColumnMatch {
	const found = Object.entries(declaration.columns).map(([column, {aliases}]) => {
		const heading = Object.hasOwn(map, column) ? map[column] : undefined;
		return {
			column,
			indexes: heading === undefined ? findColumn(names, column, aliases) : findHeading(names, heading),
		};
	});
	const indexes = Object.fromEntries(found.map(({column, indexes: [index = -1]}) => [column, index]));
	return {
		declaration,
		indexes,
		missing: neededOf(declaration)
			.filter(name => !isInHeader({declaration, indexes}, name))
			.map(name => firstChoice(declaration, name)),
		ambiguous: found.filter(({indexes: all}) => all.length > 1),
	};
}

/** Where a heading that the user has named stands: as it is written, otherwise but for case and what is between its words. */
function findHeading(names: readonly HeaderName[], heading: string): number[] {
	const placesOf = (fits: (name: HeaderName) => boolean): number[] =>
		names.flatMap((name, index) => (fits(name) ? [index] : []));
	const exact = placesOf(({name}) => name === heading);
	const wanted = normalizeColumnName(heading);
	return exact.length > 0 ? exact : placesOf(({strict}) => strict === wanted);
}

/** Where a column stands in a header: several places where as many names stand for it equally well. */
function findColumn(names: readonly HeaderName[], column: string, aliases: ColumnDeclaration['aliases']): number[] {
	const placesOf = (fits: (name: HeaderName) => boolean): number[] =>
		names.flatMap((name, index) => (fits(name) ? [index] : []));
	const own = normalizeColumnName(column);
	const exact = placesOf(({strict}) => strict === own);
	if (exact.length > 0 || aliases === undefined) return exact;
	for (const alias of [column, ...aliases]) {
		const wanted = looseNameOf(alias);
		const places = placesOf(({loose}) => loose === wanted);
		if (places.length > 0) return places;
	}
	return [];
}

const looseNames = new Map<string, string>();
/** Of an alias; there are few, and they are the same for each header. */
function looseNameOf(alias: string): string {
	const loose = looseNames.get(alias) ?? normalizeAlias(alias);
	looseNames.set(alias, loose);
	return loose;
}

function firstChoice({derive = {}}: AnalysisDeclaration, name: string): string {
	const derivation = derive[name];
	return derivation !== undefined && 'firstOf' in derivation ? (derivation.firstOf[0] ?? name) : name;
}
