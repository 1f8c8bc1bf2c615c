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
import {writeUnderFreeName} from '../free-name.ts';
import {isReplaceableAt} from '../own-file.ts';
import {locateOutput} from '../place.ts';
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
			await saveRejects(path, () => rejectsCsvPages({files, descriptor, maxRecords}), isForced);
		},
	};
}

/** Checks before the run what would prevent the file from being written after it. @throws {EnvironmentError} */
export const assertRejectsFolder = (path: string): Promise<void> => assertAllKept([assertReportFolder(path, NOUN)]);

const NOUN = 'The file of rejected records';
const subject = (path: string): string => `${NOUN} ${safe(path)}`;

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

async function saveRejects(path: string, pages: () => Iterable<Uint8Array>, isForced: boolean): Promise<void> {
	// The file may have been replaced during the run.
	const {path: target} = locateOutput(path);
	if (isForced || isReplaceableAt(target, 'rejects')) return writePages(path, pages(), NOUN, {target});
	const other = await writeUnderFreeName(path.replace(/\.csv$/i, ''), '.csv', free => writePages(free, pages(), NOUN));
	throw new EnvironmentError(
		`${subject(path)} was not written, because another program has put a file there during the run. It is in ${safe(other)} instead.`,
	);
}
