// Runs of a ledger as lines of text.
import type {LedgerRun} from '../../../ledger/ledger.ts';
import {formatInteger, formatSeconds} from '../../../text/format.ts';
import {runPaths} from '../../../text/run-paths.ts';
import {safe} from '../../../text/safe.ts';
import {padEnd, padStart, truncateEnd} from '../../../text/width.ts';

const HEADINGS = ['RUN', 'STATUS', 'FILES', 'FAILED', 'ROWS', 'TIME', 'PATHS'] as const;
/** Columns of numbers are aligned at their ends. */
const NUMBERS: ReadonlySet<number> = new Set([2, 3, 4, 5]);

/**
A table of runs, with headings. Each begins with its id, which says when it started, in UTC.

@param columns - No line is wider.
*/
export function runLines(runs: readonly LedgerRun[], columns: number): string[] {
	const rows = [HEADINGS, ...runs.map(cellsOf)];
	const widths = HEADINGS.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
	return rows.map(row => {
		const cells = row.map((cell, column) => {
			if (column === HEADINGS.length - 1) return cell;
			return (NUMBERS.has(column) ? padStart : padEnd)(cell, widths[column] ?? 0);
		});
		return truncateEnd(cells.join('  '), columns);
	});
}

function cellsOf({id, status, totals, elapsed, folder, paths}: LedgerRun): string[] {
	const {files, failed, rows} = totals;
	const counts = [files, failed, rows].map(formatInteger);
	return [id, status, ...counts, formatSeconds(elapsed), safe(runPaths(folder, paths).join(' '))];
}
