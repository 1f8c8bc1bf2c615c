// Records for the columns of random declarations, and what the reference reader makes of them.
import fc from 'fast-check';
import {
	type AnalysisDeclaration,
	distinct,
	groupBy,
	type Measure,
	mean,
	nearest,
	sum,
} from '../../source/analysis/declaration.ts';
import type {AnalysisFigures} from '../../source/analysis/figures.ts';
import {compileProgram} from '../../source/analysis/program.ts';
import {ProgramFigures} from '../../source/analysis/reference/figures-of-records.ts';
import {type AnalysisState, stateOfFigures} from '../../source/analysis/state.ts';
import {type Caps, layOutStates} from '../../source/analysis/state-layout.ts';
import type {TextEncoding} from '../../source/analysis/text-encoding.ts';
import {declarations} from './random-declarations.ts';

/** Where the columns of random declarations stand; a header may be without the weight or the time. */
export const indexes = {shop: 0, kind: 1, price: 2, date: 3, weight: 4, at: 5};
const headers = fc.constantFrom(indexes, {...indexes, weight: -1}, {...indexes, at: -1});

const bytes = fc.string({unit: fc.integer({min: 0, max: 255}).map(byte => String.fromCharCode(byte)), maxLength: 6});
const text = fc.oneof(
	{weight: 4, arbitrary: fc.integer({min: 0, max: 40}).map(number => `C${String(number).padStart(3, '0')}`)},
	{weight: 2, arbitrary: fc.integer({min: 0, max: 40}).map(number => `C${number}`)},
	{weight: 2, arbitrary: bytes},
	{weight: 1, arbitrary: fc.constantFrom('', 'food', 'a\0', 'a', 'a text of more than 15 bytes', 'x'.repeat(70))},
);
const amount = fc.oneof(
	{weight: 5, arbitrary: fc.integer({min: -5000, max: 5000}).map(cents => (cents / 100).toFixed(2))},
	{weight: 1, arbitrary: fc.constantFrom('9'.repeat(38), `-.${'3'.repeat(38)}`, '0', '.000', '7', '-12345678901234.5')},
	{weight: 1, arbitrary: fc.constantFrom('', ' ', 'x', '1'.repeat(39))},
);
const date = fc.oneof(
	{weight: 5, arbitrary: fc.integer({min: 10, max: 28}).map(day => `2024-0${1 + (day % 3)}-${day}`)},
	{weight: 1, arbitrary: fc.constantFrom('0001-01-01', '9999-12-31', '20240229', '', 'x')},
);

const time = fc.oneof(
	{
		weight: 5,
		arbitrary: fc
			.nat(59)
			.map(minute => `2024-03-${10 + (minute % 20)}T${10 + (minute % 13)}:${10 + (minute % 50)}:00Z`),
	},
	{weight: 1, arbitrary: fc.constantFrom('0001-01-01', '9999-12-31T24:00', '20240229 1030', '', 'x')},
);

export type RandomRecord = readonly string[];
export const records: fc.Arbitrary<RandomRecord> = fc.tuple(text, text, amount, date, amount, time);

const derived: Readonly<Record<string, Measure>> = {
	'sum of products': sum('total'),
	'mean of products': nearest(mean('total')),
	'chosen by kind': groupBy('kind', {chosen: sum('chosen'), weight: mean('weight')}, {orderBy: 'weight'}),
	kinds: distinct('kind'),
};

/** Some of them with numbers that are computed of others. */
export const anyDeclaration: fc.Arbitrary<AnalysisDeclaration> = fc
	.tuple(declarations, fc.boolean())
	.map(([declaration, isDerived]) =>
		isDerived
			? {
					...declaration,
					derive: {total: {product: ['price', 'weight']}, chosen: {firstOf: ['weight', 'price']}},
					measures: {...declaration.measures, ...derived},
				}
			: declaration,
	);

export const anyCaps: fc.Arbitrary<Caps> = fc.record({
	maxValues: fc.integer({min: 1, max: 80}),
	maxValueBytes: fc.integer({min: 10, max: 400}),
	maxGroups: fc.integer({min: 1, max: 40}),
	maxKeyBytes: fc.integer({min: 10, max: 400}),
});

/** An analysis of files that all have the same header. */
export interface Task {
	readonly declaration: AnalysisDeclaration;
	readonly header: typeof indexes;
	readonly caps: Caps;
}
export const tasks: fc.Arbitrary<Task> = fc.record({declaration: anyDeclaration, header: headers, caps: anyCaps});

export function figuresOf({declaration, header, caps}: Task, all: readonly RandomRecord[]): AnalysisFigures {
	const program = compileProgram([{declaration, indexes: header}], caps);
	const reader = new ProgramFigures(program);
	for (const record of all) reader.add(record);
	const [figures] = reader.take();
	if (figures === undefined) throw new Error('Expected figures of an analysis');
	return figures;
}

export const stateOf = (task: Task, all: readonly RandomRecord[], encoding: TextEncoding = 'utf-8'): AnalysisState =>
	stateOfFigures(layOutStates(task.declaration, task.caps), figuresOf(task, all), encoding);
