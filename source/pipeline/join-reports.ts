// What is told of a file that several steps have read, each what the one before has left of it.
import type {FileReport} from '../model/report.ts';

/**
The report of the file as a whole: of all records that it came with, what became of each. Lines of the later step are those of the table that
it has read, which is among the results.

@param earlier - Of the steps before, the last of which has written a clean table.
@param later - Of a step that has read that table.
*/
export function joinReports(earlier: FileReport | null, later: FileReport): FileReport {
	if (earlier === null) return later;
	const {bytes, rows, dialect} = earlier;
	const hasFiltered = earlier.filtered !== undefined || later.filtered !== undefined;
	return {
		...later,
		...{bytes, rows, dialect},
		rejected_rows: earlier.rejected_rows + later.rejected_rows,
		...(hasFiltered && {filtered: (earlier.filtered ?? 0) + (later.filtered ?? 0)}),
		processing_time: earlier.processing_time + later.processing_time,
		rejects: [...earlier.rejects, ...later.rejects],
	};
}
