// Reports without what only the details of a file show: a list of 100,000 files is sent to everybody who looks.
import type {RunEvent} from '../model/events.ts';
import type {AnalysisReport, FileReport} from '../model/report.ts';
import {noRecordOf} from '../store/no-record.ts';

/** What lists, counts and the log say stays the same. */
export function thinReport(report: FileReport): FileReport {
	const {members: _members, structure: _structure, content_hash: _hash, ...rest} = report;
	// The log names the first rejected record of files without any other.
	const rejects = noRecordOf(report) === null ? [] : report.rejects.slice(0, 1);
	return {
		...rest,
		result: null,
		rejects,
		dialect: report.rows === 0 ? report.dialect : null,
		...(report.results !== undefined && {
			results: Object.fromEntries(Object.entries(report.results).map(([name, of]) => [name, thinAnalysis(of)])),
		}),
	};
}

const thinAnalysis = (report: AnalysisReport): AnalysisReport => ({
	...report,
	result: null,
	rejects: report.rejects.slice(0, 1),
});

/** An event for the log. */
export function thinEvent(event: RunEvent): RunEvent {
	switch (event.type) {
		case 'run-started':
			return {...event, paths: [], analyses: []};
		case 'run-completed':
			return {...event, analyses: {}};
		case 'file-completed':
		case 'file-failed':
		case 'file-cancelled':
		case 'file-skipped':
			return {...event, report: thinReport(event.report)};
		default:
			return event;
	}
}
