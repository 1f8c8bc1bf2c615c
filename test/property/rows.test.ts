// Rows of small files: each says of its file what the reference says of it, and all together what it says of all. What fits in no row
// harms no other file.
import {expect, test} from 'vitest';
import type {AnalysisFigures} from '../../source/analysis/figures.ts';
import {formatMoment} from '../../source/analysis/moment.ts';
import type {Program} from '../../source/analysis/program.ts';
import {Kernel, type KernelRows} from '../../source/kernel/kernel.ts';
import type {KernelSpec} from '../../source/kernel/spec.ts';
import {comparable, readProgramByReference} from '../helpers/figures-of-programs.ts';
import {specBounds} from '../helpers/kernel-specs.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomCases, randomSeeds} from '../helpers/random-cases.ts';
import {programTable} from '../helpers/random-programs.ts';

/** Reads varints. */
class Row {
	readonly #bytes: Uint8Array;
	at = 0;
	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}
	number(): bigint {
		for (let value = 0n, shift = 0n; ; shift += 7n) {
			const byte = this.#bytes[this.at++];
			if (byte === undefined) throw new Error('The bytes end in a number');
			value |= BigInt(byte & 0x7f) << shift;
			if (byte < 0x80) return value;
		}
	}
	signed(): bigint {
		const value = this.number();
		return value % 2n === 0n ? value / 2n : -(value + 1n) / 2n;
	}
	text(): string {
		const length = Number(this.number());
		this.at += length;
		return Buffer.from(this.#bytes.subarray(this.at - length, this.at)).toString('latin1');
	}
	get hasMore(): boolean {
		return this.at < this.#bytes.length;
	}
}

function keysOf(bytes: Uint8Array): string[] {
	const row = new Row(bytes);
	const keys: string[] = [];
	while (row.hasMore) keys.push(row.text());
	return keys;
}

const extremesOf = (lowest: bigint, highest: bigint, count: number) =>
	count === 0 ? {lowest: null, highest: null} : {lowest, highest};

/** In the form of `comparable`, but for sets, of which a row has the number of values. */
function decodeRow(row: Row, {analyses}: Program, keys: readonly string[][]): unknown {
	let table = 0;
	return analyses.map(({countsLines, sums, ranges, sets, tables}) => {
		const records = Number(row.number());
		if (countsLines === true) row.number();
		return {
			records,
			sums: sums.map(({isCounted, hasExtremes}) => {
				const scale = Number(row.number());
				const units = row.signed();
				const count = isCounted ? Number(row.number()) : records;
				const extremes = hasExtremes === true && extremesOf(row.signed(), row.signed(), count);
				return {units, scale, count, ...extremes};
			}),
			ranges: ranges.map(() => {
				const [earliest, latest] = [row.number(), row.number()];
				return latest === 0n ? null : {earliest: formatMoment(Number(earliest)), latest: formatMoment(Number(latest))};
			}),
			sets: sets.map(() => Number(row.number()) / 2),
			tables: tables.map(program => {
				const own = keys[table++] ?? [];
				const groups = Number(row.number()) - 1;
				const keyCount = program.countsKeys === true ? Number(row.number()) / 2 : null;
				expect(Number(row.number())).toBe(groups);
				const scales = program.sums.map(() => Number(row.number()));
				const rows = Array.from({length: groups}, () => {
					const key = own[Number(row.number())];
					if (key === undefined) throw new Error('Expected a key');
					const count = Number(row.number());
					const units = program.sums.map(() => row.signed());
					const extremes = program.sums.map(({hasExtremes}) =>
						hasExtremes === true ? ([row.signed(), row.signed()] as const) : null,
					);
					const figures = program.sums.map(({isCounted}, sum) => {
						const own = isCounted ? Number(row.number()) : count;
						const [lowest, highest] = extremes[sum] ?? [];
						const more = lowest !== undefined && highest !== undefined && extremesOf(lowest, highest, own);
						return {units: units[sum], scale: scales[sum], count: own, ...more};
					});
					const days = (program.ranges ?? []).map(() => [Number(row.number()), Number(row.number())]);
					return [key, count, figures, days] as const;
				}).sort(([one], [other]) => (one < other ? -1 : 1));
				if (keyCount !== null) expect(keyCount).toBe(rows.filter(([key]) => key !== '').length);
				return rows;
			}),
		};
	});
}

const withCounts = (program: Program, figures: readonly AnalysisFigures[]): unknown =>
	(comparable(program, figures) as {sets: unknown[]}[]).map(analysis => ({
		...analysis,
		sets: analysis.sets.map(set => (set as unknown[]).length),
	}));

