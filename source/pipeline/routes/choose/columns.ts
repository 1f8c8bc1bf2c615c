// Columns that a route wants, in the form in which headers are compared with those of analyses.
import {normalizeColumnName} from '../../../analysis/column-names.ts';
import type {AnalysisDeclaration, ColumnDeclaration} from '../../../analysis/declaration.ts';
import {analysisNames, declarationOf} from '../../../analysis/registry.ts';

/** The columns of the built-in analyses have aliases: in other languages, and what programs call them. */
function findKnown(name: string): readonly [string, ColumnDeclaration] | null {
	const wanted = normalizeColumnName(name);
	for (const analysis of analysisNames) {
		const found = Object.entries(declarationOf(analysis).columns).find(
			([column]) => normalizeColumnName(column) === wanted,
		);
		if (found !== undefined) return found;
	}
	return null;
}

/** What fits a header that has all of the columns. */
export function declarationOfColumns(columns: readonly string[]): AnalysisDeclaration {
	const declared = columns.map((name): readonly [string, ColumnDeclaration] => {
		const [column, {is, aliases, pairs}] = findKnown(name) ?? [name, {is: 'text'}];
		return [column, {is, ...(aliases !== undefined && {aliases}), ...(pairs !== undefined && {pairs})}];
	});
	return {name: 'route', version: 1, title: 'Route', columns: Object.fromEntries(declared), measures: {}};
}
