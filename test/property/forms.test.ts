// Columns in any form: both readers give the same, whole or in ranges, and the sums and days that the generator knows.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {DateForm} from '../../source/analysis/forms/date-form.ts';
import type {Forms} from '../../source/analysis/forms/forms.ts';
import {findForms} from '../../source/analysis/forms/with-forms.ts';
import {
	defineAnalysis,
	type ProcessOptions,
	type ProfileResult,
	processBatch,
	type QualityResult,
	sum,
	type TransactionsResult,
} from '../../source/index.ts';
import {bytesInPieces, folds} from '../helpers/fold-bytes.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomSeeds} from '../helpers/random-cases.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {resultOf, takeState} from '../helpers/states.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

interface WrittenFile {
	readonly text: string;
	/** In hundredths. */
	readonly sum: bigint;
	readonly days: readonly string[];
}

const two = (number: number): string => String(number).padStart(2, '0');
const MONTHS = [
	['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
	['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'Sept', 'Oktober', 'November', 'Dez'],
	['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juil.', 'août', 'sept.', 'oct.', 'nov.', 'déc.'],
	['de enero', 'feb', 'mar', 'abr', 'mayo', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'],
	['gennaio', 'feb', 'mar', 'apr', 'mag', 'giu', 'lug', 'ago', 'set', 'ott', 'nov', 'dic'],
];

/** Writes hundredths with a mark and groups, and all that may stand around them. */
function numberWriter(dice: Dice): (hundredths: bigint) => string {
	const mark = dice.pick(['.', ',']);
	const group = dice.pick(['', '', mark === '.' ? ',' : '.', ' ', "'", '\u{a0}', '\u{202f}']);
	const [before, behind] = dice.pick([
		['', ''],
		['', ''],
		['$', ''],
		['€ ', ''],
		['', ' EUR'],
		['CHF ', ''],
	]);
	const negative = dice.pick<(text: string) => string>([
		text => `-${before}${text}${behind}`,
		text => `(${before}${text}${behind})`,
		text => `${before}${text}${behind}-`,
		text => `\u{2212}${before}${text}${behind}`,
		text => `${before}${text}${behind} DR`,
	]);
	return hundredths => {
		const size = String(hundredths < 0n ? -hundredths : hundredths).padStart(3, '0');
		const whole = size.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, group);
		const text = `${whole}${mark}${size.slice(-2)}`;
		return hundredths < 0n ? negative(text) : `${before}${text}${behind}`;
	};
}

type Day = readonly [year: number, month: number, day: number];

function dateWriter(dice: Dice): (day: Day) => string {
	const separator = dice.pick(['/', '.', '-']);
	const pad = dice.isOneIn(2) ? two : String;
	const year = dice.isOneIn(2) ? String : (full: number) => two(full % 100);
	const [english = [], ...others] = MONTHS;
	const months = dice.pick([english, ...others]);
	return dice.pick<(day: Day) => string>([
		([y, m, d]) => `${y}-${two(m)}-${two(d)}`,
		([y, m, d]) => `${y}/${pad(m)}/${pad(d)}`,
		([y, m, d]) => [pad(d), pad(m), year(y)].join(separator),
		([y, m, d]) => [pad(m), pad(d), year(y)].join(separator),
		([y, m, d]) => `${d} ${months[m - 1]} ${y}`,
		([y, m, d]) => `${english[m - 1]} ${d}, ${y}`,
	]);
}

function writeFile(dice: Dice, mostRecords: number): WrittenFile {
	const [number, date] = [numberWriter(dice), dateWriter(dice)];
	const digits = dice.pick([3, 6, 9, 22]);
	let sum = 0n;
	const days: string[] = [];
	const records = Array.from({length: 1 + dice.roll(mostRecords)}, (_, index) => {
		const amount = BigInt(dice.pick(['', '-']) + dice.digits(1 + dice.roll(digits)));
		// The first one says which part is the day.
		const day: Day = [1990 + dice.roll(60), 1 + dice.roll(12), index === 0 ? 13 + dice.roll(16) : 1 + dice.roll(28)];
		sum += amount;
		days.push(`${day[0]}-${two(day[1])}-${two(day[2])}`);
		return `c${dice.roll(9)};${number(amount)};"${date(day)}";g${dice.roll(3)}`;
	});
	// Where it stands does not matter.
	const at = dice.roll(records.length);
	const [first = ''] = records.splice(0, 1);
	records.splice(at, 0, first);
	return {text: `customer_id;amount;date;category\n${records.join('\n')}\n`, sum, days: days.sort()};
}

const inHundredths = (text: string | null | undefined): bigint => BigInt((text ?? '').replace('.', ''));

test('files in any form have the sums and days that were written', async () => {
	const folder = createTemporaryFolder();
	const files = randomSeeds(40).map((seed, index) => {
		const file = writeFile(new Dice(seed), index % 10 === 0 ? 900 : 40);
		return {...file, seed, path: folder.write(`${String(index).padStart(3, '0')}.csv`, file.text)};
	});
	const paths = files.map(({path}) => path);
	const analysis = 'transactions';
	const byKernel = await processBatch(paths, {analysis, threads: 2});
	const byReference = await processBatch(paths, {analysis, threads: 2, reader: 'reference'});
	for (const [index, {sum, days, seed}] of files.entries()) {
		const {error, rejected_rows} = byKernel.files[index] ?? {};
		const result = byKernel.files[index]?.result as TransactionsResult | undefined;
		const context = `seed ${seed}`;
		expect([error, rejected_rows], context).toEqual([null, 0]);
		expect(result, context).toEqual(byReference.files[index]?.result);
		expect(inHundredths(result?.total_amount_exact as string), context).toBe(sum);
		expect(result?.date_range, context).toEqual({earliest: days[0], latest: days.at(-1)});
	}
});

const cellsOf = {
	number: [
		'1',
		'12',
		'1.5',
		'1.500',
		'1,5',
		'1,500',
		'1,234,567',
		'1.234.567',
		'1.234,5',
		'0.125',
		'$5',
		'5 EUR',
		'7%',
		'(3)',
		'1 234',
		'x',
		'',
		'12-',
		'9'.repeat(20),
		`1,${'3'.repeat(20)}`,
	],
	date: [
		'2024-01-02',
		'2024/01/02',
		'13/02/2024',
		'02/13/2024',
		'01/02/2024',
		'02/02/2024',
		'3.4.24',
		'14.4.24',
		'3 Jan 2024',
		'3. März 2024',
		'août 4, 2024',
		'45657',
		'1735603200',
		'2024022912',
		'20240229',
		'x',
		'',
		'2024-01-02T10:00',
		'13/02/2024 10:00',
	],
};
const dateForms: readonly DateForm[] = ['year-first', 'day-first', 'month-first', 'named', 'serial', 'seconds'];

test('both readers read and note the same in any form, with a condition and without', async () => {
	for (const seed of randomSeeds(80)) {
		const dice = new Dice(seed);
		const few = <Item>(items: readonly Item[]): Item[] =>
			Array.from({length: 1 + dice.roll(4)}, () => dice.pick(items));
		const [numbers, dates] = [few(cellsOf.number), few(cellsOf.date)];
		const records = Array.from(
			{length: dice.pick([5, 40, 400])},
			() => `c;"${dice.pick(numbers)}";"${dice.pick(dates)}";g\n`,
		);
		const bytes = Buffer.from(`customer_id;amount;date;category\n${records.join('')}`);
		const forms: Forms = new Map([
			[1, {number: {mark: dice.pick(['.', ',']), isPercent: dice.isOneIn(8)}}],
			[2, {date: dice.pick(dateForms)}],
		]);
		const where = dice.pick([undefined, undefined, 'amount > 3', 'date >= 2024-02-01', 'customer_id != "c"']);
		const settings = {...readDefaults, where, forms: {found: {forms, undecided: [], undecidedCells: []}}};
		const [byKernel, byReference] = await Promise.all(
			(['kernel', 'reference'] as const).map(async reader => {
				const source = bytesInPieces(bytes, [dice.pick([7, 100, 65_536])]);
				const folded = await folds[reader](source, {...settings, reader, chunkBytes: 65_536}, {report() {}, wait() {}});
				const {rows, rejectedRows, rejects, formsRead} = folded;
				if (formsRead === undefined) throw new Error('Expected what was noted of forms');
				const other = findForms(formsRead);
				return {rows, rejectedRows, rejects, other, result: resultOf(takeState(folded))};
			}),
		);
		expect(byKernel, `seed ${seed}`).toEqual(byReference);
	}
});

test.each([
	['"1,500"', '2024-01-02', /"1,500" in line 2 is 1500 with a decimal point and 1\.500 with a decimal comma/],
	['1.500', '2024-01-02', /"1\.500" in line 2 is 1\.500 with a decimal point and 1500 with a decimal comma.*--decimal/],
	[
		'1',
		'01/02/2024',
		/"01\/02\/2024" in line 2 is 2024-02-01 with the day first and 2024-01-02 with the month first.*--date-format/,
	],
	[
		'1',
		'2024022912',
		/"2024022912" in line 2 is 2024-02-29T12 as a day with its hour and 2034-02-20T04:35:12 as seconds.*--date-format/,
	],
])('%s on %s is refused with both readings, and read where it is said which one counts', async (amount, date, message) => {
	const path = createTemporaryFolder().write('a.csv', `customer_id,amount,date,category\nc,${amount},${date},g\n`);
	const [refused] = (await processBatch([path])).files;
	expect(refused?.error).toMatchObject({code: 'AMBIGUOUS_FORM', message: expect.stringMatching(message), line: 2});
	const said = {decimal: ',', dateFormat: date.includes('/') ? 'd/m/y' : 'y-m-d'} as const;
	const [read] = (await processBatch([path], said)).files;
	expect(read?.error).toBeNull();
	const amounts: Readonly<Record<string, string>> = {'"1,500"': '1.500', '1.500': '1500', '1': '1'};
	expect(read?.result).toMatchObject({total_amount_exact: amounts[amount]});
});

test('of several analyses only those are refused that need the column', async () => {
	const path = createTemporaryFolder().write('a.csv', 'customer_id,amount,date,category\nc,1.50,01/02/2024,g\n');
	const report = await processBatch([path], {analysis: {allOf: ['transactions', 'profile']}});
	const {results} = report.files[0] ?? {};
	expect(results?.transactions).toMatchObject({error: {code: 'AMBIGUOUS_FORM'}});
	expect(results?.profile).toMatchObject({result: {rows: 1}});
});

test('any table has the same columns with both readers and any number of threads, in forms that its cells decide', async () => {
	const folder = createTemporaryFolder();
	const files = randomSeeds(5).map((seed, index) => {
		const file = writeFile(new Dice(seed), index === 0 ? 3000 : 200);
		return {...file, seed, path: folder.write(`${String(index).padStart(3, '0')}.csv`, file.text)};
	});
	const paths = files.map(({path}) => path);
	const analysis = {allOf: ['profile', 'quality']};
	const byKernel = await processBatch(paths, {analysis, threads: 2});
	const alone = await processBatch(paths, {analysis, threads: 1});
	const byReference = await processBatch(paths, {analysis, threads: 2, reader: 'reference'});
	for (const [index, {sum, days, seed}] of files.entries()) {
		const context = `seed ${seed}`;
		const {results, dialect} = byKernel.files[index] ?? {};
		expect(results, context).toEqual(byReference.files[index]?.results);
		expect(results, context).toEqual(alone.files[index]?.results);
		expect(dialect, context).toEqual(byReference.files[index]?.dialect);
		const {columns} = results?.profile?.result as ProfileResult;
		const [, amount, date] = columns;
		expect(inHundredths(amount?.sum), context).toBe(sum);
		expect([date?.type, date?.min, date?.max], context).toEqual(['date', days[0], days.at(-1)]);
	}
	expect(byKernel.analyses).toEqual(byReference.analyses);
});

test.each([
	{blanks: 96, sum: '600.00'},
	{blanks: 97, sum: null},
])('both readers read a number behind $blanks blanks alike: a cell of more than 100 bytes is in no form', async each => {
	const {blanks, sum} = each;
	const record = (index: number): string => `x${index};${' '.repeat(blanks)}1,${index % 2 === 0 ? '75' : '25'}\n`;
	const path = createTemporaryFolder().write(
		'a.csv',
		`id;amount\n${Array.from({length: 400}, (_, i) => record(i)).join('')}`,
	);
	for (const reader of ['kernel', 'reference'] as const) {
		const [read] = (await processBatch([path], {analysis: 'profile', reader})).files;
		expect((read?.result as ProfileResult).columns[1]?.sum, reader).toBe(sum);
	}
});

test.each([
	{cells: ['1.005', '2'], why: 'ambiguous', value: '1.005', readings: ['1.005', '1005']},
	{cells: ['1,005', '2'], why: 'ambiguous', value: '1,005', readings: ['1005', '1.005']},
	{cells: ['01/02/2024', '03/04/2024'], why: 'ambiguous', value: '01/02/2024', readings: ['2024-02-01', '2024-01-02']},
	{cells: ['12.50', '1.234,56'], why: 'mixed', value: null, readings: []},
	{cells: ['€1.50', '$2.25'], why: 'mixed', value: null, readings: []},
	{cells: ['13/01/2024', '01/13/2024'], why: 'mixed', value: '13/01/2024', readings: []},
])('a column of $cells has no figures, and says why', async ({cells, why, value, readings}) => {
	const path = createTemporaryFolder().write('a.csv', `id;amount\n${cells.map(cell => `a;${cell}\n`).join('')}`);
	const report = await processBatch([path], {analysis: {allOf: ['profile', 'quality']}});
	const [read] = report.files;
	expect(read?.error).toBeNull();
	for (const {columns} of [read?.results?.profile?.result, report.analyses.profile] as ProfileResult[]) {
		expect(columns[1]).toMatchObject({
			...{type: 'text', mostly: null, count: 2, sum: null, min: null},
			undecided: {why, value},
		});
		expect(columns[1]?.undecided?.readings.map(reading => reading.value)).toEqual(readings);
	}
	const {findings} = read?.results?.quality?.result as QualityResult;
	expect(findings).toContainEqual(expect.objectContaining({kind: 'mixed-forms', column: 'amount', count: 2}));
});

const extra = join('..', 'shared', 'corpus', 'extra');

interface KnownExport {
	readonly path: string;
	readonly kind: string;
	readonly expected: {readonly header_names: readonly string[] | null; readonly lines_before_header: number};
	readonly money: {readonly column: string | null; readonly sum: string | null; readonly empty: number} | null;
}

test.skipIf(!existsSync(extra))('real exports have the sums that people know', async () => {
	const {files} = JSON.parse(readFileSync(join(extra, 'manifest.json'), 'utf8')) as {files: readonly KnownExport[]};
	const sums: unknown[] = [];
	const known: unknown[] = [];
	for (const {path, expected, money} of files) {
		if (money?.column == null || expected.lines_before_header > 0) continue;
		const [read] = (await processBatch([join(extra, 'files', path)], analysisOf(path, money.column))).files;
		// Some have text behind their quotes, and no record of the right structure.
		if (read?.rejects.some(({reason}) => reason === 'quote')) continue;
		known.push([path, null, Number(money.sum)]);
		sums.push([path, read?.error, Number((read?.result as {total?: string} | null)?.total)]);
	}
	expect(known.length).toBeGreaterThan(3);
	expect(sums).toEqual(known);
});

const analysisOf = (path: string, column: string): ProcessOptions => {
	const name = path.replace('.csv', '');
	const own = defineAnalysis({
		...{name, version: 1, title: 'The sum of a column'},
		columns: {money: {is: 'number', aliases: [column]}},
		measures: {total: sum('money')},
		views: [],
	});
	return {analysis: name, analyses: [own]};
};
