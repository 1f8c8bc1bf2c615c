import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {generateBytes, splitRecords} from '../helpers/generated.ts';

const ROWS = 20_000;
const bytes = generateBytes({kind: 'dirty', rowsPerFile: ROWS});
/** One character for each byte, so that invalid UTF-8 is seen. */
const [header = [], ...records]: string[][] = parse(bytes, {encoding: 'latin1', relax_column_count: true});
const utf8 = new TextDecoder('utf-8', {fatal: true});
const isUtf8 = (text: string): boolean => {
	try {
		utf8.decode(Buffer.from(text, 'latin1'));
		return true;
	} catch {
		return false;
	}
};
const isRealDate = (text: string): boolean =>
	/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
/** A date that is real once it is written as ISO 8601. */
const isOtherForm = (text: string): boolean => {
	const parts =
		/^(?<day>\d\d)\.(?<month>\d\d)\.(?<year>\d{4})$/.exec(text)?.groups ??
		/^(?<month>\d\d)\/(?<day>\d\d)\/(?<year>\d{4})$/.exec(text)?.groups ??
		/^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/.exec(text)?.groups ??
		/^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T00:00:00Z$/.exec(text)?.groups;
	if (parts !== undefined) return isRealDate(`${parts.year}-${parts.month}-${parts.day}`);
	return /^\d{1,2} [A-Z][a-z]{2} \d{4}$/.test(text) && !Number.isNaN(Date.parse(`${text} UTC`));
};
const isAmount = (text: string): boolean => /^-?\d+\.\d\d$/.test(text);
const COUNTRIES = ['Germany', 'Austria', 'Switzerland', 'Denmark', 'Poland'];
const isOtherCase = (text: string, isRegular: (text: string) => boolean): boolean =>
	text !== '' && text === text.trimStart() && !isRegular(text.trimEnd());
const isCategory = (text: string): boolean => text === text.toLowerCase();
const isCountry = (text: string): boolean => COUNTRIES.includes(text);

type Test = (record: readonly string[], row: number) => boolean;
const of =
	(column: number, check: (text: string) => boolean): Test =>
	record =>
		record[column] !== undefined && check(record[column]);
const any =
	(...tests: readonly Test[]): Test =>
	(record, row) =>
		tests.some(check => check(record, row));

const lines = records.map(record => record.join('\u0001'));
const rowsById = new Map<string, number>();
records.forEach(([id = ''], row) => void (rowsById.has(id) || rowsById.set(id, row)));
const linesBefore = new Map<string, number>();
lines.forEach((line, row) => void (linesBefore.has(line) || linesBefore.set(line, row)));
const isRepeated: Test = (_record, row) => (linesBefore.get(lines[row] ?? '') ?? row) < row;
const hasKnownId: Test = ([id = ''], row) => (rowsById.get(id) ?? row) < row;

test('a dirty file has the columns of transactions and four more', () => {
	expect(header.join()).toBe('transaction_id,customer_id,amount,date,category,country,city,currency,discount_code');
	expect(records).toHaveLength(ROWS);
});

test.each<[string, number, Test]>([
	['a missing cell', 0.02, record => record.slice(1, 7).includes('')],
	[
		'a blank at an end',
		0.02,
		record =>
			[1, 3].some(column => /^ | $/.test(record[column] ?? '')) ||
			((record[5] ?? '') !== (record[5] ?? '').trim() && isCountry((record[5] ?? '').trim())),
	],
	[
		'another case',
		0.03,
		any(
			of(4, text => isOtherCase(text, isCategory)),
			of(5, text => isOtherCase(text, isCountry)),
		),
	],
	[
		'another case and a blank',
		0.01,
		any(
			of(4, text => text.endsWith(' ')),
			of(5, text => text.endsWith(' ') && !isCountry(text.trim())),
		),
	],
	['another form of a date', 0.03, of(3, isOtherForm)],
	['a wrong date', 0.01, of(3, text => text !== '' && !isRealDate(text.trim()) && !isOtherForm(text))],
	['a wrong amount', 0.01, of(2, text => text !== '' && !isAmount(text))],
	['an outlier', 0.002, of(2, text => /^[1-9]\d{6}\.00$/.test(text))],
	['the id of an earlier record', 0.005, (record, row) => hasKnownId(record, row) && !isRepeated(record, row)],
	['all of an earlier record', 0.005, isRepeated],
	['two cells fewer', 0.005, record => record.length === 7],
	['two cells more', 0.005, record => record.length === 11],
	['invalid UTF-8', 0.005, record => !isUtf8(record.join())],
])('%s has a share of %d', (_fault, share, has) => {
	const count = records.filter(has).length;
	// Four standard deviations of a count of independent records.
	expect(Math.abs(count - share * ROWS)).toBeLessThan(4 * Math.sqrt(share * (1 - share) * ROWS));
});

test('a dirty record without any of these faults is a good transaction', () => {
	const good = records.filter(
		record =>
			record.length === 9 &&
			isRealDate(record[3] ?? '') &&
			isAmount(record[2] ?? '') &&
			/^C\d{6}$/.test(record[1] ?? '') &&
			isCountry(record[5] ?? '') &&
			isCategory(record[4] ?? ''),
	);
	expect(good.length / ROWS).toBeGreaterThan(0.85);
	const amounts = good.map(([, , amount]) => Math.abs(Number(amount)));
	expect(amounts.filter(amount => amount > 4800 && amount < 1_000_000)).toEqual([]);
});

test('the currency is constant and the discount code always empty', () => {
	const complete = records.filter(record => record.length === 9);
	expect(new Set(complete.map(record => record[7]))).toEqual(new Set(['EUR']));
	expect(new Set(complete.map(record => record[8]))).toEqual(new Set(['']));
});

test('malformed records are added, and leave all others as they are', () => {
	const before = splitRecords(bytes.toString('latin1'));
	const after = splitRecords(
		generateBytes({kind: 'dirty', rowsPerFile: ROWS, malformedFraction: 0.1}).toString('latin1'),
	);
	expect(after).toHaveLength(ROWS);
	const changed = after.filter((record, row) => record !== before[row]).length;
	// A malformed record may happen to get the very fault that it has.
	expect(changed).toBeGreaterThan(0.098 * ROWS);
	expect(changed).toBeLessThanOrEqual(0.1 * ROWS);
});
