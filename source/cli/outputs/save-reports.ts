import {extname} from 'node:path';
import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {Report} from '../../model/report.ts';
import {assertReportFolder, writeReport} from '../../report/write-report.ts';
import {OWN_OUTPUT_START_BYTES} from '../../text/own-output.ts';
import {isRemotePath} from '../../text/shown-url.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {assertAllKept} from './assert-all-kept.ts';
import {isReplaceableAt, isReplaceableStart, NOUNS} from './own-file.ts';
import {assertReplaceable, type ObjectRule, saveObject} from './remote-outputs.ts';
import {saveFile} from './save-file.ts';

/**
Checks before the run what would prevent reports from being written after it.

@throws {EnvironmentError}
*/
export const assertReportFolders = ({reports, force}: RunSettings): Promise<void> =>
	assertAllKept(
		reports.map(({path}) =>
			isRemotePath(path) ? assertReplaceable(path, reportRule(force)) : assertReportFolder(path),
		),
	);

const reportRule = (isForced: boolean): ObjectRule => ({
	...{flag: '--report', noun: NOUNS.report, startBytes: OWN_OUTPUT_START_BYTES},
	reason: 'an object of that name exists that is not a report of fileproc-tui.',
	mayReplace: start => isForced || isReplaceableStart(start, 'report'),
});

/** @throws {EnvironmentError} When a report could not be written. */
export const saveReports = (
	report: Report,
	analyses: readonly AnalysisInfo[],
	{reports, force}: RunSettings,
): Promise<void> => {
	const mayReplace = (target: string): boolean => force || isReplaceableAt(target, 'report');
	return assertAllKept(
		reports.map(({path}) => {
			if (isRemotePath(path))
				return saveObject(path, reportRule(force), async file => {
					await writeReport(file, report, analyses);
					return true;
				});
			return saveFile(path, {kind: 'report', ending: extname(path), mayReplace}, (at, options) =>
				writeReport(at, report, analyses, options),
			);
		}),
	);
};
