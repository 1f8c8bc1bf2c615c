import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {tableChunks} from '../../source/report/table-csv.ts';
import {HOSTILE_TEXTS} from './sample-report.ts';

const textOf = (columns: readonly string[], rows: Parameters<typeof tableChunks>[0]['rows']): string =>
	[...tableChunks({columns, rows})].join('');

test('a table has its keys as the header, and a record for each row', () => {
	const rows = [
		{category: 'food', count: 2, amount: '-1.50'},
		{category: '', count: 1, amount: null},
	];
	expect(textOf(['category', 'count', 'amount'], rows)).toBe('category,count,amount\nfood,2,-1.50\n,1,\n');
	expect(textOf(['category', 'count'], [])).toBe('category,count\n');
});

test.each(['a,b', 'a"b', 'a\nb', 'a\rb'])('%j is quoted, because it may end a field or record for a reader', name => {
	expect(textOf(['name'], [{name}])).toBe(`name\n"${name.replace('"', '""')}"\n`);
});

test('every value is read back as it was, formulas and controls too', () => {
	const text = fc.oneof(
		fc.constantFrom(...HOSTILE_TEXTS, '=1+1', '-', '@x', '\r', '\t=1'),
		fc.string({unit: 'binary'}),
	);
	fc.assert(
		fc.property(fc.array(fc.record({name: text, count: fc.nat()}), {maxLength: 10}), rows => {
			const read = parse(textOf(['name', 'count'], rows), {columns: true, record_delimiter: '\n'});
			expect(read).toEqual(rows.map(({name, count}) => ({name, count: String(count)})));
		}),
	);
});
