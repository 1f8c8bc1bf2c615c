import type {Decimal} from '../../source/analysis/decimal.ts';
import {amountOf, countOf, type GroupColumns, groupsOf, nameOf} from '../../source/analysis/groups.ts';

export const noLimits = {mostGroups: Number.POSITIVE_INFINITY, mostNameBytes: Number.POSITIVE_INFINITY};

/** Groups by name, one character per byte; the count of a partial says how many of the entries there are. */
export function namedGroups(
	columns: GroupColumns & {readonly count?: number},
): Map<string, {readonly count: number; readonly amount: Decimal}> {
	const groups = groupsOf(columns, noLimits);
	return new Map(
		Array.from({length: columns.count ?? groups.count}, (_, place) => [
			nameOf(groups, place),
			{count: countOf(groups, place), amount: amountOf(groups, place)},
		]),
	);
}
