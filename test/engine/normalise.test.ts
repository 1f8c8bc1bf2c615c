import {expect, test} from 'vitest';
import {canonicalRecord} from '../../source/engine/worker/table/canonical-records.ts';
import {FormFinder} from '../../source/engine/worker/table/normalise.ts';

/** The cells of one column, and what they become. */
function normalise(...cells: readonly string[]): {cells: string[]; undecided: unknown} {
	const finder = new FormFinder(['a', 'b']);
	const records = Buffer.from(cells.map(cell => canonicalRecord([cell, 'x'])).join(''));
	finder.add(records);
	const {normalise: write, undecided} = finder.finish();
	const written = Buffer.from(write(records)).toString().split('\n').slice(0, -1);
	return {cells: written.map(line => line.slice(0, -2)), undecided};
}

test.each([
	[
		['1.234,50', '-8,1', ''],
		['1234.50', '-8.1', ''],
	],
	[
		['1,234.50', '(8.10)', '5'],
		['1234.50', '-8.10', '5'],
	],
	[
		['\u20ac 12,00', '\u20ac 3,50-'],
		['12.00', '-3.50'],
	],
	[
		['5%', '12.5%'],
		['5', '12.5'],
	],
	[
		['31/12/2024', '01/02/2024'],
		['2024-12-31', '2024-02-01'],
	],
	[
		['Dec 31, 2024', '1 Feb 2024'],
		['2024-12-31', '2024-02-01'],
	],
	[
		['2024-12-31', '2024/01/02'],
		['2024-12-31', '2024-01-02'],
	],
])('%j becomes %j', (cells, expected) => {
	expect(normalise(...cells)).toEqual({cells: expected, undecided: []});
});

test('words among numbers stay, and so do numbers among words', () => {
	expect(normalise('1.234,50', 'pending', '2,50').cells).toEqual(['1234.50', 'pending', '2.50']);
	expect(normalise('12,50 each', 'none', 'two', '3,50').cells).toEqual(['"12,50 each"', 'none', 'two', '"3,50"']);
});

test('digits with a zero in front are a code', () => {
	expect(normalise('00123', '4,5').cells).toEqual(['00123', '"4,5"']);
});

test('a column that reads in two ways stays as it is, and is told', () => {
	expect(normalise('1,234', '2,500')).toEqual({
		cells: ['"1,234"', '"2,500"'],
		undecided: [{name: 'a', cells: ['1,234']}],
	});
	expect(normalise('01/02/2024', '03/04/2024').undecided).toEqual([{name: 'a', cells: ['01/02/2024']}]);
});

test('what is said of the forms decides', () => {
	const finder = new FormFinder(['a', 'b'], {decimal: ',', date: 'month-first'});
	const records = Buffer.from('"1,234",01/02/2024\n');
	finder.add(records);
	expect(Buffer.from(finder.finish().normalise(records)).toString()).toBe('1.234,2024-01-02\n');
});

test('what is normalised once stays so', () => {
	const {cells} = normalise('1.234,50', '(8,1)', '7');
	expect(normalise(...cells).cells).toEqual(cells);
});
