import type {ColumnFigures} from '../analysis.ts';
import {addDecimals, type Decimal, zeroDecimal} from '../decimal.ts';
import {createDistinct, type DistinctPartial, distinctOf, distinctOfRegisters, mergeDistinct} from '../distinct.ts';

/** What some of the records came to: of a file, of all files, of anything between. */
export interface TransactionsPartial {
	count: number;
	total: Decimal;
	/** By category, one character per byte. */
	readonly groups: Map<string, GroupPartial>;
	/** `YYYY-MM-DD`; as text they compare like dates. */
	earliest: string | null;
	latest: string | null;
	readonly customers: DistinctPartial;
}

export interface GroupPartial {
	count: number;
	amount: Decimal;
}

export const createPartial = (): TransactionsPartial => ({
	count: 0,
	total: zeroDecimal,
	groups: new Map(),
	earliest: null,
	latest: null,
	customers: createDistinct(),
});

export function mergeInto(target: TransactionsPartial, source: TransactionsPartial): void {
	target.count += source.count;
	target.total = addDecimals(target.total, source.total);
	for (const [category, group] of source.groups) {
		const own = target.groups.get(category);
		if (own === undefined) target.groups.set(category, {...group});
		else {
			own.count += group.count;
			own.amount = addDecimals(own.amount, group.amount);
		}
	}
	if (source.earliest !== null && (target.earliest === null || source.earliest < target.earliest)) {
		target.earliest = source.earliest;
	}
	if (source.latest !== null && (target.latest === null || source.latest > target.latest))
		target.latest = source.latest;
	mergeDistinct(target.customers, source.customers);
}

/** The partial of what the kernel found: the total is that of the groups, for each record is in one. */
export function fromColumns({groups, earliest, latest, distinct}: ColumnFigures): TransactionsPartial {
	let count = 0;
	let total = zeroDecimal;
	for (const group of groups.values()) {
		count += group.count;
		total = addDecimals(total, group.amount);
	}
	const customers =
		distinct.registers === null
			? distinctOf(distinct.keys, distinct.longValues, distinct.numbered, distinct.toldBefore)
			: distinctOfRegisters(distinct.registers);
	return {count, total, groups, earliest, latest, customers};
}
