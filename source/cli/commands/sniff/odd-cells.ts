// Cells that are not of the type of their column: the first look at a table counts them, and where there are some, `quality` says which.
import type {FileReport} from '../../../model/report.ts';
import type {QualityResult} from '../../../model/results.ts';
import {inQuotes} from '../../../text/in-quotes.ts';
import type {Problem} from './problems.ts';
import {columnsOfTable} from './what-is-sniffed.ts';

/** Whether nearly all cells of some column are of a type, and others are not. */
export const hasOddCells = (report: FileReport): boolean =>
	columnsOfTable(report).some(({type, mostly}) => mostly !== null && mostly !== type);

/** @param files - Reports of `quality`. @returns For each file, by its name. */
export const oddCellsOf = (files: readonly FileReport[]): ReadonlyMap<string, readonly Problem[]> =>
	new Map(files.map(report => [report.file, problemsOf(report)]));

function problemsOf({analysis, result}: FileReport): Problem[] {
	if (analysis !== 'quality' || result === null) return [];
	return (result as QualityResult).findings
		.filter(({kind}) => kind === 'out-of-type')
		.map(({text, examples}) => {
			const [first] = examples;
			const value = first?.value;
			return {
				code: 'OUT_OF_TYPE',
				line: first?.line ?? null,
				byte_offset: first?.byte_offset ?? null,
				message: value === undefined ? text : `${text}; the first is ${inQuotes(value)}`,
			};
		});
}
