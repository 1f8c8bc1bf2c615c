import {extname} from 'node:path';
import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {Report} from '../../model/report.ts';
import {assertReportFolder, writeReport} from '../../report/write-report.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {assertAllKept} from './assert-all-kept.ts';
import {isReplaceableAt} from './own-file.ts';
import {saveFile} from './save-file.ts';

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
): Promise<void> => {
	const mayReplace = (target: string): boolean => force || isReplaceableAt(target, 'report');
	return assertAllKept(
		reports.map(({path}) =>
			saveFile(path, {kind: 'report', ending: extname(path), mayReplace}, (at, options) =>
				writeReport(at, report, analyses, options),
			),
		),
	);
};
