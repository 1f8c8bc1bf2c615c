// Tables with all of their rows, of which a result lists the first ones.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {completeTables} from '../../source/analysis/complete-tables.ts';
import type {AnalysisDeclaration, Measure} from '../../source/analysis/declaration.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {giveUpTables} from '../../source/analysis/state.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {records, stateOf, tasks} from '../helpers/random-records.ts';

/** The same declaration, with results that list as many rows. */
const withLimit = (declaration: AnalysisDeclaration, limit: number): AnalysisDeclaration => ({
	...declaration,
	measures: Object.fromEntries(
		Object.entries(declaration.measures).map(([name, measure]): [string, Measure] => [
			name,
			measure.kind === 'groups' ? {...measure, limit} : measure,
		]),
	),
});

test('they have all rows of the result, in its order and with its keys', () => {
	let rowCount = 0;
	fc.assert(
		fc.property(tasks, fc.array(records, {maxLength: 80}), (task, all) => {
			const listed = (name: string, limit: number) =>
				finishState(stateOf({...task, declaration: withLimit(task.declaration, limit)}, all))[name];
			for (const {name, columns, rows, error} of completeTables(stateOf(task, all))) {
				const complete = [...rows];
				expect(complete).toEqual(listed(name, Number.MAX_SAFE_INTEGER));
				// A list that is cut is ranked in another way, without a sort.
				const most = Math.max(1, complete.length - 1);
				expect(complete.slice(0, most)).toEqual(listed(name, most));
				for (const row of complete) expect(Object.keys(row)).toEqual(columns);
				if (error !== null) expect(complete).toEqual([]);
				rowCount += complete.length;
			}
		}),
		{numRuns: randomCases(300)},
	);
	expect(rowCount).toBeGreaterThan(randomCases(300));
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
