import type {RunControl} from '../../model/run-control.ts';
import type {ReportCollector} from '../../report/collect-report.ts';
import {ReportWriteError} from '../../report/report-write-error.ts';
import {writeReport} from '../../report/write-report.ts';
import {writeUnderFreeName} from './free-name.ts';

export interface ExportOptions {
	readonly collector: Pick<ReportCollector, 'analyses' | 'reportSoFar'>;
	readonly control: Pick<RunControl, 'inspectRun'>;
	/** @default now */
	readonly now?: Date;
}

/**
Writes the report of the run so far to a new file in the current folder.

@returns The path of the file.
@throws {ReportWriteError}
*/
export async function exportReport({collector, control, now = new Date()}: ExportOptions): Promise<string> {
	const analyses = (await control.inspectRun?.()) ?? {};
	const report = collector.reportSoFar(analyses);
	const stem = `fileproc-report-${formatTime(now)}`;
	try {
		// A person may export twice within a second.
		return await writeUnderFreeName(stem, '.json', path => writeReport(path, report, collector.analyses()));
	} catch (error) {
		throw error instanceof ReportWriteError ? error : new ReportWriteError(`${stem}.json`, error);
	}
}

/** `20261122-094615`, in local time: sortable, and easy to type. */
function formatTime(time: Date): string {
	const parts = [time.getFullYear(), time.getMonth() + 1, time.getDate()];
	const hours = [time.getHours(), time.getMinutes(), time.getSeconds()];
	const join = (numbers: readonly number[]): string => numbers.map(part => String(part).padStart(2, '0')).join('');
	return `${join(parts)}-${join(hours)}`;
}
