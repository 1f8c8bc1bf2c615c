// Limits of groups and distinct values: with the real ones against the reference reader, with small ones at the kernel alone.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {addDistinct, createDistinct} from '../../source/analysis/distinct.ts';
import type {AnalysisFigures} from '../../source/analysis/figures.ts';
import {type GroupTable, groupsOf} from '../../source/analysis/groups/group-table.ts';
import {defaultCaps} from '../../source/analysis/state-layout.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {KernelOutcome} from '../../source/kernel/outcomes.ts';
import {transactionsSpec} from '../helpers/kernel-specs.ts';
import {namedGroups, noLimits} from '../helpers/named-groups.ts';
import {byKernel, byReference} from '../helpers/outcomes.ts';

const kernel = new Kernel();

interface Limits {
	readonly maxGroups?: number;
	readonly maxKeyBytes?: number;
}

/** Reads records of four columns without a header. */
function readRecords(text: string, limits: Limits = {}): {outcome: KernelOutcome; figures: AnalysisFigures} {
	const bytes = Buffer.from(text, 'latin1');
	kernel.input.begin(0);
	kernel.input.space(bytes.length).set(bytes);
	kernel.input.extend(bytes.length);
	const columns = {columnCount: 4, customer_id: 0, amount: 1, date: 2, category: 3};
	const caps = {maxGroups: 100, maxKeyBytes: 1_000_000, maxValues: 100, maxValueBytes: 1_000_000};
	kernel.begin(transactionsSpec(columns, {...caps, ...limits}), 1);
	const outcome = kernel.consume(true);
	const [figures] = kernel.readFigures();
	if (figures === undefined) throw new Error('Expected figures of an analysis');
	return {outcome, figures};
}

function tableOf(figures: AnalysisFigures): GroupTable {
	const [table] = figures.tables;
	if (table === undefined) throw new Error('Expected a table');
	return groupsOf(table, noLimits);
}

const recordsOf = (categories: readonly string[]): string =>
	categories.map(category => `c,1,2024-01-01,${category}\n`).join('');
const numbered = (count: number): string[] => Array.from({length: count}, (_, index) => `g${index}`);

