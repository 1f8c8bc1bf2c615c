// Distinct ids that end in a number, which the kernel keeps as bits where they are dense: whatever ids there are, the values it
// tells are those that came. assembly/dense-ids.ts says when it does that.
import {isUtf8} from 'node:buffer';
import {describe, expect, test} from 'vitest';
import {idsOf} from '../../source/analysis/dense-ids.ts';
import {addDistinct, createDistinct} from '../../source/analysis/distinct.ts';
import type {AnalysisFigures} from '../../source/analysis/figures.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {KernelSpec} from '../../source/kernel/spec.ts';
import {transactionsSpec} from '../helpers/kernel-specs.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomSeeds} from '../helpers/random-cases.ts';

let kernel = new Kernel();

type Quoting = 'none' | 'all' | 'some';

interface Layout {
	readonly quoting?: Quoting;
	readonly newline?: '\n' | '\r\n' | '\r';
	/** Whether ids stand at the records' ends. */
	readonly isLast?: boolean;
}

const usualCaps = {maxValues: 200_000, maxValueBytes: 16 * 1024 * 1024};

/** Reads one record for each id. */
function read(ids: readonly string[], layout: Layout): string[] {
	readRecords(ids, layout);
	return valuesOf(kernel.readFigures());
}

function valuesOf([figures]: readonly AnalysisFigures[]): string[] {
	const [set] = figures?.sets ?? [];
	if (set === undefined || set.registers !== null) throw new Error('Expected exact values');
	const denseIds = set.denseIds === null ? [] : idsOf(set.denseIds);
	return [...textsOf(set.keys), ...set.longValues, ...denseIds];
}

function readRecords(ids: readonly string[], layout: Layout, caps = usualCaps): void {
	kernel.begin(load(ids, layout, caps), 1);
	expect(kernel.consume(true)).toBe('needs-more');
	expect([kernel.rows, kernel.rejectedRows]).toEqual([ids.length, 0]);
}

/** Puts the records into the kernel's input. Returns how they are to be read. */
function load(
	ids: readonly string[],
	{quoting = 'none', newline = '\n', isLast = false}: Layout,
	caps = usualCaps,
): KernelSpec {
	const lines = ids.map((id, index) => {
		const needsQuotes = /["\r\n,]/.test(id);
		const isQuoted = needsQuotes || quoting === 'all' || (quoting === 'some' && index % 3 === 0);
		const field = isQuoted ? `"${id.replaceAll('"', '""')}"` : id;
		return isLast ? `1,2024-01-01,g,${field}${newline}` : `${field},1,2024-01-01,g${newline}`;
	});
	const bytes = Buffer.from(lines.join(''), 'latin1');
	kernel.input.begin(0);
	kernel.input.space(bytes.length).set(bytes);
	kernel.input.extend(bytes.length);
	return transactionsSpec(
		isLast
			? {columnCount: 4, customer_id: 3, amount: 0, date: 1, category: 2}
			: {columnCount: 4, customer_id: 0, amount: 1, date: 2, category: 3},
		caps,
	);
}

/** A key is the text's bytes, and its length and one in the last of 16: see assembly/keys.ts. */
function textsOf(keys: Uint32Array): string[] {
	const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength);
	return Array.from({length: bytes.length / 16}, (_, index) => {
		const length = (bytes[16 * index + 15] ?? 0) - 1;
		return bytes.toString('latin1', 16 * index, 16 * index + length);
	});
}

const sorted = (values: Iterable<string>): string[] => [...values].filter(value => value !== '').sort();
const expectRight = (ids: readonly string[], layout: Layout = {}, context = ''): void => {
	expect(sorted(read(ids, layout)), context).toEqual(sorted(new Set(ids)));
};

const prefixes = [
	'',
	'C',
	'c',
	'id-',
	'\xff',
	'\x01',
	' ',
	'"',
	'""',
	'a"',
	'0',
	'00',
	'1',
	'customer',
	'customer ',
	'-',
	'+',
	'.',
];

