// Amounts by month: the kernel's sums are those of the rules, and together they are the total, whatever is in the table and
// however it was cut.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {amountByMonth} from '../../source/analysis/builtin/amount-by-month.ts';
import {count, day, groupBy} from '../../source/analysis/declaration.ts';
import {defineAnalysis} from '../../source/analysis/define-analysis.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {readForAnalysis} from '../../source/engine/worker/read/read-for-analysis.ts';
import type {ByteSource} from '../../source/input/byte-source.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {ResultObject, ResultRow} from '../../source/model/analysis-info.ts';
import {bytesInPieces, foldBytes} from '../helpers/fold-bytes.ts';
import {Dice, largeTable} from '../helpers/large-tables.ts';
import {type MonthFigure, monthsOf} from '../helpers/months.ts';
import {monthsByOracle} from '../helpers/months-oracle.ts';
import {acceptedRecords} from '../helpers/oracle.ts';
import {randomCases, randomSeeds} from '../helpers/random-cases.ts';
import {table} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';

const kernel = new Kernel();
const settings: ReadSettings = readDefaults;

async function sum(
	bytes: Uint8Array,
	pieces: readonly number[] = [65_536],
	chunkBytes = 65_536,
): Promise<readonly MonthFigure[]> {
	const source = bytesInPieces(bytes, pieces);
	const {result} = await readForAnalysis(amountByMonth, source, kernel, {...settings, chunkBytes}, () => {});
	return monthsOf(result);
}

interface Told {
	readonly months: readonly MonthFigure[];
	readonly bytesConsumed: number;
	readonly atMs: number;
}

/** What is told meanwhile of a source that takes so long for each piece. */
async function sumAndTell(
	bytes: Uint8Array,
	{pieceBytes, pieceMs, tellingMs}: {pieceBytes: number; pieceMs: number; tellingMs: number},
): Promise<Told[]> {
	const told: Told[] = [];
	let nowMs = 0;
	const pieces = bytesInPieces(bytes, [pieceBytes]);
	const source: ByteSource = {
		read(target) {
			nowMs += pieceMs;
			return pieces.read(target);
		},
	};
	const tell = (result: ResultObject, bytesConsumed: number): void => {
		told.push({months: monthsOf(result), bytesConsumed, atMs: nowMs});
		nowMs += tellingMs;
	};
	await readForAnalysis(amountByMonth, source, kernel, settings, tell, () => nowMs);
	return told;
}

