// Which analysis a file is for, from the names in its header.

import {analyses, analysisNames} from './registry.ts';
import type {AnalysisName} from './results.ts';

/** Spaces of all kinds, underscores and hyphens, and what cannot be seen. */
const PASSED_OVER = /[\s_\u2010\u2011\u{ad}\p{Default_Ignorable_Code_Point}-]+/gu;

/** Names of columns match whatever their case, and whatever is written between their words: `Customer ID` is `customer_id`. */
export const normalizeColumnName = (name: string): string => name.replace(PASSED_OVER, '').toLowerCase();

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
	const first = (column: string): number => names.indexOf(normalizeColumnName(column));
	return {
		analysis,
		indexes: columns.map(first),
		missing: columns.filter(column => first(column) === -1),
		ambiguous: columns.filter(column => first(column) !== names.lastIndexOf(normalizeColumnName(column))),
	};
}
