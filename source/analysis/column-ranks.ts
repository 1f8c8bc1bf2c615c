// The names of a column, from the best to the weakest, in the form in which they are compared with those of headers.
import type {OwnAliases} from './column-map.ts';
import {normalizeAlias} from './column-names.ts';
import type {AnalysisDeclaration, ColumnDeclaration} from './declaration.ts';
import {partsOfAmounts, weakNames} from './roles.ts';

type Names = ReadonlySet<string>;

export interface ColumnRanks {
	/** Names in one set are equally good. */
	readonly certain: readonly Names[];
	/** How many of them are better than pairs. */
	readonly certainBeforePairs: number;
	readonly pairs: readonly {readonly plus: Names; readonly minus: Names}[];
	/** They mean many things. */
	readonly weak: Names;
	/** Whether what stands in front of a name says that it is only a part of what the column is. */
	readonly isPart: (front: string) => boolean;
}

const looseSet = (names: readonly string[]): Names => new Set(names.map(normalizeAlias));

let weak: Names | null = null;
let parts: readonly string[] | null = null;

function makeRanks(column: string, declared: ColumnDeclaration, own: readonly string[]): ColumnRanks {
	weak ??= looseSet(weakNames);
	parts ??= partsOfAmounts.map(normalizeAlias);
	const {aliases = [], pairs = [], is} = declared;
	const ranks = [[column], own, ...aliases.map(rank => (typeof rank === 'string' ? [rank] : rank))].map(looseSet);
	const isWeak = (name: string): boolean => weak?.has(name) === true;
	// What the user says is not weak.
	const weakOnes = ranks.slice(2).flatMap(rank => Array.from(rank).filter(isWeak));
	const certain = ranks.map((rank, place) =>
		place < 2 ? rank : new Set(Array.from(rank).filter(name => !isWeak(name))),
	);
	return {
		certain,
		certainBeforePairs: Math.min(3, certain.length),
		pairs: pairs.map(([plus, minus]) => ({plus: looseSet(plus), minus: looseSet(minus)})),
		weak: new Set(weakOnes),
		isPart: front => is === 'number' && parts?.some(part => front.endsWith(part)) === true,
	};
}

const noAliases: OwnAliases = {};
const known = new WeakMap<AnalysisDeclaration, WeakMap<OwnAliases, Map<string, ColumnRanks | null>>>();

/** `null` where a column has no other names. @param aliases - What the user calls it. */
export function ranksOf(declaration: AnalysisDeclaration, column: string, aliases = noAliases): ColumnRanks | null {
	const ofDeclaration = known.get(declaration) ?? new WeakMap<OwnAliases, Map<string, ColumnRanks | null>>();
	known.set(declaration, ofDeclaration);
	const ofAliases = ofDeclaration.get(aliases) ?? new Map<string, ColumnRanks | null>();
	ofDeclaration.set(aliases, ofAliases);
	const ranks = ofAliases.get(column);
	if (ranks !== undefined) return ranks;
	const declared = declaration.columns[column];
	const own = Object.hasOwn(aliases, column) ? (aliases[column] ?? []) : [];
	const hasNone = declared === undefined || (declared.aliases === undefined && own.length === 0);
	const made = hasNone ? null : makeRanks(column, declared, own);
	ofAliases.set(column, made);
	return made;
}
