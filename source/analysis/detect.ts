// Which analysis a file is for, from the names in its header.
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
Finds the most specific of the analyses that the header fits: that with the most needed columns, then with the most optional ones that
it has, then the first. Where it fits none, the first one says what is missing.

@param header - The names as found, in order.
@param analyses - Those to try, at least one.
*/
export function matchColumns(header: readonly string[], analyses: readonly AnalysisDeclaration[]): ColumnMatch {
	const names = header.map(name => ({strict: normalizeColumnName(name), loose: normalizeAlias(name)}));
	const [first, ...others] = analyses.map(declaration => matchOne(names, declaration));
	if (first === undefined) throw new Error('Expected an analysis');
	let best = first;
	for (const match of others) {
		if (match.missing.length > 0) continue;
		if (best.missing.length > 0 || isMoreSpecific(match, best)) best = match;
	}
	return best;
}

function isMoreSpecific(match: ColumnMatch, other: ColumnMatch): boolean {
	const needed = countNeeded(match.declaration) - countNeeded(other.declaration);
	return needed === 0 ? countFound(match) > countFound(other) : needed > 0;
}

const countFound = ({indexes}: ColumnMatch): number => Object.values(indexes).filter(index => index !== -1).length;
const countNeeded = (declaration: AnalysisDeclaration): number => neededOf(declaration).length;

interface HeaderName {
	readonly strict: string;
	readonly loose: string;
}

function matchOne(names: readonly HeaderName[], declaration: AnalysisDeclaration): ColumnMatch {
	const found = Object.entries(declaration.columns).map(([column, {aliases}]) => ({
		column,
		indexes: findColumn(names, column, aliases),
	}));
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
