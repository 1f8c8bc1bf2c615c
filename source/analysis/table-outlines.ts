// The tables of analyses, as they are known before anything is read.
import type {TableOutline} from '../model/complete-table.ts';
import type {Measure} from './declaration.ts';
import {type AnalysisChoice, declarationOf, namesOf} from './registry.ts';
import {rowKeysOf} from './state-layout.ts';

/** The tables of the analyses that may be chosen. */
export const outlineTables = (choice: AnalysisChoice): readonly TableOutline[] =>
	namesOf(choice).flatMap(analysis =>
		Object.entries<Measure>(declarationOf(analysis).measures).flatMap(([name, measure]) =>
			measure.kind === 'groups' || measure.kind === 'top-values' ? [{analysis, name, columns: rowKeysOf(measure)}] : [],
		),
	);

let headers: ReadonlySet<string> | null = null;

/**
Whether a header is that of an exported table: as data, its groups would count once more. Tables of own analyses are not looked for,
because data may have the same header: `category, total` for the sum of `total` by `category`.
*/
export function isTableHeader(names: readonly string[]): boolean {
	headers ??= new Set(outlineTables(null).map(({columns}) => columns.join('\n')));
	return headers.has(names.join('\n'));
}
