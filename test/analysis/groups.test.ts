// Groups as pieces of memory: the same figures as a map of exact sums, whatever is merged in which order, and given up in each
// order or in none.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {addDecimals, type Decimal, withScale} from '../../source/analysis/decimal.ts';
import {count, groupBy, sum} from '../../source/analysis/declaration.ts';
import {GroupListing} from '../../source/analysis/groups/group-listing.ts';
import {createGroups, type GroupTable, giveUpGroups} from '../../source/analysis/groups/group-table.ts';
import {groupsInUtf8} from '../../source/analysis/groups/groups-in-utf8.ts';
import {absorbGroups, absorbGroupsInTurns, mergeGroups} from '../../source/analysis/groups/merge-groups.ts';
import {rankGroups} from '../../source/analysis/groups/rank-groups.ts';
import type {TableLayout} from '../../source/analysis/state-layout.ts';
import {runToEnd} from '../../source/analysis/turns.ts';
import {type Entry, groupsFrom, namedGroups, noLimits, totalOf} from '../helpers/named-groups.ts';

const measureOf = (limit: number, orderBy: 'count' | 'amount' | 'key' = 'count') =>
	groupBy('name', {count: count(), amount: sum('amount')}, {orderBy, limit});

const largest = 2n ** 127n - 1n;
const anyAmount: fc.Arbitrary<Decimal> = fc.oneof(
	fc.record({units: fc.bigInt({min: -(10n ** 6n), max: 10n ** 6n}), scale: fc.integer({min: 0, max: 4})}),
	fc.record({units: fc.bigInt({min: -(10n ** 38n), max: 10n ** 38n}), scale: fc.integer({min: 0, max: 38})}),
	fc.record({units: fc.constantFrom(largest, -largest, -largest - 1n), scale: fc.constantFrom(0, 18)}),
);
const anyName = fc.oneof(
	fc.integer({min: 0, max: 20}).map(number => `g${number}`),
	fc.string({unit: fc.integer({min: 0, max: 255}).map(byte => String.fromCharCode(byte)), maxLength: 5}),
	fc.integer({min: 0, max: 5}).map(number => `${'long '.repeat(30)}${number}`),
);
const anyEntry: fc.Arbitrary<Entry> = fc.tuple(
	anyName,
	fc.record({count: fc.oneof(fc.integer({min: 1, max: 5}), fc.constantFrom(2 ** 32 - 1, 2 ** 40)), amount: anyAmount}),
);
const anyEntries = fc.uniqueArray(anyEntry, {selector: ([name]) => name, maxLength: 40});

const anyLimits = fc
	.record({maxGroups: fc.integer({min: 0, max: 30}), maxKeyBytes: fc.integer({min: 0, max: 400})})
	.map(limits => ({...noLimits, ...limits}));

/** Names with what is the same however it was summed. */
function figuresOf(groups: GroupTable): unknown {
	if (groups.isGivenUp) return 'given up';
	const named = [...namedGroups(groups)].sort(([name], [other]) => (name < other ? -1 : 1));
	return named.map(([name, {count, amount}]) => [name, count, withScale(amount, 60).units]);
}

function addAll(parts: readonly (readonly Entry[])[]): Entry[] {
	const all = new Map<string, Entry[1]>();
	for (const [name, {count, amount}] of parts.flat()) {
		const own = all.get(name) ?? {count: 0, amount: {units: 0n, scale: 0}};
		all.set(name, {count: own.count + count, amount: addDecimals(own.amount, amount)});
	}
	return [...all].sort(([name], [other]) => (name < other ? -1 : 1));
}

const merged = (parts: readonly GroupTable[], limits: TableLayout, merge = mergeGroups): GroupTable => {
	const target = createGroups(limits);
	for (const part of parts) merge(target, part);
	return target;
};

test('what is merged is what a map of exact sums has, in every order, and leaves its parts as they were', () => {
	fc.assert(
		fc.property(fc.array(anyEntries, {maxLength: 4}), parts => {
			const partials = parts.map(part => groupsFrom(part, noLimits));
			const before = partials.map(figuresOf);
			const expected = addAll(parts).map(([name, {count, amount}]) => [name, count, withScale(amount, 60).units]);
			expect(figuresOf(merged(partials, noLimits))).toEqual(expected);
			expect(figuresOf(merged(partials.toReversed(), noLimits))).toEqual(expected);
			expect(partials.map(figuresOf)).toEqual(before);
			const clones = parts.map(part => groupsFrom(part, noLimits));
			const absorbed = merged(clones, noLimits, absorbGroups);
			expect(figuresOf(absorbed)).toEqual(expected);
			expect(totalOf(absorbed).count).toBe(expected.reduce((sum, [, count]) => sum + Number(count), 0));
			expect(clones.map(({entries, keys}) => entries.length + keys.length)).toEqual(clones.map(() => 0));
		}),
	);
});

