import {extname} from 'node:path';
import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {Report} from '../../model/report.ts';
import {assertReportFolder, writeReport} from '../../report/write-report.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {assertAllKept} from './assert-all-kept.ts';
import {writeUnderFreeName} from './free-name.ts';
import {isReplaceableAt} from './own-file.ts';
import {locateOutput} from './place.ts';

/**
Checks before the run what would prevent reports from being written after it.

@throws {EnvironmentError}
*/
export const assertReportFolders = ({reports}: RunSettings): Promise<void> =>
	assertAllKept(reports.map(({path}) => assertReportFolder(path)));

/** @throws {EnvironmentError} When a report could not be written. */
export const saveReports = (
	report: Report,
	analyses: readonly AnalysisInfo[],
	{reports, force}: RunSettings,
): Promise<void> => assertAllKept(reports.map(({path}) => saveReport(path, report, analyses, force)));

async function saveReport(
	path: string,
	report: Report,
	analyses: readonly AnalysisInfo[],
	isForced: boolean,
): Promise<void> {
	// The file may have been replaced during the run.
	const {path: target} = locateOutput(path);
	if (isForced || isReplaceableAt(target, 'report')) return writeReport(path, report, analyses, {target});
	const ending = extname(path);
	const other = await writeUnderFreeName(path.slice(0, -ending.length), ending, free =>
		writeReport(free, report, analyses),
	);
	throw new EnvironmentError(
		`The report ${safe(path)} was not written, because another program has put a file there during the run. The report is in ${safe(other)} instead.`,
	);
}
