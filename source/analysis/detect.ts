// Which analysis a file is for, from the names in its header, and from the cells below them where a name is not that of a column itself.
import type {ColumnMap, OwnAliases} from './column-map.ts';
import {lastWordsOf, normalizeAlias, normalizeColumnName} from './column-names.ts';
import {type ColumnRanks, ranksOf} from './column-ranks.ts';
import type {AnalysisDeclaration, CellType} from './declaration.ts';
import {type ColumnIndexes, isInHeader, neededOf} from './program.ts';

export interface ColumnMatch {
	readonly declaration: AnalysisDeclaration;
	readonly indexes: ColumnIndexes;
	/** Columns of the header that are subtracted from those in `indexes`, by the names of the analysis. */
	readonly subtracted: ColumnIndexes;
	/** Needed columns that the header does not have; the first choice where there are several. */
	readonly missing: readonly string[];
	/** Columns that several names of the header stand for equally well. */
	readonly ambiguous: readonly {readonly column: string; readonly indexes: readonly number[]}[];
	/** Whether all needed columns go by their own names, or by headings that the user has named. */
	readonly isOwn: boolean;
	/** Whether a needed column was found by more than the end of a name, or a name that means many things. */
	readonly isCertain: boolean;
}

/** What is known of a file beside the names in its header. */
export interface MatchOptions {
	/** Columns that have only the heading which it says. */
	readonly map?: ColumnMap | undefined;
	/** Further names of columns. */
	readonly aliases?: OwnAliases | undefined;
	/** Of the first records; where it is left out, any fit. */
	readonly cells?: CellsFit | undefined;
	/** Which names count: `own`, those of the columns themselves; `certain`, also aliases that mean one thing. By default all. */
	readonly names?: 'own' | 'certain' | undefined;
	/** Whether cells do not matter where a column goes by its own name. */
	readonly ownNamesDecide?: boolean | undefined;
	/** Whether a column that has no fitting name with fitting cells has one where only the name fits: then records will be rejected. */
	readonly namesDecide?: boolean | undefined;
}

/** Whether nearly all of the first cells of a column are of a type; see first-cells.ts. */
export type CellsFit = (index: number, type: CellType, mayBeEmpty?: boolean) => boolean;

/**
Finds the analysis that a header is for.

@param header - The names as found, in order.
@param analyses - Those to try, at least one.
*/
export const matchColumns = (
	header: readonly string[],
	analyses: readonly AnalysisDeclaration[],
	options?: MatchOptions,
): ColumnMatch => chooseMatch(matchEach(header, analyses, options));

export function matchEach(
	header: readonly string[],
	analyses: readonly AnalysisDeclaration[],
	options: MatchOptions = {},
): readonly ColumnMatch[] {
	const names = header.map(name => new HeaderName(name));
	return analyses.map(declaration => new Matching(names, declaration, options).match);
}

/**
Finds the analysis of a file among several. Where the names of columns themselves say it, nothing else counts: cells are not looked at.
One of which all needed columns were found by the ends of names, or by names that mean many things, is not chosen.
*/
export function detectAnalysis(
	header: readonly string[],
	analyses: readonly AnalysisDeclaration[],
	options: MatchOptions = {},
): {readonly match: ColumnMatch; readonly matches: readonly ColumnMatch[]} {
	const own = matchEach(header, analyses, {...options, names: 'own'}).filter(fitsHeader);
	if (own.length > 0) {
		const {declaration} = chooseMatch(own);
		const matches = matchEach(header, [declaration], {...options, ownNamesDecide: true});
		return {match: chooseMatch(matches), matches};
	}
	const all = matchEach(header, analyses, options);
	// An uncertain one lacks what was not found for sure.
	const matches = all.map(match =>
		match.isCertain ? match : (matchEach(header, [match.declaration], {...options, names: 'certain'})[0] ?? match),
	);
	return {match: chooseMatch(matches), matches};
}

const fitsHeader = ({missing}: ColumnMatch): boolean => missing.length === 0;

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
	const countAll = (match: ColumnMatch): number => countFound(match) + countNear(match);
	const missingPart = (match: ColumnMatch): number => (match.missing.length - countNear(match)) / countNeeded(match);
	const chosen =
		best(matches.filter(fitsHeader), match => [countNeeded(match), countFound(match)]) ??
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

export const countFound = ({indexes}: ColumnMatch): number =>
	Object.values(indexes).filter(index => index !== -1).length;
const countNeeded = ({declaration}: ColumnMatch): number => neededOf(declaration).length;