test('more names or bytes than may be are given up in every order, fewer in none', () => {
	fc.assert(
		fc.property(fc.array(anyEntries, {maxLength: 4}), anyLimits, (parts, limits) => {
			const names = new Set(parts.flat().map(([name]) => name));
			const nameBytes = [...names].reduce((sum, {length}) => sum + length, 0);
			const isTooMuch = names.size > limits.maxGroups || nameBytes > limits.maxKeyBytes;
			for (const merge of [mergeGroups, absorbGroups]) {
				for (const order of [parts, parts.toReversed()]) {
					const partials = order.map(part => groupsFrom(part, limits));
					const groups = merged(partials, limits, merge);
					expect(groups.isGivenUp).toBe(isTooMuch);
					if (isTooMuch) expect(groups.entries.length + groups.keys.length).toBe(0);
				}
			}
		}),
	);
});

test('what is given up stays so, whatever comes', () => {
	const groups = createGroups(noLimits);
	giveUpGroups(groups);
	const other = groupsFrom([['a', {count: 1, amount: {units: 1n, scale: 0}}]], noLimits);
	mergeGroups(groups, other);
	expect(figuresOf(groups)).toBe('given up');
	mergeGroups(other, groups);
	expect(figuresOf(other)).toBe('given up');
});

test('the first in rank are those of all, in the order of the table and then by name', () => {
	fc.assert(
		fc.property(
			anyEntries,
			fc.integer({min: 1, max: 50}),
			fc.constantFrom('count' as const, 'amount' as const, 'key' as const),
			(entries, most, orderBy) => {
				const groups = groupsFrom(entries, noLimits);
				const names = [...namedGroups(groups).keys()];
				const sizeOf = ([, {count, amount}]: Entry): bigint =>
					orderBy === 'count'
						? BigInt(count)
						: orderBy === 'key'
							? 0n
							: amount.units * 10n ** BigInt(60 - amount.scale);
				const expected = entries.toSorted((one, other) => {
					const difference = sizeOf(other) - sizeOf(one);
					return difference === 0n ? (one[0] < other[0] ? -1 : 1) : difference < 0n ? -1 : 1;
				});
				expect(rankGroups(groups, measureOf(most, orderBy)).map(place => names[place])).toEqual(
					expected.slice(0, most).map(([name]) => name),
				);
			},
		),
	);
});

test('what is merged in turns is the same, whatever is merged meanwhile', async () => {
	const oneOf = (name: string) => [name, {count: 1, amount: {units: 3n, scale: 1}}] as const;
	const many = (from: number) => Array.from({length: 40_000}, (_, index) => oneOf(`g${from + index}`));
	const large = [
		{units: largest, scale: 2},
		{units: 5n, scale: 30},
	].map((amount, index) => [`large ${index}`, {count: 1, amount}] as const);
	const parts = [[...many(0), ...large], many(20_000), [...large, ...many(50_000)]];
	const expected = figuresOf(
		merged(
			parts.map(part => groupsFrom(part, noLimits)),
			noLimits,
		),
	);
	const target = createGroups(noLimits);
	let turns = 0;
	const nextTurn = async (): Promise<void> => {
		turns++;
		await new Promise(go => setImmediate(go));
	};
	await Promise.all(parts.map(part => absorbGroupsInTurns(target, groupsFrom(part, noLimits), nextTurn)));
	expect(figuresOf(target)).toEqual(expected);
	// The first part is taken over; of each other one, two for the index and two for its groups.
	expect(turns).toBe(8);
});

test('of groups that come in pieces, those that are listed are the same as of all together', () => {
	const anyCuts = fc.array(fc.integer({min: 0, max: 40}), {maxLength: 5});
	const encodings = fc.constantFrom('utf-8' as const, 'windows-1252' as const);
	fc.assert(
		fc.property(
			anyEntries,
			anyCuts,
			fc.integer({min: 0, max: 10}),
			anyLimits,
			encodings,
			(entries, cuts, most, limits, encoding) => {
				const bounds = [0, ...cuts.toSorted((one, other) => one - other), entries.length];
				const pieces = bounds.slice(1).map((end, index) => entries.slice(bounds[index], end));
				const listing = new GroupListing(createGroups(limits), measureOf(most), encoding);
				for (const piece of pieces) listing.add(groupsFrom(piece, limits));
				const whole = groupsFrom(entries, noLimits);
				const inUtf8 = {
					...(encoding === 'utf-8' ? whole : runToEnd(groupsInUtf8(whole, 'windows-1252'))),
					layout: limits,
				};
				if (inUtf8.count > limits.maxGroups || inUtf8.keyBytes > limits.maxKeyBytes) giveUpGroups(inUtf8);
				else expect(listing.groupCount).toBe(inUtf8.count);
				expect(listedOf(listing.groups, most)).toEqual(listedOf(inUtf8, most));
			},
		),
	);
});

/** The first ones, in order. */
function listedOf(groups: GroupTable, most: number): unknown {
	if (groups.isGivenUp) return 'given up';
	const all = [...namedGroups(groups)];
	return rankGroups(groups, measureOf(most)).map(place => {
		const [name, {count = 0, amount} = {count: 0, amount: {units: 0n, scale: 0}}] = all[place] ?? ['', undefined];
		return [name, count, withScale(amount, 60).units];
	});
}
