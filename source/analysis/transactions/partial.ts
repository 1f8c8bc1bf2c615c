import type {ColumnFigures, ColumnFiguresInPieces} from '../analysis.ts';
import {addDecimals, type Decimal, zeroDecimal} from '../decimal.ts';
import {
	createDistinct,
	type DistinctPartial,
	distinctInUtf8,
	distinctOf,
	distinctOfRegisters,
	mergeDistinct,
} from '../distinct.ts';
import {GroupListing} from '../group-listing.ts';
import {
	absorbGroups,
	absorbGroupsInTurns,
	createGroups,
	type GroupLimits,
	type GroupsPartial,
	type GroupTotals,
	giveUpGroups,
	groupsInUtf8,
	groupsOf,
	mergeGroups,
	totalOf,
} from '../groups.ts';
import type {TextEncoding} from '../text-encoding.ts';

/** How many categories the report lists. */
export const LISTED_CATEGORIES = 100;

/** Most categories of one file, or of all files together. A column with more values is unlikely to hold categories. */
export const MAX_CATEGORIES = 500_000;
/** And most bytes of their names together. */
export const MAX_CATEGORY_BYTES = 32 * 1024 * 1024;

export const categoryLimits: GroupLimits = {mostGroups: MAX_CATEGORIES, mostNameBytes: MAX_CATEGORY_BYTES};

/** What some of the records came to: of a file, of all files, of anything between. */
export interface TransactionsPartial {
	count: number;
	total: Decimal;
	/** By category. */
	readonly groups: GroupsPartial;
	/** `YYYY-MM-DD`; as text they compare like dates. */
	earliest: string | null;
	latest: string | null;
	readonly customers: DistinctPartial;
}

/** @param limits - Of categories; other ones are for tests. */
export const createPartial = (limits = categoryLimits): TransactionsPartial => ({
	count: 0,
	total: zeroDecimal,
	groups: createGroups(limits),
	earliest: null,
	latest: null,
	customers: createDistinct(),
});

export function mergeInto(target: TransactionsPartial, source: TransactionsPartial): void {
	mergeGroups(target.groups, source.groups);
	mergeOthers(target, source);
}

export function absorb(target: TransactionsPartial, source: TransactionsPartial): void {
	absorbGroups(target.groups, source.groups);
	mergeOthers(target, source);
}

export async function absorbInTurns(
	target: TransactionsPartial,
	source: TransactionsPartial,
	nextTurn: () => Promise<unknown>,
): Promise<void> {
	mergeOthers(target, source);
	await absorbGroupsInTurns(target.groups, source.groups, nextTurn);
}

function mergeOthers(target: TransactionsPartial, source: TransactionsPartial): void {
	target.count += source.count;
	target.total = addDecimals(target.total, source.total);
	if (source.earliest !== null && (target.earliest === null || source.earliest < target.earliest)) {
		target.earliest = source.earliest;
	}
	if (source.latest !== null && (target.latest === null || source.latest > target.latest))
		target.latest = source.latest;
	mergeDistinct(target.customers, source.customers);
}

/** The partial of a source in Windows-1252 with its texts in UTF-8. */
export const inUtf8 = (partial: TransactionsPartial): TransactionsPartial => ({
	...partial,
	groups: groupsInUtf8(partial.groups),
	customers: distinctInUtf8(partial.customers),
});

/** The partial of what the kernel found: the total is that of the groups, for each record is in one. */
export function fromColumns({groups: columns, ...others}: ColumnFigures): TransactionsPartial {
	const groups = groupsOf(columns, categoryLimits);
	return partialOf(others, groups, totalOf(groups));
}

/** The same in UTF-8 with the listed groups only. */
export function listedFromColumns(
	{groups: pieces, ...others}: ColumnFiguresInPieces,
	encoding: TextEncoding,
	limits = categoryLimits,
): TransactionsPartial {
	const listing = new GroupListing(limits, LISTED_CATEGORIES, encoding);
	for (const piece of pieces) listing.take(groupsOf(piece, limits));
	const partial = partialOf(others, listing.groups, listing.totals);
	return encoding === 'utf-8' ? partial : {...partial, customers: distinctInUtf8(partial.customers)};
}

function partialOf(
	{groupsAreGivenUp, earliest, latest, distinct}: Omit<ColumnFigures, 'groups'>,
	groups: GroupsPartial,
	{count, amount: total}: GroupTotals,
): TransactionsPartial {
	if (groupsAreGivenUp) giveUpGroups(groups);
	const customers =
		distinct.registers === null
			? distinctOf(distinct.keys, distinct.longValues, distinct.numbered, distinct.toldBefore)
			: distinctOfRegisters(distinct.registers);
	return {count, total, groups, earliest, latest, customers};
}
