// The parts by which faults are found: forms of dates and numbers, outliers, keys of records, the score.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {formOf} from '../../source/analysis/quality/cell-forms.ts';
import {findOutliers} from '../../source/analysis/quality/outliers.ts';
import {comparePlaces, keepFirst, type Place} from '../../source/analysis/quality/places.ts';
import {hashBytes, keyOfCell, keyOfRecord} from '../../source/analysis/quality/record-key.ts';
import {type ScoredShares, scoreOf} from '../../source/analysis/quality/score.ts';

test.each([
	['31.12.2023', '31.01.2024'],
	['1.2.2024', '31.01.2024'],
	['12/31/2023', '1/31/2024'],
	['31/12/2023', '1/31/2024'],
	['31-12-2023', '31-01-2024'],
	['2023/12/31', '2024/01/31'],
	['31 Dec 2023', '31 Jan 2024'],
	['1 September 2023', '31 Jan 2024'],
	['2023-02-29', 'malformed date'],
	['0000-00-00', 'malformed date'],
	['31.02.2024', 'malformed date'],
	['13/13/2024', 'malformed date'],
	['2024-13-01T10:00', 'malformed date'],
	['12,5', '1234,5'],
	['1234,56', '1234,5'],
	['1,234.50', '1,234.5'],
	['1,234', '1,234.5'],
	['1.234,50', '1.234,5'],
	['1.234.567', '1.234,5'],
	['1 234.50', '1 234.5'],
	["1'234.50", '1 234.5'],
	['$9.99', '$1234.5'],
	['\xe2\x82\xac9.99', '$1234.5'],
	['\x809.99', '$1234.5'],
	['9,99 \xe2\x82\xac', '$1234.5'],
	['12 %', '12 %'],
	['1.2.3', 'malformed number'],
	['--5.00', 'malformed number'],
	['12 50', 'malformed number'],
	['12,5o', 'malformed number'],
	['12 Main Street', null],
	['abc', null],
	['x9', null],
	['n/a', null],
	['yesterday', null],
	['A-12', null],
	['', null],
])('the text %s has the form %s', (text, form) => {
	expect(formOf(text)).toBe(form);
});

describe('outliers', () => {
	test('are those of the formula, computed number by number', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.integer({min: -20, max: 20}), fc.integer()), {minLength: 1}), all => {
				const sorted = all.toSorted((one, other) => one - other);
				const middle = (list: readonly number[]): number => list[Math.ceil(list.length / 2) - 1] ?? 0;
				const median = middle(sorted);
				const mad = middle(all.map(x => Math.abs(x - median)).sort((one, other) => one - other));
				const isFar = (x: number): boolean => mad > 0 && (0.6745 * Math.abs(x - median)) / mad > 3.5;
				const counts = new Map<number, number>();
				for (const x of sorted) counts.set(x, (counts.get(x) ?? 0) + 1);
				const isOutlier = findOutliers(Array.from(counts, ([x, count]) => ({units: BigInt(x), count})));
				for (const x of all) expect([x, isOutlier(BigInt(x))]).toEqual([x, isFar(x)]);
			}),
		);
	});

	test('there are none among no numbers, and where most numbers are equal', () => {
		expect(findOutliers([])(1n)).toBe(false);
		expect(
			findOutliers([
				{units: 5n, count: 9},
				{units: 1000n, count: 1},
			])(1000n),
		).toBe(false);
	});
});

test('the first places are the smallest, whatever the order in which they come', () => {
	const places = fc.array(fc.record({line: fc.nat(5), byteOffset: fc.nat(20)}));
	fc.assert(
		fc.property(places, all => {
			const first: Place[] = [];
			for (const place of all) keepFirst(first, place, comparePlaces);
			expect(first).toEqual(all.toSorted(comparePlaces).slice(0, 3));
		}),
	);
});