/** The months added up, with as many decimals as they have. */
function total(months: readonly MonthFigure[]): string | null {
	const [first] = months;
	if (first === undefined) return null;
	const decimals = first.amount.split('.')[1]?.length ?? 0;
	const units = months.reduce((all, {amount}) => all + BigInt(amount.replace('.', '')), 0n);
	const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
	const whole = digits.slice(0, digits.length - decimals);
	return `${units < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

test('small tables', async () => {
	const chunkSizes = fc.array(fc.integer({min: 1, max: 200}), {minLength: 1, maxLength: 5});
	await fc.assert(
		fc.asyncProperty(table, chunkSizes, async (bytes, pieces) => {
			const reading = await foldBytes(bytes);
			fc.pre(reading.error === null);
			const months = await sum(bytes);
			expect(months).toEqual(monthsByOracle(bytes));
			expect(total(months)).toBe(reading.result?.total_amount_exact ?? null);
			expect(await sum(bytes, pieces, 200)).toEqual(months);
		}),
		{numRuns: randomCases(150)},
	);
});

test.each([
	{tables: 40, mostRecords: 300},
	{tables: 3, mostRecords: 4000},
])('$tables tables of up to $mostRecords records', async ({tables, mostRecords}) => {
	for (const seed of randomSeeds(tables)) {
		const {bytes, delimiter} = largeTable(seed, mostRecords);
		const reading = await foldBytes(bytes, {fold: 'kernel'});
		if (reading.error !== null) continue;
		const chunkBytes = new Dice(seed).pick([4095, 32_769, 65_536, 262_144]);
		const months = await sum(bytes, [chunkBytes], chunkBytes);
		expect(months, `seed ${seed}`).toEqual(monthsByOracle(bytes, delimiter));
		expect(total(months), `seed ${seed}`).toBe(reading.result?.total_amount_exact ?? null);
		// A kernel that has summed months reads as one that has not.
		expect(await foldBytes(bytes, {fold: 'kernel'}), `seed ${seed}`).toEqual(reading);
	}
});

test('what is told meanwhile is what the records up to there come to', async () => {
	let toldInAll = 0;
	for (const seed of randomSeeds(12)) {
		const {bytes, delimiter} = largeTable(seed, 6000);
		if ((await foldBytes(bytes, {fold: 'kernel'})).error !== null) continue;
		const told = await sumAndTell(bytes, {pieceBytes: 30_011, pieceMs: 1000, tellingMs: 0});
		const places = told.map(({bytesConsumed}) => bytesConsumed);
		expect(places, `seed ${seed}`).toEqual(places.toSorted((left, right) => left - right));
		toldInAll += told.length;
		// The oracle takes its time: one of them in each table.
		const some = told[seed % told.length];
		if (some === undefined) continue;
		expect(some.months, `seed ${seed}`).toEqual(monthsByOracle(bytes.subarray(0, some.bytesConsumed), delimiter));
	}
	expect(toldInAll).toBeGreaterThan(0);
});

test('a few times a second is told, less often where telling takes long, and nothing of what is read at once', async () => {
	const bytes = Buffer.from(`customer_id,amount,date,category\n${'c,1.00,2024-01-01,food\n'.repeat(40_000)}`);
	const gaps = async (pieceMs: number, tellingMs: number): Promise<number[]> => {
		const told = await sumAndTell(bytes, {pieceBytes: 2000, pieceMs, tellingMs});
		return told.slice(1).map(({atMs}, index) => atMs - (told[index]?.atMs ?? 0));
	};
	expect(await sumAndTell(bytes, {pieceBytes: 2000, pieceMs: 0.1, tellingMs: 0})).toEqual([]);
	const quick = await gaps(10, 0);
	expect(quick.length).toBeGreaterThan(10);
	for (const gap of quick) expect(gap).toBeOneOf([250, 260]);
	for (const gap of await gaps(10, 40)) expect(gap).toBeGreaterThanOrEqual(800);
});

test('sums that outgrow 64 and 128 bits, of both signs, and the first and last month there are', async () => {
	const large = Array<string>(200).fill('999999999999999999');
	const amounts = ['.1', '.12', '.123456', '.123456789012345678', '9'.repeat(38), `-.${'1'.repeat(38)}`].flatMap(
		step => [...large, step, ...large.map(amount => `-${amount}`), '9223372036854775807', '-9223372036854775808'],
	);
	const days = ['0001-01-01', '9999-12-31', '2024-02-29T10:00', '"1999-12-31"', '2000-01-01'];
	for (const count of [1, 2, 3, 4, 5]) {
		const records = amounts.map((amount, index) => `c,${amount},${days[index % count]},2024-02\n`);
		const bytes = Buffer.from(`customer_id,amount,date,category\n${records.join('')}`);
		const months = await sum(bytes);
		expect(months).toEqual(monthsByOracle(bytes));
		expect(months).toHaveLength(count);
	}
});

test('a file without records has no months', async () => {
	expect(await sum(Buffer.from('customer_id,amount,date,category\n'))).toEqual([]);
	expect(await sum(Buffer.from(''))).toEqual([]);
});

test('any other series over a date is read in the same way', async () => {
	const byDay = defineAnalysis({
		name: 'by-day',
		version: 1,
		title: 'By day',
		columns: {date: {is: 'date'}},
		measures: {days: groupBy(day('date'), {records: count()}, {orderBy: 'key'})},
		views: [],
	});
	await fc.assert(
		fc.asyncProperty(table, async bytes => {
			fc.pre((await foldBytes(bytes)).error === null);
			// Only the date is read: a record with a bad amount counts here.
			const {result} = await readForAnalysis(byDay, bytesInPieces(bytes, [65_536]), kernel, settings, () => {});
			const expected = Map.groupBy(acceptedRecords(bytes, ','), ({date}) => date.slice(0, 10));
			const days = new Map((result.days as readonly ResultRow[]).map(row => [String(row.day), Number(row.records)]));
			for (const [date, records] of expected) expect(days.get(date) ?? 0).toBeGreaterThanOrEqual(records.length);
			expect([...days.keys()]).toEqual([...days.keys()].sort());
		}),
		{numRuns: randomCases(200)},
	);
});
