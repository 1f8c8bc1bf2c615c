// In a small file, a single cell that is not like the others of its column is told where it stands.
import {expect, test} from 'vitest';
import {oddCellsOfFew} from '../../source/cli/commands/sniff/odd-cells-of-few.ts';
import type {SniffedDialect} from '../../source/cli/commands/sniff/sniffed-file.ts';

const dialect: SniffedDialect = {
	...{delimiter: ';', quote: '"', escape: '"', encoding: 'utf-8', newline: '\n', header: true, skip_lines: 0},
	...{skip_footer: 0, comment: null, compression: null, decimal: null, thousands: null},
};

function found(cells: readonly string[], other: Partial<SniffedDialect> = {}): readonly (readonly unknown[])[] {
	const bytes = Buffer.from(`a;b\n${cells.map(cell => `x;${cell}\n`).join('')}`);
	const columns = [
		{name: 'a', type: 'text'},
		{name: 'b', type: 'text'},
	] as const;
	return oddCellsOfFew(bytes, {...dialect, ...other}, columns, cells.length).map(
		({code, line, byte_offset: offset}) => [code, line, offset],
	);
}

test.each([
	[['1', '2', '12O4', '3', '4'], 4, 12],
	[['1,5', '2,5', '', '3,5', '#REF!', '4,5', 'NA'], 6, 25],
	[['2024-01-31', '2024-02-31', '2024-03-31', '2024-04-30', '2024-05-31'], 3, 17],
	[['31/12/2023', '1/2/2024', '31/31/2020', '3/2/2024', '13/2/2024'], 4, 28],
])('%j', (cells, line, offset) => {
	expect(found(cells)).toEqual([['OUT_OF_TYPE', line, offset]]);
});

test.each([
	[['1', '2', 'x', 'y', '4']],
	[['1', '2', 'x']],
	[['1', '2', 'n/a', '3', '4', '5']],
	[['3.15.9', '3.1.20', '3.1.4', '2.10.3', '3.19.7']],
	[['one', 'two', '3', 'four', 'five']],
	[['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30', '31.12.2024']],
	[['1', '2', '3', '4', 'NA', '-', '']],
])('nothing in %j', cells => {
	expect(found(cells)).toEqual([]);
});

test('further names are no cells', () => {
	const bytes = Buffer.from('May;June\na;b\nx;1\nx;2\nx;3\nx;4\n');
	const columns = [
		{name: 'May a', type: 'text'},
		{name: 'June b', type: 'text'},
	] as const;
	expect(oddCellsOfFew(bytes, dialect, columns, 4)).toEqual([]);
});

test('lines around the table are none of its records', () => {
	const cells = ['1', '2', '3', '4', '5'];
	const bytes = Buffer.from(`Report\na;b\n${cells.map(cell => `x;${cell}\n`).join('')}x;total\n`);
	const columns = [
		{name: 'a', type: 'text'},
		{name: 'b', type: 'text'},
	] as const;
	expect(oddCellsOfFew(bytes, {...dialect, skip_lines: 1, skip_footer: 1}, columns, 5)).toEqual([]);
	expect(oddCellsOfFew(bytes, {...dialect, skip_lines: 1}, columns, 6)).toHaveLength(1);
});
