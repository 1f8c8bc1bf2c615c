// Limits of groups and distinct values: with the real ones against the reference reader, with small ones at the kernel alone.
import {describe, expect, test} from 'vitest';
import {addDistinct, createDistinct, DISTINCT_CAP} from '../../source/analysis/distinct.ts';
import {MAX_CATEGORIES} from '../../source/analysis/transactions/transactions.ts';
import {Kernel, type KernelFigures, type KernelOutcome} from '../../source/kernel/kernel.ts';
import {byKernel, byReference} from '../helpers/outcomes.ts';

const kernel = new Kernel();

interface Limits {
	readonly mostGroups?: number;
	readonly mostGroupBytes?: number;
}

/** Reads records of four columns without a header. */
function readRecords(text: string, limits: Limits = {}): {outcome: KernelOutcome; figures: KernelFigures} {
	const bytes = Buffer.from(text, 'latin1');
	kernel.input.begin(0);
	kernel.input.space(bytes.length).set(bytes);
	kernel.input.extend(bytes.length);
	const columns = {columnCount: 4, idColumn: 0, amountColumn: 1, dateColumn: 2, groupColumn: 3};
	const most = {mostGroups: 100, mostGroupBytes: 1_000_000, mostValues: 100, mostValueBytes: 1_000_000};
	kernel.begin({delimiter: ',', quote: '"', rejectLimit: null, ...columns, ...most, ...limits}, 1);
	return {outcome: kernel.consume(true), figures: kernel.readFigures()};
}

const recordsOf = (categories: readonly string[]): string =>
	categories.map(category => `c,1,2024-01-01,${category}\n`).join('');
const numbered = (count: number): string[] => Array.from({length: count}, (_, index) => `g${index}`);

describe('groups', () => {
	test.each([1, 63, 64, 65, 1000])('%i are as many as may be', most => {
		const names = numbered(most);
		const {outcome, figures} = readRecords(recordsOf([...names, ...names]), {mostGroups: most});
		expect(outcome).toBe('needs-more');
		expect([...figures.groups.keys()].sort()).toEqual([...names].sort());
		expect(new Set([...figures.groups.values()].map(group => group.count))).toEqual(new Set([2]));
		expect(readRecords(recordsOf([...names, 'one more']), {mostGroups: most}).outcome).toBe('too-many-groups');
	});

	test.each(['short', 'a name of many bytes', '"quoted, and ""doubled"" quotes"'])('the bytes of %s count', name => {
		const length = name.replaceAll(/^"|"$/g, '').replaceAll('""', '"').length;
		const records = recordsOf([name, name, 'x', name]);
		expect(readRecords(records, {mostGroupBytes: length + 1}).outcome).toBe('needs-more');
		expect(readRecords(records, {mostGroupBytes: length}).outcome).toBe('too-many-groups');
	});

	test('names that differ only in NULs at their end, and in length about that of a key, are different ones', () => {
		const names = Array.from({length: 40}, (_, length) => ['\0'.repeat(length), `${'a'.repeat(length)}\0`]).flat();
		const {figures} = readRecords(recordsOf([...names, ...names.map(name => `"${name}"`)]));
		expect([...figures.groups.keys()].sort()).toEqual([...new Set(names)].sort());
		for (const [name, {count}] of figures.groups) expect([name, count]).toEqual([name, name === '\0' ? 4 : 2]);
	});

	test('the real limit is the reference reader’s', async () => {
		const header = 'customer_id,amount,date,category\n';
		const most = header + recordsOf(numbered(MAX_CATEGORIES));
		expect(await byKernel(Buffer.from(most))).toMatchObject({rows: MAX_CATEGORIES});
		const tooMany = Buffer.from(`${most}c,1,2024-01-01,one more`);
		expect(await byKernel(tooMany)).toEqual(await byReference(tooMany));
	});
});

describe('distinct values', () => {
	const registersOf = (values: readonly string[]): Uint8Array | null => {
		const partial = createDistinct();
		for (const value of values) addDistinct(partial, value);
		return partial.registers;
	};
	const tableOf = (ids: readonly string[]): Buffer =>
		Buffer.from(`customer_id,amount,date,category\n${ids.map(id => `${id},1,2024-01-01,g\n`).join('')}`, 'latin1');

	test.each([
		{name: 'short ones', of: (index: number) => `c${index}`},
		{name: 'long ones', of: (index: number) => `customer number ${index} of many`},
		{name: 'of all lengths', of: (index: number) => `${index}${'\0'.repeat(index % 40)}`},
	])('$name become an estimate beyond the cap, with the registers of the reference', async ({of}) => {
		const values = Array.from({length: DISTINCT_CAP}, (_, index) => of(index));
		const exact = {value: DISTINCT_CAP, exact: true};
		const within = await byKernel(tableOf([...values, of(0), of(7), '']));
		expect(within).toMatchObject({result: {unique_customers: exact}, registers: null});
		const more = [...values, of(DISTINCT_CAP), of(DISTINCT_CAP + 1), of(0)];
		expect(await byKernel(tableOf(more))).toMatchObject({
			result: {unique_customers: {exact: false}},
			registers: registersOf(more),
		});
	});

	test.each([-1, 0, 1])('16 MiB of them and %i', async over => {
		const values = Array.from({length: 16}, (_, index) => `${index}_`.padEnd(1024 * 1024 - (index === 0 ? 1 : 0), 'z'));
		const rest = 'r'.repeat(1 + over);
		const ids = [...values, rest, ...values];
		const reading = await byKernel(tableOf(ids));
		expect(reading).toMatchObject({result: {unique_customers: {exact: over <= 0}}});
		expect(reading).toMatchObject({registers: registersOf(ids)});
	});
});