/** A name of a header in the forms in which it is compared: most headers need the first one alone. */
class HeaderName {
	readonly name: string;
	readonly strict: string;
	#loose: string | undefined;
	#lastWords: readonly string[] | undefined;

	constructor(name: string) {
		this.name = name;
		this.strict = normalizeColumnName(name);
	}
	get loose(): string {
		this.#loose ??= normalizeAlias(this.name);
		return this.#loose;
	}
	get lastWords(): readonly string[] {
		this.#lastWords ??= lastWordsOf(this.name);
		return this.#lastWords;
	}
}

interface FoundColumn {
	/** Several where as many names stand for it equally well. */
	readonly indexes: readonly number[];
	readonly subtracted?: number;
	readonly isCertain: boolean;
	readonly isOwn?: boolean;
}

/** Of one analysis and one header. */
class Matching {
	readonly #names: readonly HeaderName[];
	readonly #declaration: AnalysisDeclaration;
	readonly #options: MatchOptions;
	readonly #found = new Map<string, FoundColumn>();
	/** The columns of the header that stand for some column of the analysis. */
	readonly #taken = new Set<number>();

	constructor(names: readonly HeaderName[], declaration: AnalysisDeclaration, options: MatchOptions) {
		this.#names = names;
		this.#declaration = declaration;
		this.#options = options;
		const {names: which} = options;
		this.#find(column => this.#findOwn(column));
		if (which === 'own') return;
		this.#find(column => this.#findAlias(column, options.cells));
		if (which !== 'certain') this.#find(column => this.#findVague(column, options.cells));
		if (options.cells === undefined) return;
		// A column that may be missing rejects no record.
		this.#find(column => (this.#mayReject(column) ? null : this.#findAlias(column, undefined)));
		if (options.namesDecide === true) this.#find(column => this.#findVague(column, undefined));
	}

	/** Of all columns that have not been found: a column of the header stands for one alone, unless its own name says something else. */
	#find(findOne: (column: string) => FoundColumn | null): void {
		const left = Object.keys(this.#declaration.columns).filter(column => !this.#found.has(column));
		for (const column of left) {
			const found = findOne(column);
			if (found !== null) this.#found.set(column, found);
		}
		for (const {indexes, subtracted = -1} of this.#found.values())
			for (const index of [...indexes, subtracted]) this.#taken.add(index);
	}

	#mayReject(column: string): boolean {
		return this.#options.namesDecide !== true && this.#declaration.columns[column]?.optional !== true;
	}

