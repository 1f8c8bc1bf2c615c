import type {RunDiff} from '../../../ledger/diff-runs.ts';
import {formatInteger, quantity} from '../../../text/format.ts';
import {safe} from '../../../text/safe.ts';

/** A line for each file that differs, and one for all others and the totals. */
export function diffLines({new: added, gone, changed, unchanged, totals: {from, to}}: RunDiff): string[] {
	const step = (name: string, before: number, after: number): string =>
		`${name} ${formatInteger(before)} -> ${formatInteger(after)}`;
	const counts = [step('rows', from.rows, to.rows), step('rejected', from.rejected_rows, to.rejected_rows)];
	return [
		...added.map(file => `new      ${safe(file)}`),
		...gone.map(file => `gone     ${safe(file)}`),
		...changed.map(file => `changed  ${safe(file)}`),
		`${quantity(unchanged, 'file')} unchanged; ${counts.join(', ')}`,
	];
}
