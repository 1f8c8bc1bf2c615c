import {expect, test} from 'vitest';
import {count, sum} from '../../source/analysis/declaration.ts';
import {defineAnalysis} from '../../source/analysis/define-analysis.ts';
import {createState, mergeState} from '../../source/analysis/state.ts';
import {layOutStates} from '../../source/analysis/state-layout.ts';

const own = defineAnalysis({
	name: 'own',
	version: 1,
	title: 'Own',
	columns: {amount: {is: 'number'}},
	derive: {fee: {is: 'number', decimals: 2, js: ({amount}) => amount}},
	measures: {records: count(), fees: sum('fee')},
});
const withCode = (digest: string, place = 0) => layOutStates({...own, code: {path: '/own.ts', digest, place}});

test('states of the same code merge, and those of other code never do', () => {
	const state = createState(withCode('a'));
	mergeState(state, createState(withCode('a')));
	for (const other of [withCode('b'), withCode('a', 1), layOutStates(own)])
		expect(() => mergeState(state, createState(other))).toThrow('Expected states of the same analysis');
});