describe('the key of a record', () => {
	const fields = fc.array(fc.string({unit: fc.constantFrom('a', ',', '"', '\n', ';', '\xe4'), maxLength: 20}), {
		minLength: 1,
		maxLength: 5,
	});

	test('is the same for the same cells alone', () => {
		fc.assert(
			fc.property(fields, fields, fc.constantFrom(',', ';'), (one, other, delimiter) => {
				expect(keyOfRecord(one, delimiter)).toHaveLength(15);
				expect(keyOfRecord(one, delimiter) === keyOfRecord(other, delimiter)).toBe(
					JSON.stringify(one) === JSON.stringify(other),
				);
			}),
		);
	});

	test('differs for records that differ in any one byte or two', () => {
		const base = 'T0000001,C000001,12.50,2024-01-31,groceries,EUR,';
		const keys = new Set([hashBytes(base)]);
		let count = 1;
		for (let at = 0; at < base.length; at++) {
			for (let other = at; other < base.length; other++) {
				const bytes = Buffer.from(base, 'latin1');
				bytes[at] = (bytes[at] ?? 0) ^ 1;
				if (other > at) bytes[other] = (bytes[other] ?? 0) ^ 1;
				keys.add(hashBytes(bytes.toString('latin1')));
				count++;
			}
		}
		expect(keys.size).toBe(count);
	});

	test('is what whole numbers of 64 bits come to', () => {
		const mask = (1n << 64n) - 1n;
		const mixed = (sum: bigint): bigint => {
			let word = sum & mask;
			word = ((word ^ (word >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & mask;
			word = ((word ^ (word >> 27n)) * 0x94d0_49bb_1331_11ebn) & mask;
			return word ^ (word >> 31n);
		};
		const product = (word: bigint): bigint => (word & 0xffff_ffffn) * (word >> 32n);
		fc.assert(
			fc.property(fc.uint8Array({maxLength: 100}), bytes => {
				const padded = Buffer.alloc(Math.ceil(bytes.length / 16) * 16);
				padded.set(bytes);
				let [one, other] = [BigInt(bytes.length), BigInt(~bytes.length >>> 0)];
				let step = 0n;
				for (let at = 0; at < padded.length; at += 16) {
					const [first, second] = [padded.readBigUInt64LE(at), padded.readBigUInt64LE(at + 8)];
					one += product(first ^ ((0xbe4b_a423_396c_feb8n + step) & mask)) + second;
					other += product(second ^ ((0x1cad_2172_1f71_9c2dn + step) & mask)) + first;
					step += 0x9e37_79b9_7f4a_7c15n;
				}
				const key = Buffer.alloc(16);
				key.writeBigUInt64LE(mixed(one), 0);
				key.writeBigUInt64LE(mixed(other), 8);
				expect(hashBytes(Buffer.from(bytes).toString('latin1'))).toBe(key.toString('latin1', 0, 15));
			}),
		);
	});

	test('short cells are their own keys', () => {
		expect(keyOfCell('T1')).toBe('T1');
		expect(keyOfCell('550e8400-e29b-41d4-a716-446655440000')).toHaveLength(15);
	});
});

describe('the score', () => {
	const none = {faults: 0, all: 0};
	const clean: ScoredShares = {missing: none, outOfType: none, duplicateKeys: none, forms: none, structural: none};

	test.each<[Partial<ScoredShares>, string]>([
		[{}, '100.00'],
		[{missing: {faults: 1, all: 10}}, '97.00'],
		[{missing: {faults: 1, all: 3}, structural: {faults: 1, all: 3}}, '86.67'],
		// 100 - 0.005 and 100 - 0.015: half to even.
		[{structural: {faults: 1, all: 2000}}, '100.00'],
		[{structural: {faults: 3, all: 2000}}, '99.98'],
		[{missing: {faults: 1, all: 1}, outOfType: {faults: 1, all: 1}, duplicateKeys: {faults: 2, all: 1}}, '0.00'],
	])('of %j is %s', (shares, score) => {
		expect(scoreOf({...clean, ...shares})).toBe(score);
	});
});