/** Ids that somebody counted up, or drew from a range. */
function family(dice: Dice): () => string {
	const prefix = dice.pick(prefixes);
	const width = dice.pick([0, 0, 1, 3, 5, 7, 8, 9, 12, 15]);
	const span = dice.pick([10, 600, 1500, 5000, 40_000, 1_000_000, 1_000_000_000]);
	const start = dice.pick([0, 0, 1, 999, 65_530, 9_999_000, 99_999_000, 999_999_000]);
	const isCounted = dice.isOneIn(2);
	let next = 0;
	return () => prefix + String(start + (isCounted ? next++ : dice.roll(span))).padStart(width, '0');
}

const oddIds = [
	'',
	'0',
	'00',
	'1',
	'01',
	'C',
	'C0',
	'x',
	'\x01',
	'C0012a45',
	'C00123456789012',
	'1234567890123456',
	'/',
	':',
	'C-1',
	'1.5',
	' 12',
	'12 ',
	'"',
	'1"2',
];

const padded = (index: number): string => String(Math.max(0, index)).padStart(7, '0');

describe('values are those that came', () => {
	test('of all kinds of ids, in all kinds of files, one after the other', () => {
		for (const seed of randomSeeds(50)) {
			const dice = new Dice(seed);
			const families = Array.from({length: dice.pick([1, 1, 1, 2, 3])}, () => family(dice));
			const mostly = families[0] ?? (() => '');
			const others = dice.pick([0, 2, 12, 100]);
			const odd = dice.pick([0, 5, 40, 500]);
			const ids = Array.from({length: dice.pick([30, 700, 3000, 9000])}, () => {
				if (dice.isOneIn(odd)) return dice.isOneIn(2) ? dice.pick(oddIds) : String(dice.roll(2 ** 31));
				return (dice.isOneIn(others) ? dice.pick(families) : mostly)();
			});
			// What has a bit must be known again.
			for (let index = dice.roll(50); index > 0; index--) ids.push(dice.pick(ids));
			const layout = {
				quoting: dice.pick<Quoting>(['none', 'none', 'all', 'some']),
				newline: dice.pick(['\n', '\n', '\r\n', '\r'] as const),
				isLast: dice.isOneIn(3),
			};
			expectRight(ids, layout, `seed ${seed}`);
		}
	});

	const upTo = (count: number, of: (index: number) => string): string[] =>
		Array.from({length: count}, (_, index) => of(index));
	test.each([
		{name: 'with zeros in front', of: (index: number) => `C${padded(index)}`},
		{name: 'without', of: (index: number) => `C${index}`},
		{name: 'numbers alone', of: (index: number) => String(index)},
		{name: 'from far away', of: (index: number) => String(70_000_000 + index)},
		{name: 'with more digits than have a bit', of: (index: number) => String(400_000_000_000 + index)},
		{name: 'of several lengths with zeros in front', of: (index: number) => `0${index}`},
		// The same number as one that came before, in another form.
		{
			name: 'without zeros, and a few with',
			of: (index: number) => (index % 20 ? `C${index}` : `C${padded(index - 7)}`),
		},
		{
			name: 'with zeros, and a few without',
			of: (index: number) => (index % 20 ? `C${padded(index)}` : `C${index - 7}`),
		},
		{
			name: 'behind quotes, and a few behind fewer',
			of: (index: number) => (index % 20 ? `""${index}` : `"${index - 7}`),
		},
		{name: 'with one far away', of: (index: number) => (index === 300 ? '99999999' : String(index + 10_000_000))},
		{name: 'with a few others among them', of: (index: number) => (index % 20 ? `C${index}` : `test ${index}`)},
		{name: 'of two letters', of: (index: number) => `${index % 2 ? 'A' : 'B'}${index}`},
	])('$name', ({of}) => {
		for (const count of [511, 512, 513, 514, 5000, 70_000]) {
			expectRight(upTo(count, of));
			expectRight(upTo(count, index => of(count - index)));
		}
	});

	describe('of rows of small files', () => {
		/** All files together have each value once. Returns how many there are. */
		const readAll = (files: readonly (readonly string[])[], context = ''): number => {
			kernel = new Kernel();
			const all: string[] = [];
			for (const ids of files) {
				const spec = load(ids, {});
				if (!kernel.fitsRows(spec)) kernel.beginRows(spec);
				const isRow = kernel.readFile(spec, 1) > 0;
				// Of another encoding there is no row.
				expect(isRow, context).toBe(ids.every(id => isUtf8(Buffer.from(id, 'latin1'))));
				if (isRow) all.push(...ids);
			}
			const rows = kernel.takeRows();
			const values = rows === null ? [] : valuesOf(rows.figures);
			expect(sorted(values), context).toEqual(sorted(new Set(all.filter(id => id !== ''))));
			return values.length;
		};
		const range = (from: number, to: number): string[] => upTo(to - from, index => `N${from + index}`);

		test('of files that name the same', () => {
			const files = [range(3000, 6000), range(4000, 9000), range(3000, 3700), range(8900, 9700), range(3000, 9700)];
			expect(readAll(files)).toBe(6700);
			// So few that they tell nothing of what an id looks like, then some that do, then many.
			expect(readAll([range(10, 20), range(0, 100), range(50, 200), range(0, 90_000)])).toBe(90_000);
		});

		test.each([
			{name: 'their number', caps: {maxValues: 5000, maxValueBytes: 2 ** 30}},
			{name: 'their bytes', caps: {maxValues: 2 ** 30, maxValueBytes: 40_000}},
		])('beyond a cap of $name they are an estimate, whatever files had as bits', ({caps}) => {
			kernel = new Kernel();
			// 8 bytes each.
			const ids = (from: number, to: number): string[] => upTo(to - from, index => `C${padded(from + index)}`);
			const setOf = (files: readonly (readonly string[])[]) => {
				for (const file of files) {
					const spec = load(file, {}, caps);
					if (!kernel.fitsRows(spec)) kernel.beginRows(spec);
					expect(kernel.readFile(spec, 1)).toBeGreaterThan(0);
				}
				return kernel.takeRows()?.figures[0]?.sets[0];
			};
			const within = setOf([ids(0, 2000), ids(1000, 4000), ids(3000, 5000)]);
			expect(within).toMatchObject({registers: null});
			const expected = createDistinct(caps);
			for (const id of ids(0, 7000)) addDistinct(expected, id);
			expect(expected.registers).not.toBeNull();
			const beyond = setOf([ids(0, 2000), ids(1000, 4000), ids(3000, 5001), ids(4500, 7000)]);
			expect(beyond).toEqual({registers: expected.registers});
		});

		test('of files of many kinds', () => {
			for (const seed of randomSeeds(25)) {
				const dice = new Dice(seed);
				const families = Array.from({length: 2}, () => family(dice));
				const files = Array.from({length: 8}, () => {
					const mostly = dice.pick(families);
					const isMixed = dice.isOneIn(4);
					return Array.from({length: dice.pick([3, 70, 100, 600, 3000])}, () => {
						if (dice.isOneIn(200)) return dice.pick(oddIds);
						return (isMixed ? dice.pick(families) : mostly)();
					});
				});
				readAll(files, `seed ${seed}`);
			}
		});
	});
});

test('ids that were counted up take less memory than others', () => {
	const memoryFor = (of: (index: number) => string): number => {
		kernel = new Kernel();
		expect(
			read(
				Array.from({length: 190_000}, (_, index) => of(index)),
				{},
			),
		).toHaveLength(190_000);
		return kernel.input.bytes.byteLength;
	};
	const others = memoryFor(index => `${padded(index)}C`);
	for (const idOf of [padded, String, (index: number) => `C${padded(index)}`, (index: number) => `client-${index}`]) {
		expect(others - memoryFor(idOf)).toBeGreaterThan(4 * 1024 * 1024);
	}
});

test('limits of their number and of their bytes', () => {
	const ids = Array.from({length: 5000}, (_, index) => `C${padded(index)}`);
	const isExact = (caps: Partial<typeof usualCaps>): boolean => {
		readRecords([...ids, ...ids], {}, {...usualCaps, ...caps});
		return kernel.readFigures()[0]?.sets[0]?.registers === null;
	};
	expect([isExact({maxValues: 5000}), isExact({maxValues: 4999})]).toEqual([true, false]);
	expect([isExact({maxValueBytes: 40_000}), isExact({maxValueBytes: 39_999})]).toEqual([true, false]);
});
