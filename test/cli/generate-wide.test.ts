import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {generateBytes, splitRecords} from '../helpers/generated.ts';

const ROWS = 20_000;
const bytes = generateBytes({kind: 'wide', rowsPerFile: ROWS});
// csv-parse refuses records with another number of fields than the first one.
const records: Record<string, string>[] = parse(bytes, {columns: true});
const valuesOf = (column: string): readonly string[] => records.map(record => record[column] ?? '(no such column)');

test('a wide file has 30 fields in each record', () => {
	const rows: string[][] = parse(bytes);
	expect(rows).toHaveLength(ROWS + 1);
	expect(new Set(rows.map(row => row.length))).toEqual(new Set([30]));
	expect(new Set(rows[0]).size).toBe(30);
});

test('order ids continue in the next file', () => {
	expect(records.map(({order_id}) => Number(order_id))).toEqual(records.map((_, row) => row + 1));
	expect(splitRecords(generateBytes({kind: 'wide', index: 2, rowsPerFile: 50}).toString())[0]).toMatch(/^101,/);
});

const DATE = /\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])/.source;
const TIME = /(?:0[7-9]|1\d|2[01]):[0-5]\d:[0-5]\d/.source;

test.each([
	['customer_no', /^000\d{5}$/],
	['customer_name', /^[\p{L}]+, \p{L}+$/u],
	['email', /^[a-z.]+\d+@[a-z.]+$/],
	['phone', /^(?:\+49 \d{2,3} \d{5,6}|NA)$/],
	['postal_code', /^\d{5}$/],
	['newsletter', /^(?:yes|no)$/],
	['is_business', /^(?:yes|no|null)$/],
	['priority', /^[1-5]$/],
	['quantity', /^(?:[1-46]|12)$/],
	['unit_price', /^[1-9]\d*(?:\.\d{1,3})?$/],
	['discount_rate', /^0\.[0-5]\d$/],
	['tax_rate', /^0(?:\.19|\.07)?$/],
	['total', /^\d+\.\d\d$/],
	['balance', /^-?\d+\.\d\d$/],
	['weight_kg', /^[1-9]\.\d\de(?:-[1-3]|\+[01])$/],
	['order_date', new RegExp(`^${DATE}$`)],
	['created_at', new RegExp(`^${DATE}T${TIME}(?:Z|\\+0[12]:00)$`)],
	['delivery_date', new RegExp(`^(?:${DATE}|-)$`)],
	['delivery_time', new RegExp(`^(?:${TIME}|null)$`)],
	['session_id', /^[\da-f]{8}$/],
	['sku', /^(?:AB|CX|HOME)-\d{4}$/],
	['rating', /^(?:[1-5]|NA|null||-)$/],
	['currency', /^EUR$/],
	['fax', /^$/],
])('all values of %s match %s', (column, pattern) => {
	expect(valuesOf(column).filter(value => !pattern.test(value))).toEqual([]);
});

test.each([
	['status', 10],
	['priority', 5],
	['country', 8],
	['city', 10],
	['rating', 9],
	['currency', 1],
	['session_id', 0.9 * ROWS],
])('%s has %i distinct values', (column, count) => {
	expect(new Set(valuesOf(column)).size).toBe(count);
});

test.each([
	['phone', /^NA$/, 0.2],
	['company', /^$/, 0.7],
	['is_business', /^null$/, 0.05],
	['delivery_date', /^-$/, 0.15],
	['delivery_time', /^null$/, 0.1],
	['rating', /^(?:NA|null||-)$/, 0.4],
	['balance', /^-/, 0.4],
	['customer_no', /^0/, 1],
	['unit_price', /\.\d\d$/, 0.25],
	['comment', /\n/, 0.4 / 13],
	['comment', /^$/, 0.6],
])('in %s, values that match %s have a share of %d', (column, pattern, share) => {
	const count = valuesOf(column).filter(value => pattern.test(value)).length;
	expect(Math.abs(count / ROWS - share)).toBeLessThan(0.012);
});

test('a malformed wide record affects no other record', () => {
	const good = splitRecords(bytes.toString());
	const malformed = splitRecords(generateBytes({kind: 'wide', rowsPerFile: ROWS, malformedFraction: 0.1}).toString());
	expect(malformed).toHaveLength(ROWS);
	expect(malformed.filter((record, row) => record !== good[row])).toHaveLength(ROWS / 10);
});
