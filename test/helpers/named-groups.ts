// Tables with one sum: made of entries, and told by their names.
import {addDecimals, type Decimal, zeroDecimal} from '../../source/analysis/decimal.ts';
import {
	createGroups,
	type GroupTable,
	groupsOf,
	keyParts,
	recordsOf,
	sumOf,
	textOf,
} from '../../source/analysis/groups/group-table.ts';
import {mergeGroups} from '../../source/analysis/groups/merge-groups.ts';
import type {TableLayout} from '../../source/analysis/state-layout.ts';
import {writeWords} from '../../source/analysis/wide-sums.ts';

export interface Group {
	readonly count: number;
	readonly amount: Decimal;
}
/** Names have one character per byte. */
export type Entry = readonly [name: string, group: Group];

export const noLimits: TableLayout = {
	place: 0,
	keyParts: 1,
	isComputed: [false],
	sums: new Map([['amount', 0]]),
	countWords: [-1],
	countsKeys: false,
	isTimed: [],
	maxScales: [100],
	hasExtremes: false,
	extremeWords: [-1],
	ranges: new Map(),
	rangeWords: [],
	entryWords: 7,
	maxGroups: 2 ** 20,
	maxKeyBytes: 2 ** 30,
};

/** What adds entries one by one. */
export function groupsFrom(all: Iterable<Entry>, layout: TableLayout): GroupTable {
	const groups = createGroups(layout);
	for (const [name, {count, amount}] of all) {
		const entries = Uint32Array.of(name.length, count, count / 2 ** 32, 0, 0, 0, 0);
		const isWide = amount.scale > 18 || !writeWords(entries, 3, amount.units);
		const figures = {
			isGivenUp: false,
			entries,
			keys: new Uint8Array(Buffer.from(name, 'latin1')),
			scales: [isWide ? 0 : amount.scale],
			additions: isWide ? [{group: 0, sum: 0, value: amount}] : [],
		};
		mergeGroups(groups, groupsOf(figures, {...layout, maxGroups: 1, maxKeyBytes: noLimits.maxKeyBytes}));
	}
	return groups;
}

export const namedGroups = (groups: GroupTable): Map<string, Group> =>
	new Map(
		Array.from({length: groups.count}, (_, place) => [
			keyParts(groups, place)
				.map(part => textOf(groups, part))
				.join(),
			{count: recordsOf(groups, place), amount: sumOf(groups, place, 0)},
		]),
	);

/** The records of all groups, and their sum. */
export function totalOf(groups: GroupTable): Group {
	let total: Group = {count: 0, amount: zeroDecimal};
	for (const {count, amount} of namedGroups(groups).values())
		total = {count: total.count + count, amount: addDecimals(total.amount, amount)};
	return total;
}
