import type {ColumnMap, OwnAliases} from '../analysis/column-map.ts';
import {type AnalysisChoice, declarationOf, knownNames, namesOf} from '../analysis/registry.ts';
import {findClosestMatch} from '../text/closest-match.ts';

/**
Looks for a column of the map that is in no analysis of the choice.

@returns A sentence about it, without its end; `undefined` where there is none.
*/
export const findUnknownColumn = (map: ColumnMap, analysis: AnalysisChoice): string | undefined =>
	findUnknown(Object.keys(map), namesOf(analysis), 'no analysis of this run has');

/** The same of columns with other names, which may be those of any analysis: a file of settings is for all runs. */
export const findUnknownAlias = (aliases: OwnAliases): string | undefined =>
	findUnknown(Object.keys(aliases), knownNames(), 'no analysis has');

function findUnknown(names: readonly string[], analyses: readonly string[], sentence: string): string | undefined {
	// Columns of lines have no names in files.
	const all = analyses.map(declarationOf).filter(({reads}) => reads !== 'lines');
	const columns = new Set(all.flatMap(declaration => Object.keys(declaration.columns)));
	const unknown = names.find(column => !columns.has(column));
	if (unknown === undefined) return undefined;
	const near = findClosestMatch(unknown, columns);
	const has = columns.size === 0 ? 'they read all columns as they are' : `expected one of ${[...columns].join(', ')}`;
	return `${sentence} a column “${unknown}”: ${near === undefined ? has : `did you mean ${near}?`}`;
}
