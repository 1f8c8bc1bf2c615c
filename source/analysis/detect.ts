// Which analysis a file is for, from the names in its header.

import {analyses, analysisNames} from './registry.ts';
import type {AnalysisName} from './results.ts';

/** Header names match whatever their case and the spaces around them. */
export const normalizeColumnName = (name: string): string => name.trim().toLowerCase();

export interface ColumnMatch {
	readonly analysis: AnalysisName;
	/** Where each column of the analysis stands in the header, in the analysis's order; -1 where it is missing. */
	readonly indexes: readonly number[];
	readonly missing: readonly string[];
	/** Needed columns that the header names more than once. */
	readonly ambiguous: readonly string[];
}

/**
Finds the analysis whose columns the header has; where none has all of them, the one that misses the fewest.

@param header - The names as found, in order.
@param wanted - The only analysis to try, `null` for all.
*/
export function matchColumns(header: readonly string[], wanted: AnalysisName | null): ColumnMatch {
	const names = header.map(normalizeColumnName);
	const [first, ...others] = wanted === null ? analysisNames : [wanted];
	if (first === undefined) throw new Error('There is no analysis');
	let best = matchOne(names, first);
	for (const name of others) {
		const match = matchOne(names, name);
		if (match.missing.length < best.missing.length) best = match;
	}
	return best;
}

function matchOne(names: readonly string[], analysis: AnalysisName): ColumnMatch {
	const {columns} = analyses[analysis];
	return {
		analysis,
		indexes: columns.map(column => names.indexOf(column)),
		missing: columns.filter(column => !names.includes(column)),
		ambiguous: columns.filter(column => names.includes(column) && names.indexOf(column) !== names.lastIndexOf(column)),
	};
}
