// Columns of several sources that the kernel adds up come to the same bytes as those that are merged one by one, whatever the sources are, and
// whatever is read between them.
import {expect, test} from 'vitest';
import {profile} from '../../source/analysis/builtin/profile.ts';
import {type Columns, createColumns, mergeColumns} from '../../source/analysis/columns/columns.ts';
import type {CellForm} from '../../source/analysis/forms/forms.ts';
import {withForms} from '../../source/analysis/forms/with-forms.ts';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import {seedOf} from '../../source/analysis/position-sample.ts';
import {compileProgram, type Program} from '../../source/analysis/program.ts';
import {createState} from '../../source/analysis/state.ts';
import {defaultCaps, layOutStates, type StateLayout} from '../../source/analysis/state-layout.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {specBounds} from '../helpers/kernel-specs.ts';
import {type ColumnTable, columnTable} from '../helpers/large-column-tables.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomSeeds} from '../helpers/random-cases.ts';

const cellForms: readonly CellForm[] = [
	{number: {mark: ',', isPercent: false}},
	{number: {mark: '.', isPercent: false}},
	{date: 'day-first'},
];

const kernel = new Kernel();

interface Reading {
	readonly table: ColumnTable;
	readonly layout: StateLayout;
	/** Each with its records and its seed; some are there twice. */
	readonly sources: readonly {readonly bytes: Buffer; readonly seed: number}[];
}

function divide(dice: Dice, records: readonly Buffer[]): Reading['sources'] {
	const sources: {bytes: Buffer; seed: number}[] = [];
	for (let from = 0; from < records.length; ) {
		const count = 1 + dice.roll(Math.ceil(records.length / 3));
		sources.push({bytes: Buffer.concat(records.slice(from, from + count)), seed: dice.roll(3)});
		from += count;
	}
	return sources.flatMap(source => (dice.isOneIn(8) ? [source, source] : [source]));
}

function programOf({table, layout}: Reading, dice: Dice): Program {
	const {names, delimiter} = table;
	const renamed = dice.isOneIn(6) ? names.map(name => `${name}, renamed`) : names;
	const forms = new Map(
		names.flatMap((_, column) => (dice.isOneIn(8) ? [[column, {cells: dice.pick(cellForms)}] as const] : [])),
	);
	const columns = {declaration: profile, indexes: {}, header: renamed, faults: {key: 0, delimiter}};
	return withForms(compileProgram([columns], layout.caps), forms);
}

function readSource(
	program: Program,
	{delimiter, quote, names}: ColumnTable,
	{bytes, seed}: Reading['sources'][number],
): Columns {
	const {input} = kernel;
	input.begin(0);
	kernel.begin({program, delimiter, quote, columnCount: names.length, ...specBounds}, 1, seedOf(Buffer.from([seed])));
	input.space(bytes.length).set(bytes);
	input.extend(bytes.length);
	if (kernel.consume(true) !== 'needs-more') throw new Error('Expected all records');
	const [figures] = kernel.readFigures();
	if (figures?.columns === undefined) throw new Error('Expected columns');
	return figures.columns;
}

const bytesOf = (layout: StateLayout, columns: Columns): string =>
	Buffer.from(encodePartial({...createState(layout), columns})).toString('hex');

test.each([
	{tables: 60, mostRecords: 60, leastAdded: 1},
	{tables: 20, mostRecords: 1000, leastAdded: 1},
	// Of few tables, all may have sources with more values than are counted.
	{tables: 2, mostRecords: 30_000, leastAdded: 0},
])('sources of $tables tables of up to $mostRecords records', ({tables, mostRecords, leastAdded}) => {
	let added = 0;
	for (const seed of randomSeeds(tables)) {
		const dice = new Dice(seed);
		const table = columnTable(dice, mostRecords);
		const layout = layOutStates(profile, {...defaultCaps, columns: table.caps});
		const reading = {table, layout, sources: divide(dice, table.records)};
		const [expected, rest] = [createColumns(table.caps, false), createColumns(table.caps, false)];
		const taken = createColumns(table.caps, false);
		let program = programOf(reading, dice);
		for (const source of reading.sources) {
			if (dice.isOneIn(4)) program = programOf(reading, dice);
			const read = readSource(program, table, source);
			mergeColumns(expected, read);
			if (!dice.isOneIn(8) && kernel.addToColumnTotals('profile', read)) added++;
			else mergeColumns(rest, read);
			if (dice.isOneIn(6))
				mergeColumns(taken, kernel.takeColumnTotals().get('profile') ?? createColumns(table.caps, false));
		}
		mergeColumns(taken, kernel.takeColumnTotals().get('profile') ?? createColumns(table.caps, false));
		mergeColumns(taken, rest);
		expect(bytesOf(layout, taken) === bytesOf(layout, expected), `seed ${seed}`).toBe(true);
	}
	expect(added).toBeGreaterThanOrEqual(leastAdded);
});
