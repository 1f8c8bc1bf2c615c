// Rows of files on which two analyses were made.
import {expect, test} from 'vitest';
import {encodeRow, type RowFigures, type RowTable, rowShapeOf} from '../../source/analysis/file-rows.ts';
import {layoutOf} from '../../source/analysis/registry.ts';
import {KeyNumbers} from '../../source/analysis/row-keys.ts';
import {VarintWriter} from '../../source/analysis/varints.ts';
import {ResultRow, ResultRows} from '../../source/engine/results/result-rows.ts';
import {joinRows} from '../../source/engine/worker/small/rows-builder.ts';

const analyses = ['transactions', 'sales'] as const;

/** One record of that amount, in a group of its own. */
function figuresOf(analysis: (typeof analyses)[number], amount: number, key: number): RowFigures {
	const {sums, rangeCount, setCount, tables} = rowShapeOf(layoutOf(analysis));
	const sum = {scale: 2, units: amount, count: 1};
	return {
		records: 1,
		lines: 0,
		sums: sums.map(() => sum),
		ranges: Array.from({length: rangeCount}, () => ({earliest: 20_240_101, latest: 20_240_101})),
		sets: Array.from({length: setCount}, () => ({value: 1, exact: true})),
		longest: [],
		tops: [],
		columns: null,
		tables: tables.map(
			({sumCount, stride}): RowTable => ({
				groupCount: 1,
				distinctKeys: null,
				scales: Array.from({length: sumCount}, () => 2),
				length: 1,
				values: Float64Array.from(
					{length: stride},
					(_, place) => [key, 1][place] ?? (place < 2 + sumCount ? amount : 1),
				),
				wide: new Map(),
			}),
		),
	};
}

test('each analysis of a file has its own part of the row, and its own keys', () => {
	const writer = new VarintWriter();
	const starts = [100, 250].map((amount, file) => {
		const start = writer.length;
		for (const analysis of analyses)
			encodeRow(writer, rowShapeOf(layoutOf(analysis)), figuresOf(analysis, amount, file));
		return start;
	});
	const keys = analyses.map(analysis => {
		const numbers = new KeyNumbers();
		for (const file of starts.keys()) numbers.numberOf(`${analysis} of file ${file}`);
		return numbers.encode();
	});
	const rows = new ResultRows(joinRows(analyses, writer.take(), keys));
	const [first = 0, second = 0] = starts;
	expect(JSON.parse(rows.write(first, 'laidOut', 0))).toMatchObject({
		total_amount_exact: '1.00',
		categories: [{category: 'transactions of file 0', count: 1, amount: '1.00'}],
	});
	expect(JSON.parse(rows.write(second, 'laidOut', 1))).toMatchObject({
		total_sales_exact: '2.50',
		departments: [{department: 'sales of file 1', sales: '2.50', share: '1.000000'}],
	});
	expect(JSON.parse(new ResultRow(rows, second).onOneLine())).toMatchObject({total_amount_exact: '2.50'});
	expect(() => rows.write(first, 'laidOut', 2)).toThrow();
});