function load(kernel: Kernel, bytes: Uint8Array): void {
	kernel.input.begin(0);
	kernel.input.space(bytes.length).set(bytes);
	kernel.input.extend(bytes.length);
}

interface Files {
	readonly spec: KernelSpec & {readonly program: Program};
	readonly expected: unknown[];
	/** The records of all files that have a row. */
	readonly records: Uint8Array[];
}

async function expectRows(rows: KernelRows | null, {spec, expected, records}: Files, context: string): Promise<void> {
	if (rows === null) {
		expect(expected, context).toEqual([]);
		return;
	}
	const keys = rows.keys.map(keysOf);
	for (const own of keys) expect(new Set(own).size, context).toBe(own.length);
	const row = new Row(rows.rows);
	expect(rows.files, context).toBe(expected.length);
	expect(
		expected.map(() => decodeRow(row, spec.program, keys)),
		context,
	).toEqual(expected);
	expect(row.hasMore, context).toBe(false);
	const all = await readProgramByReference(spec, records);
	expect(comparable(spec.program, rows.figures), context).toEqual(comparable(spec.program, all.figures));
}

const kernel = new Kernel();

test('rows say what the reference says', async () => {
	let fits = 0;
	let doesNotFit = 0;
	for (const seed of randomSeeds(40)) {
		const dice = new Dice(seed);
		const {program, records, ...table} = programTable(dice, 400, true);
		const spec = {program, ...table, ...specBounds} as const;
		const files: Files = {spec, expected: [], records: []};
		if (dice.isOneIn(4)) {
			// It has read something in the general way in between.
			load(kernel, Buffer.concat(records));
			kernel.begin(spec, 1);
			kernel.consume(true);
		}
		kernel.beginRows(spec);
		for (let from = 0; from < records.length; ) {
			const file = records.slice(from, from + 1 + dice.roll(dice.pick([3, 60, 200])));
			from += file.length;
			load(kernel, Buffer.concat(file));
			const expected = await readProgramByReference({program, ...table}, file);
			// A new object is told to the kernel again, and is of the same shape.
			const own = dice.isOneIn(3) ? {...spec} : spec;
			const isFitting = kernel.fitsRows(own);
			if (!isFitting || dice.isOneIn(6)) {
				await expectRows(kernel.takeRows(), files, `seed ${seed}`);
				files.expected.length = 0;
				files.records.length = 0;
				if (!isFitting) kernel.beginRows(own);
			}
			const bytes = kernel.readFile(own, 1);
			if (bytes > 0) {
				fits++;
				const filtered = program.analyses.map((_, analysis) => kernel.filteredRowsOf(analysis));
				expect([kernel.rows, filtered, kernel.readRejects().length > 0], `seed ${seed}`).toEqual([
					expected.rows,
					expected.filteredRowsOf,
					expected.faults.length > 0,
				]);
				files.expected.push(withCounts(program, expected.figures));
				files.records.push(...file);
			} else {
				doesNotFit++;
				if (bytes === 0) {
					expect(comparable(program, kernel.readFigures()), `seed ${seed}`).toEqual(
						comparable(program, expected.figures),
					);
				}
			}
		}
		await expectRows(kernel.takeRows(), files, `seed ${seed}`);
	}
	expect(fits).toBeGreaterThan(randomCases(40));
	expect(doesNotFit).toBeGreaterThan(0);
});

test('a key is read anew in a file that has other quotes', () => {
	const lanes = [{kind: 'text', column: 0, isOptional: false}] as const;
	const table = {keys: [{lane: 0, part: 'text'}], sums: [], maxGroups: 10, maxKeyBytes: 1000} as const;
	const analyses = [{name: 'any', digest: '', required: [], sums: [], ranges: [], sets: [], tables: [table]}];
	const specs = (['"', "'"] as const).map(quote => ({
		...{program: {lanes, analyses}, delimiter: ',', quote, columnCount: 2},
		...specBounds,
	}));
	const text = 'a key of more than fifteen bytes';
	for (const [place, spec] of specs.entries()) {
		load(kernel, Buffer.from(`'${text}',x\n`.repeat(20)));
		if (place === 0) kernel.beginRows(spec);
		expect(kernel.fitsRows(spec)).toBe(true);
		expect(kernel.readFile(spec, 1)).toBeGreaterThan(0);
	}
	expect(kernel.takeRows()?.keys.map(keysOf)).toEqual([[`'${text}'`, text]]);
});
