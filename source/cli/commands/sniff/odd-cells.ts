// Cells that are not of the type of their column: the first look at a table counts them, and where there are some, `quality` says which.
import type {Plan} from '../../../engine/plan/plan.ts';
import {isRemote} from '../../../engine/shared/source-location.ts';
import type {FileReport} from '../../../model/report.ts';
import type {ProfileResult, QualityResult} from '../../../model/results.ts';
import {inQuotes} from '../../../text/in-quotes.ts';
import type {Problem} from './problems.ts';

/** Whether nearly all cells of some column are of a type, and others are not. */
function hasOddCells({analysis, result}: FileReport): boolean {
	if (analysis !== 'profile' || result === null) return false;
	return (result as ProfileResult).columns.some(({type, mostly}) => mostly !== null && mostly !== type);
}

/** The files of a plan that have such cells and can be read once more. @param entries - Of the plan, which has been read. */
export function filesWithOddCells(entries: Plan['entries'], files: readonly FileReport[]): Plan['entries'] {
	const odd = new Set(files.filter(hasOddCells).map(({file}) => file));
	return entries.filter(
		entry =>
			entry.type === 'file' &&
			odd.has(entry.file) &&
			(entry.source.kind === 'file' || entry.source.kind === 'member' || isRemote(entry.source)),
	);
}

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
