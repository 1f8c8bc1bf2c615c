// The spool of rejected records: a file beside that of --rejects, without a name, so that nothing is left of it however the run ends.
import {openSync, unlinkSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {getSystemErrorMessage} from 'node:util';
import {type RejectSpoolSettings, SPOOL_ERROR} from '../../../engine/shared/spooled-rejects.ts';
import {assertReportFolder, writePages} from '../../../report/write-report.ts';
import {systemPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import {assertAllKept} from '../assert-all-kept.ts';
import {isReplaceableAt, NOUNS} from '../own-file.ts';
import {locateOutput} from '../place.ts';
import {saveFile} from '../save-file.ts';
import {type RejectingFile, rejectsCsvPages} from './rejects-csv.ts';

export interface OpenSpool {
	readonly settings: RejectSpoolSettings;
	/**
	Writes the file of --rejects.

	@throws {EnvironmentError} When it could not be written.
	*/
	readonly save: (files: readonly RejectingFile[]) => Promise<void>;
}

/** @param path - Of the file of --rejects. @throws {EnvironmentError} */
export function openSpool(path: string, maxRecords: number, isForced: boolean): OpenSpool {
	const descriptor = createSpool(path);
	const state = new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
	return {
		settings: {id: crypto.randomUUID(), descriptor, state, maxRecords},
		async save(files) {
			const failure = Number(Atomics.load(new BigInt64Array(state), SPOOL_ERROR));
			if (failure !== 0) throw new EnvironmentError(`${subject(path)} was not written`, getSystemErrorMessage(failure));
			const mayReplace = (target: string): boolean => isForced || isReplaceableAt(target, 'rejects');
			await saveFile(path, {kind: 'rejects', ending: '.csv', mayReplace}, (at, options) =>
				writePages(at, rejectsCsvPages({files, descriptor, maxRecords}), NOUNS.rejects, options),
			);
		},
	};
}

/** Checks before the run what would prevent the file from being written after it. @throws {EnvironmentError} */
export const assertRejectsFolder = (path: string): Promise<void> =>
	assertAllKept([assertReportFolder(path, NOUNS.rejects)]);

const subject = (path: string): string => `${NOUNS.rejects} ${safe(path)}`;

function createSpool(path: string): number {
	const folder = dirname(locateOutput(path).path);
	const name = systemPath(join(folder, `.fileproc-${crypto.randomUUID()}.tmp`));
	try {
		const descriptor = openSync(name, 'wx+', 0o600);
		unlinkSync(name);
		return descriptor;
	} catch (error) {
		throw new EnvironmentError(`${subject(path)} cannot be written`, error);
	}
}
