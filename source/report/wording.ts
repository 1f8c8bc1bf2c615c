// What the summary, the plain lines and the Markdown report say in the same words.

import type {OtherFiles} from '../model/events.ts';
import type {RunTotals} from '../model/report.ts';
import {listNoRecords, NO_RECORD_COUNTS, type NoRecordCounts, sumNoRecords} from '../store/no-record.ts';
import {formatBytes, formatCount, formatInteger, formatRate, formatSeconds, quantity} from '../text/format.ts';
import {safe} from '../text/safe.ts';

/** `3 other files: .xlsx .zip .jsonl` */
export function describeOtherFiles({count, extensions}: OtherFiles): string {
	const named = extensions.filter(extension => extension !== '').map(safe);
	if (named.length < extensions.length)
		named.push(named.length === 0 ? 'without an extension' : 'and without an extension');
	return `${quantity(count, 'other file')}: ${named.join(' ')}`;
}

/** `Top category`: labels are lower case where they are declared. */
export const capitalize = (label: string): string => label.charAt(0).toUpperCase() + label.slice(1);

/**
What became of a run, in one line without a mark at its front: `128 files, 12.4 GB, 14.2 M rows in 72.1 s (172 MB/s)`;
where some did not complete, or have no accepted record: `81 of 128 files completed (3 all rejected), 2 failed, 45 cancelled, …`.
*/
export function describeOutcome(totals: RunTotals, noRecords: NoRecordCounts = NO_RECORD_COUNTS): string {
	const {files, completed, failed, cancelled, skipped, bytes, rows, filtered, processing_time: seconds} = totals;
	const without = listNoRecords(noRecords).join(', ');
	const parts =
		completed === files && sumNoRecords(noRecords) === 0
			? [quantity(files, 'file')]
			: [
					`${formatInteger(completed)} of ${quantity(files, 'file')} completed${without === '' ? '' : ` (${without})`}`,
					...describeCount(failed, 'failed'),
					...describeCount(cancelled, 'cancelled'),
					...describeCount(skipped, 'skipped'),
				];
	const leftOut = filtered === undefined ? '' : ` (${formatCount(filtered)} filtered)`;
	const counted = `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}${leftOut}`;
	parts.push(formatBytes(bytes), `${counted} in ${formatSeconds(seconds)}`);
	const rate = seconds > 0 ? ` (${formatRate(bytes / seconds)})` : '';
	return parts.join(', ') + rate;
}

const describeCount = (count: number, what: string): string[] =>
	count === 0 ? [] : [`${formatInteger(count)} ${what}`];