describe('groups', () => {
	/** What is left of groups that were given up. */
	const restOf = (text: string, limits: Limits): unknown => {
		const {outcome, figures} = readRecords(text, limits);
		expect([outcome, figures.tables[0]?.isGivenUp]).toEqual(['needs-more', true]);
		return [figures.records, figures.sums];
	};
	const restOfSame = (count: number): unknown => [count, [{units: BigInt(count), scale: 0, count}]];

	test.each([1, 63, 64, 65, 126, 127, 128, 1000])('%i are as many as may be', most => {
		const names = numbered(most);
		const {outcome, figures} = readRecords(recordsOf([...names, ...names]), {maxGroups: most});
		expect([outcome, figures.tables[0]?.isGivenUp]).toEqual(['needs-more', false]);
		const groups = namedGroups(tableOf(figures));
		expect([...groups.keys()].sort()).toEqual([...names].sort());
		expect(new Set([...groups.values()].map(group => group.count))).toEqual(new Set([2]));
		const tooMany = recordsOf([...names, 'one more', ...names]);
		expect(restOf(tooMany, {maxGroups: most})).toEqual(restOfSame(2 * most + 1));
	});

	test.each(['short', 'a name of many bytes', '"quoted, and ""doubled"" quotes"'])('the bytes of %s count', name => {
		const length = name.replaceAll(/^"|"$/g, '').replaceAll('""', '"').length;
		const records = recordsOf([name, name, 'x', name]);
		expect(readRecords(records, {maxKeyBytes: length + 1}).figures.tables[0]?.isGivenUp).toBe(false);
		expect(restOf(records, {maxKeyBytes: length})).toEqual(restOfSame(4));
	});

	const anyAmount = fc.oneof(
		fc.integer({min: -1000, max: 1000}).map(String),
		fc.constantFrom('0.001', '-12.5', '12345678901234567890.12', `-${'9'.repeat(38)}`, `.${'7'.repeat(38)}`),
		// Sums of 64 bits, and such as leave 128 when decimals are added to them.
		fc.constantFrom('999999999999999999', '9.00000000000000001'),
	);
	test('groups that are given up leave the sum of all', () => {
		const anyRecord = fc.tuple(anyAmount, fc.integer({min: 0, max: 9}));
		fc.assert(
			fc.property(fc.array(anyRecord, {maxLength: 60}), fc.integer({min: 0, max: 10}), (records, maxGroups) => {
				const text = records.map(([amount, group]) => `c,${amount},2024-01-01,g${group}\n`).join('');
				const {figures} = readRecords(text, {maxGroups});
				expect(figures.tables[0]?.isGivenUp).toBe(new Set(records.map(([, group]) => group)).size > maxGroups);
				expect(figures.sums).toEqual(readRecords(text).figures.sums);
			}),
		);
	});

	test('names that differ only in their length, about that of a key, are different ones', () => {
		const names = Array.from({length: 40}, (_, length) => ['\x01'.repeat(length), `${'a'.repeat(length)}\x01`]).flat();
		const {figures} = readRecords(recordsOf([...names, ...names.map(name => `"${name}"`)]));
		const groups = namedGroups(tableOf(figures));
		expect([...groups.keys()].sort()).toEqual([...new Set(names)].sort());
		for (const [name, {count}] of groups) expect([name, count]).toEqual([name, name === '\x01' ? 4 : 2]);
	});

	test('the real limit is the reference reader’s', async () => {
		const header = 'customer_id,amount,date,category\n';
		const most = header + recordsOf(numbered(defaultCaps.maxGroups));
		expect(await byKernel(Buffer.from(most))).toMatchObject({rows: defaultCaps.maxGroups});
		const tooMany = Buffer.from(`${most}c,1,2024-01-01,one more`);
		const outcome = await byKernel(tooMany);
		expect(outcome).toMatchObject({result: {top_category: null, total_amount: defaultCaps.maxGroups + 1}});
		expect(outcome).toEqual(await byReference(tooMany));
	});
});

describe('distinct values', () => {
	const registersOf = (values: readonly string[]): Uint8Array | null => {
		const partial = createDistinct();
		for (const value of values) addDistinct(partial, value);
		return partial.registers;
	};
	const csvOf = (ids: readonly string[]): Buffer =>
		Buffer.from(`customer_id,amount,date,category\n${ids.map(id => `${id},1,2024-01-01,g\n`).join('')}`, 'latin1');

	test.each([
		{name: 'short ones', of: (index: number) => `c${index}`},
		{name: 'long ones', of: (index: number) => `customer number ${index} of many`},
		{name: 'of all lengths', of: (index: number) => `${index}${'\x01'.repeat(index % 40)}`},
	])('$name become an estimate beyond the cap, with the registers of the reference', async ({of}) => {
		const values = Array.from({length: defaultCaps.maxValues}, (_, index) => of(index));
		const exact = {value: defaultCaps.maxValues, exact: true};
		const within = await byKernel(csvOf([...values, of(0), of(7), '']));
		expect(within).toMatchObject({result: {unique_customers: exact}, registers: null});
		const more = [...values, of(defaultCaps.maxValues), of(defaultCaps.maxValues + 1), of(0)];
		expect(await byKernel(csvOf(more))).toMatchObject({
			result: {unique_customers: {exact: false}},
			registers: registersOf(more),
		});
	});

	test.each([-1, 0, 1])('16 MiB of them and %i', async over => {
		const values = Array.from({length: 16}, (_, index) => `${index}_`.padEnd(1024 * 1024 - (index === 0 ? 1 : 0), 'z'));
		const rest = 'r'.repeat(1 + over);
		const ids = [...values, rest, ...values];
		const reading = await byKernel(csvOf(ids));
		expect(reading).toMatchObject({result: {unique_customers: {exact: over <= 0}}});
		expect(reading).toMatchObject({registers: registersOf(ids)});
	});
});
