// The tables of analyses, as they are known before anything is read.
import type {TableOutline} from '../model/complete-table.ts';
import type {Measure} from './declaration.ts';
import {type AnalysisChoice, declarationOf, knownNames, namesOf} from './registry.ts';
import {rowKeysOf} from './state-layout.ts';

/** The tables of the analyses that may be chosen. */
export const outlineTables = (choice: AnalysisChoice): readonly TableOutline[] =>
	namesOf(choice).flatMap(analysis =>
		Object.entries<Measure>(declarationOf(analysis).measures)
			.map(([name, measure]) => ({analysis, name, columns: isTable(measure) ? rowKeysOf(measure) : []}))
			.filter(({columns}) => columns.length > 0),
	);

type TableMeasure = Parameters<typeof rowKeysOf>[0];
const tableKinds: readonly Measure['kind'][] = [
	'groups',
	'top-values',
	'column-figures',
	'quality',
] satisfies TableMeasure['kind'][];
const isTable = (measure: Measure): measure is TableMeasure => tableKinds.includes(measure.kind);

/** The headers of all tables that are known, made again when there are more analyses. */
let headers: {readonly analyses: number; readonly texts: ReadonlySet<string>} = {analyses: 0, texts: new Set()};

/** Whether a header is that of a table that was exported: as data, its groups would count once more. */
export function isTableHeader(names: readonly string[]): boolean {
	const known = knownNames();
	if (headers.analyses !== known.length)
		headers = {
			analyses: known.length,
			texts: new Set(outlineTables(known).map(({columns}) => columns.join('\n'))),
		};
	return headers.texts.has(names.join('\n'));
}
