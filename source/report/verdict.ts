// Whether a run counts as failed (`--fail-on`), and why, in words for the summary, so that the reason for an exit code is
// visible.

import type {Report, ReportSoFar} from '../model/report.ts';
import {countNoRecords, sumNoRecords} from '../store/no-record.ts';
import {formatInteger, quantity} from '../text/format.ts';

export type FailOn = 'any' | 'rejected' | 'nothing' | 'all' | 'never';

export interface Verdict {
	/** 1: failed by the rule of `--fail-on`; 4: there was nothing to do, whatever the rule. */
	readonly exitCode: 1 | 4;
	/** `1 file failed, 2 files have no accepted record (--fail-on any)`. */
	readonly reason: string;
}

/** Whether a run is a success, completed and came to nothing, or did not complete as a whole. */
export type Grade = 'good' | 'warning' | 'bad';

export function gradeRun({status, totals, files}: ReportSoFar): Grade {
	if (status === 'cancelled' || totals.failed > 0 || totals.cancelled > 0) return 'bad';
	return sumNoRecords(countNoRecords(files)) > 0 || totals.completed === 0 ? 'warning' : 'good';
}

/**
Judges a run that was not stopped.

@returns `null` where the run succeeded.
*/
export function judge({totals, files}: Report, failOn: FailOn): Verdict | null {
	const {failed, cancelled, completed} = totals;
	const isNothing = totals.files > 0 && failed + cancelled + totals.rows === 0;
	// A watched folder may have had nothing to take, which is what one hopes for, or what it knew already, and steps that count no records.
	const isKnown = files.some(({error}) => error?.code === 'DUPLICATE');
	if (isNothing && !isKnown && completed === sumNoRecords(countNoRecords(files))) {
		return {exitCode: 4, reason: 'nothing to process: every file is empty or was skipped'};
	}
	const reasons = listReasons({totals, files}, failOn).filter(reason => reason !== '');
	return reasons.length === 0 ? null : {exitCode: 1, reason: `${reasons.join(', ')} (--fail-on ${failOn})`};
}

function listReasons({totals, files}: Pick<Report, 'totals' | 'files'>, failOn: FailOn): readonly string[] {
	const {failed, completed, rejected_rows: rejectedRows} = totals;
	if (failOn === 'never') return [];
	if (failOn === 'all') {
		if (failed === 0 || completed > 0) return [];
		return [failed === 1 ? 'the only file failed' : `all ${formatInteger(failed)} files failed`];
	}
	const withoutRecord = sumNoRecords(countNoRecords(files));
	return [
		failed > 0 && failOn !== 'nothing' ? `${quantity(failed, 'file')} failed` : '',
		withoutRecord > 0
			? `${quantity(withoutRecord, 'file')} ${withoutRecord === 1 ? 'has' : 'have'} no accepted record`
			: '',
		rejectedRows > 0 && failOn === 'rejected' ? quantity(rejectedRows, 'rejected row') : '',
	];
}
