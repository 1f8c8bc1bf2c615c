import type {ColumnMap} from '../analysis/column-map.ts';
import {type AnalysisChoice, declarationOf, namesOf} from '../analysis/registry.ts';
import {findClosestMatch} from '../text/closest-match.ts';

/**
Looks for a column of the map that is in no analysis of the choice.

@returns A sentence about it, without its end; `undefined` where there is none.
*/
export function findUnknownColumn(map: ColumnMap, analysis: AnalysisChoice): string | undefined {
	const columns = new Set(namesOf(analysis).flatMap(name => Object.keys(declarationOf(name).columns)));
	const unknown = Object.keys(map).find(column => !columns.has(column));
	if (unknown === undefined) return undefined;
	const near = findClosestMatch(unknown, columns);
	const has = columns.size === 0 ? 'they read all columns as they are' : `expected one of ${[...columns].join(', ')}`;
	return `no analysis of this run has a column “${unknown}”: ${near === undefined ? has : `did you mean ${near}?`}`;
}
