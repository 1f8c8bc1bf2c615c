// Tables with all of their rows, of which a result lists the first ones.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {AnalysisDeclaration, Measure} from '../../source/analysis/declaration.ts';
import {completeTables, finishState} from '../../source/analysis/finish.ts';
import {giveUpTables} from '../../source/analysis/state.ts';
import {records, stateOf, tasks} from '../helpers/random-records.ts';

/** The same declaration, with results that list every row. */
const withoutLimits = (declaration: AnalysisDeclaration): AnalysisDeclaration => ({
	...declaration,
	measures: Object.fromEntries(
		Object.entries(declaration.measures).map(([name, measure]): [string, Measure] => [
			name,
			measure.kind === 'groups' ? {...measure, limit: Number.MAX_SAFE_INTEGER} : measure,
		]),
	),
});

test('they have all rows of the result, in its order and with its keys', () => {
	let rowCount = 0;
	fc.assert(
		fc.property(tasks, fc.array(records, {maxLength: 80}), (task, all) => {
			const declaration = withoutLimits(task.declaration);
			const state = stateOf({...task, declaration}, all);
			const result = finishState(state);
			for (const {name, columns, rows, error} of completeTables(stateOf(task, all))) {
				const complete = [...rows];
				expect(JSON.stringify(complete)).toBe(JSON.stringify(result[name]));
				for (const row of complete) expect(Object.keys(row)).toEqual(columns);
				if (error !== null) expect(complete).toEqual([]);
				rowCount += complete.length;
			}
		}),
	);
	expect(rowCount).toBeGreaterThan(100);
});

test('a table with more groups than can be kept says so', () => {
	fc.assert(
		fc.property(tasks, fc.array(records, {maxLength: 20}), (task, all) => {
			const state = stateOf(task, all);
			giveUpTables(state);
			for (const {name, rows, error} of completeTables(state)) {
				expect([...rows]).toEqual([]);
				expect(error).toMatchObject({code: `TOO_MANY_${name.toUpperCase()}`});
			}
		}),
	);
});
