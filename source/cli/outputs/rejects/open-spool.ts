// The rejected records of a run, and the file of --rejects that they are written to.
import {tmpdir} from 'node:os';
import {dirname} from 'node:path';
import {getSystemErrorMessage} from 'node:util';
import type {RejectSpoolSettings} from '../../../engine/shared/spooled-rejects.ts';
import {loadRejectRows} from '../../../pipeline/rejects/load-reject-rows.ts';
import {countRejected, type RejectingFile, rejectsCsvPages} from '../../../pipeline/rejects/rejects-csv.ts';
import {openSpoolFile, type SpoolFile} from '../../../pipeline/rejects/spool-file.ts';
import {assertReportFolder, writePages} from '../../../report/write-report.ts';
import {OWN_OUTPUT_START_BYTES} from '../../../text/own-output.ts';
import {safe} from '../../../text/safe.ts';
import {isRemotePath} from '../../../text/shown-url.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import {assertAllKept} from '../assert-all-kept.ts';
import {isReplaceableAt, isReplaceableStart, NOUNS} from '../own-file.ts';
import {locateOutput} from '../place.ts';
import {assertReplaceable, type ObjectRule, saveObject} from '../remote-outputs.ts';
import {saveFile} from '../save-file.ts';

export interface OpenSpool {
	readonly settings: RejectSpoolSettings;
	/** Loads what `save` needs while files are read. @param rejectedRows - Of one of them, so far. */
	readonly expect: (rejectedRows: number) => void;
	/**
	Writes the file of --rejects.

	@throws {EnvironmentError} When it could not be written.
	*/
	readonly save: (files: readonly RejectingFile[]) => Promise<void>;
}

/** @param path - Of the file of --rejects. @throws {EnvironmentError} */
export function openSpool(path: string, maxRecords: number, isForced: boolean): OpenSpool {
	const spool = createSpool(path, maxRecords);
	const {settings} = spool;
	return {
		settings,
		expect(rejectedRows) {
			// `save` reports its error.
			loadRejectRows(rejectedRows).catch(() => {});
		},
		async save(files) {
			const failure = spool.failure();
			if (failure !== 0) throw new EnvironmentError(`${subject(path)} was not written`, getSystemErrorMessage(failure));
			const mayReplace = (target: string): boolean => isForced || isReplaceableAt(target, 'rejects');
			const source = {
				files,
				descriptor: settings.descriptor,
				maxRecords,
				rejectRows: await loadRejectRows(countRejected(files)),
			};
			if (isRemotePath(path))
				return saveObject(path, rejectsRule(isForced), async file => {
					await writePages(file, rejectsCsvPages(source), NOUNS.rejects);
					return true;
				});
			await saveFile(path, {kind: 'rejects', ending: '.csv', mayReplace}, (at, options) =>
				writePages(at, rejectsCsvPages(source), NOUNS.rejects, options),
			);
		},
	};
}

/** Checks before the run what would prevent the file from being written after it. @throws {EnvironmentError} */
export const assertRejectsFolder = (path: string, isForced: boolean): Promise<void> =>
	isRemotePath(path)
		? assertReplaceable(path, rejectsRule(isForced))
		: assertAllKept([assertReportFolder(path, NOUNS.rejects)]);

const rejectsRule = (isForced: boolean): ObjectRule => ({
	...{flag: '--rejects', noun: NOUNS.rejects, startBytes: OWN_OUTPUT_START_BYTES},
	reason: 'an object of that name exists that is not one of fileproc-tui.',
	mayReplace: start => isForced || isReplaceableStart(start, 'rejects'),
});

const subject = (path: string): string => `${NOUNS.rejects} ${safe(path)}`;

function createSpool(path: string, maxRecords: number): SpoolFile {
	try {
		return openSpoolFile(isRemotePath(path) ? tmpdir() : dirname(locateOutput(path).path), maxRecords);
	} catch (error) {
		throw new EnvironmentError(`${subject(path)} cannot be written`, error);
	}
}