	#placesOf(fits: (name: HeaderName, index: number) => boolean): number[] {
		return this.#names.flatMap((name, index) => (fits(name, index) ? [index] : []));
	}

	/** By the heading that the user has named, or by the name of the column. */
	#findOwn(column: string): FoundColumn | null {
		const {map = {}} = this.#options;
		if (Object.hasOwn(map, column))
			return {indexes: this.#findHeading(map[column] ?? ''), isCertain: true, isOwn: true};
		const own = normalizeColumnName(column);
		const isTrusted = this.#options.names === 'own' || this.#options.ownNamesDecide || this.#options.namesDecide;
		const cellsFit = isTrusted === true ? undefined : this.#options.cells;
		const indexes = this.#placesOf(({strict}, index) => strict === own && this.#fits(column, index, cellsFit));
		return indexes.length === 0 ? null : {indexes, isCertain: true, isOwn: true};
	}

	/** As it is written, otherwise but for case and what is between its words. */
	#findHeading(heading: string): number[] {
		const exact = this.#placesOf(({name}) => name === heading);
		const wanted = normalizeColumnName(heading);
		return exact.length > 0 ? exact : this.#placesOf(({strict}) => strict === wanted);
	}

	#ranksOf(column: string): ColumnRanks | null {
		return ranksOf(this.#declaration, column, this.#options.aliases);
	}

	#findAlias(column: string, cellsFit: CellsFit | undefined): FoundColumn | null {
		const ranks = this.#ranksOf(column);
		if (ranks === null) return null;
		for (const [place, rank] of ranks.certain.entries()) {
			const indexes = this.#placesOf(
				({loose}, index) => rank.has(loose) && !this.#taken.has(index) && this.#fits(column, index, cellsFit),
			);
			if (indexes.length > 0) return {indexes, isCertain: true};
			// Two columns together are better than a name that may be one of several amounts.
			const pair = place === ranks.certainBeforePairs - 1 ? this.#findPair(column, ranks, cellsFit) : null;
			if (pair !== null) return pair;
		}
		return null;
	}

	#findPair(column: string, {pairs}: ColumnRanks, cellsFit: CellsFit | undefined): FoundColumn | null {
		for (const {plus, minus} of pairs) {
			// One of the two is empty in each record, and may be so in all of the first ones.
			const [[added, ...more], [subtracted, ...others]] = [plus, minus].map(rank =>
				this.#placesOf(({loose}, index) => rank.has(loose) && this.#fits(column, index, cellsFit, true)),
			) as [number[], number[]];
			if (added === undefined || subtracted === undefined) continue;
			if (!this.#fits(column, added, cellsFit) && !this.#fits(column, subtracted, cellsFit)) continue;
			if (others.length === 0) return {indexes: [added, ...more], subtracted, isCertain: true};
			if (more.length === 0) return {indexes: [subtracted, ...others], subtracted: added, isCertain: true};
		}
		return null;
	}

	/** By the end of a name, or by names that mean many things. */
	#findVague(column: string, cellsFit: CellsFit | undefined): FoundColumn | null {
		const ranks = this.#ranksOf(column);
		// A line of a text is one name, too, and may end in any word.
		if (ranks === null || this.#names.length === 1) return null;
		const {certain, weak, isPart} = ranks;
		const endsIn =
			(rank: ReadonlySet<string>) =>
			({lastWords, loose}: HeaderName): boolean =>
				lastWords.some(words => rank.has(words) && !isPart(loose.slice(0, -words.length)));
		const tries = [
			...certain.map(endsIn),
			({loose}: HeaderName): boolean => weak.has(loose),
			...(weak.size === 0 ? [] : [endsIn(weak)]),
		];
		for (const fitsName of tries) {
			const indexes = this.#placesOf(
				(name, index) => !this.#taken.has(index) && fitsName(name) && this.#fits(column, index, cellsFit),
			);
			// Many names end alike: only who asks for the analysis must say which one is meant.
			if (indexes.length > 1 && this.#options.namesDecide !== true) return null;
			if (indexes.length > 0) return {indexes, isCertain: false};
		}
		return null;
	}

	#fits(column: string, index: number, cellsFit: CellsFit | undefined, mayBeEmpty?: boolean): boolean {
		const type = this.#declaration.columns[column]?.is ?? 'text';
		return cellsFit === undefined || type === 'text' || cellsFit(index, type, mayBeEmpty);
	}

	/** Whether the first choice of a name that the header has goes by own names. */
	#isOwn(name: string): boolean {
		const derivation = this.#declaration.derive?.[name];
		if (derivation === undefined) return this.#found.get(name)?.isOwn === true;
		if ('js' in derivation) return true;
		const isOwn = (of: string): boolean => this.#isOwn(of);
		return 'product' in derivation ? derivation.product.every(isOwn) : derivation.firstOf.some(isOwn);
	}

	get match(): ColumnMatch {
		const declaration = this.#declaration;
		const columns = Object.keys(declaration.columns);
		const found = columns.map(column => [column, this.#found.get(column)] as const);
		const indexes = Object.fromEntries(found.map(([column, one]) => [column, one?.indexes[0] ?? -1]));
		const subtracted = Object.fromEntries(
			found.flatMap(([column, one]) => (one?.subtracted === undefined ? [] : [[column, one.subtracted] as const])),
		);
		const needed = neededOf(declaration);
		const missing = needed.filter(name => !isInHeader({declaration, indexes}, name));
		return {
			...{declaration, indexes, subtracted},
			missing: missing.map(name => firstChoice(declaration, name)),
			ambiguous: found.flatMap(([column, one]) =>
				one === undefined || one.indexes.length < 2 ? [] : [{column, indexes: one.indexes}],
			),
			isOwn: needed.every(name => this.#isOwn(name)),
			isCertain: needed.flatMap(name => sourcesOf(declaration, name)).some(name => this.#found.get(name)?.isCertain),
		};
	}
}

/** The columns that a name may be made of. */
function sourcesOf(declaration: AnalysisDeclaration, name: string): string[] {
	const derivation = declaration.derive?.[name];
	if (derivation === undefined || 'js' in derivation) return [name];
	const names = 'product' in derivation ? derivation.product : derivation.firstOf;
	return names.flatMap(of => sourcesOf(declaration, of));
}

function firstChoice({derive = {}}: AnalysisDeclaration, name: string): string {
	const derivation = derive[name];
	return derivation !== undefined && 'firstOf' in derivation ? (derivation.firstOf[0] ?? name) : name;
}
