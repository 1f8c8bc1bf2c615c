// The tables of analyses, as they are known before anything is read.
import type {TableOutline} from '../model/complete-table.ts';
import type {Measure} from './declaration.ts';
import {analysisNames, declarationOf} from './registry.ts';
import {rowKeysOf} from './state-layout.ts';

/** The tables of the wanted analysis alone, or of all. */
export const outlineTables = (wanted: string | null): readonly TableOutline[] =>
	(wanted === null ? analysisNames : [wanted]).flatMap(analysis =>
		Object.entries<Measure>(declarationOf(analysis).measures).flatMap(([name, measure]) =>
			measure.kind === 'groups' ? [{analysis, name, columns: rowKeysOf(measure)}] : [],
		),
	);

const headers = new Set(outlineTables(null).map(({columns}) => columns.join('\n')));

/** Whether a header is that of a table that was exported: as data, its groups would count once more. */
export const isTableHeader = (names: readonly string[]): boolean => headers.has(names.join('\n'));
