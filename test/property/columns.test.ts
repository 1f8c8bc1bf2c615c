// Columns of any tables: the kernel gives the same bytes as the reference, whatever the pieces in which it is given the bytes, the parts
// of a source that are read apart, and what it has read before.
import {expect, test} from 'vitest';
import {columnTypesAlone} from '../../source/analysis/builtin/column-types.ts';
import {profile} from '../../source/analysis/builtin/profile.ts';
import {quality} from '../../source/analysis/builtin/quality.ts';
import type {AnalysisDeclaration} from '../../source/analysis/declaration.ts';
import type {AnalysisFigures} from '../../source/analysis/figures.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {type Decided, decideForms} from '../../source/analysis/forms/decide-forms.ts';
import type {ColumnEvidence} from '../../source/analysis/forms/evidence.ts';
import {type CellForm, type Forms, plainForms} from '../../source/analysis/forms/forms.ts';
import {withForms} from '../../source/analysis/forms/with-forms.ts';
import {encodePartial} from '../../source/analysis/partial/partial.ts';
import {seedOf} from '../../source/analysis/position-sample.ts';
import {compileProgram, type Program} from '../../source/analysis/program.ts';
import {stateOfFigures} from '../../source/analysis/state.ts';
import {defaultCaps, layOutStates, type StateLayout} from '../../source/analysis/state-layout.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import type {ColumnResult} from '../../source/model/results.ts';
import {readProgramByReference} from '../helpers/figures-of-programs.ts';
import {specBounds} from '../helpers/kernel-specs.ts';
import {type ColumnTable, columnTable} from '../helpers/large-column-tables.ts';
import {Dice} from '../helpers/large-tables.ts';
import {randomSeeds} from '../helpers/random-cases.ts';

interface Compiled {
	readonly program: Program;
	readonly layout: StateLayout;
}

const cellForms: readonly CellForm[] = [
	{number: {mark: ',', isPercent: false}},
	{number: {mark: '.', isPercent: false}},
	{number: {mark: '.', isPercent: true}},
	{date: 'day-first'},
	{date: 'year-first'},
];

function randomForms({names}: ColumnTable, dice: Dice): Forms {
	const hasForms = dice.isOneIn(2);
	return new Map(
		names.flatMap((_, column) => (hasForms && dice.isOneIn(2) ? [[column, {cells: dice.pick(cellForms)}]] : [])),
	);
}

function compile({names, caps, delimiter}: ColumnTable, declaration: AnalysisDeclaration, forms: Forms): Compiled {
	const all = {...defaultCaps, columns: caps};
	const program = compileProgram([{declaration, indexes: {}, header: names, faults: {key: 0, delimiter}}], all);
	return {
		program: withForms(program, forms),
		layout: layOutStates(declaration, all),
	};
}

const bytesOf = ({layout}: Compiled, [figures]: readonly AnalysisFigures[]): string => {
	if (figures === undefined) throw new Error('Expected figures');
	return Buffer.from(encodePartial(stateOfFigures(layout, figures, 'utf-8'))).toString('hex');
};

const seed = seedOf(Buffer.from('any source'));

/** Gives a kernel all bytes, in pieces of random sizes, with looks at what they have come to so far. */
function readInPieces(kernel: Kernel, table: ColumnTable, compiled: Compiled, bytes: Uint8Array, dice: Dice): void {
	const {input} = kernel;
	input.begin(0);
	const {names, delimiter, quote, header} = table;
	const {program} = compiled;
	kernel.begin({program, delimiter, quote, columnCount: names.length, header, ...specBounds}, 1, seed);
	for (let read = 0; read < bytes.length; ) {
		const piece = bytes.subarray(read, read + 1 + dice.roll(dice.pick([100, 5000, 70_000, 200_000])));
		input.space(piece.length).set(piece);
		input.extend(piece.length);
		read += piece.length;
		const outcome = kernel.consume(read === bytes.length);
		if (outcome !== 'needs-more') throw new Error(`Expected all records, found ${outcome}`);
		if (dice.isOneIn(8)) kernel.readFigures();
	}
}

const used = new Kernel();

test.each([
	{declaration: profile, tables: 40, mostRecords: 60},
	{declaration: profile, tables: 5, mostRecords: 1000},
	{declaration: profile, tables: 1, mostRecords: 20_000},
	{declaration: columnTypesAlone, tables: 40, mostRecords: 60},
	{declaration: columnTypesAlone, tables: 5, mostRecords: 1000},
	{declaration: columnTypesAlone, tables: 1, mostRecords: 20_000},
	{declaration: quality, tables: 30, mostRecords: 60},
	{declaration: quality, tables: 3, mostRecords: 1000},
	{declaration: quality, tables: 1, mostRecords: 10_000},
])('$declaration.name of $tables tables of up to $mostRecords records', async ({declaration, tables, mostRecords}) => {
	for (const seedOfTable of randomSeeds(tables)) {
		const dice = new Dice(seedOfTable);
		const table = columnTable(dice, mostRecords);
		const compiled = compile(table, declaration, randomForms(table, dice));
		const {delimiter, quote, names, header, records} = table;
		const reference = await readProgramByReference(
			{program: compiled.program, columnCount: names.length, delimiter, quote, header},
			records,
			seed,
		);
		const kernel = dice.isOneIn(4) ? new Kernel() : used;
		readInPieces(kernel, table, compiled, Buffer.concat(records), dice);
		expect(kernel.rows, `seed ${seedOfTable}`).toBe(reference.rows);
		expect(
			bytesOf(compiled, kernel.readFigures()) === bytesOf(compiled, reference.figures),
			`seed ${seedOfTable}`,
		).toBe(true);
		const {forms = plainForms} = compiled.program;
		const decide = (evidence: readonly ColumnEvidence[]): Decided => decideForms(evidence, forms, {});
		expect(decide(kernel.formEvidence()), `seed ${seedOfTable}`).toEqual(decide(reference.formEvidence));
		const inForms = (all: readonly ColumnEvidence[]) => all.filter(({column}) => forms.has(column));
		expect(inForms(kernel.formEvidence()), `seed ${seedOfTable}`).toEqual(inForms(reference.formEvidence));
	}
});

test('types that are found alone are those of the profile', () => {
	for (const seedOfTable of randomSeeds(60)) {
		const dice = new Dice(seedOfTable);
		const table = columnTable(dice, dice.pick([20, 200, 2000]));
		const forms = randomForms(table, dice);
		const [ofProfile, alone] = [profile, columnTypesAlone].map(declaration => {
			const compiled = compile(table, declaration, forms);
			readInPieces(used, table, compiled, Buffer.concat(table.records), dice);
			const [figures] = used.readFigures();
			if (figures === undefined) throw new Error('Expected figures');
			const {rows, columns} = finishState(stateOfFigures(compiled.layout, figures, 'utf-8'));
			return {
				rows,
				columns: columns as unknown as readonly ColumnResult[],
				decided: decideForms(used.formEvidence(), forms, {}),
			};
		});
		const found = ofProfile?.columns.map(({name, index, type, mostly}) => ({name, index, type, mostly}));
		expect(alone, `seed ${seedOfTable}`).toEqual({...ofProfile, columns: found});
	}
});
