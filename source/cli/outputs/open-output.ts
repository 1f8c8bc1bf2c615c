// Opens the file of a log or a recording. It follows no link of another user, overwrites no file of another program, and
// never blocks on a FIFO without a reader.
import {closeSync, constants, fstatSync, ftruncateSync, openSync} from 'node:fs';
import {systemPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {codeOf} from '../../text/system-error.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {foreignFileError, isReplaceable, NOUNS, type RecognizedKind} from './own-file.ts';
import {locateOutput} from './place.ts';

export interface OpenOutput {
	readonly descriptor: number;
	/** Otherwise it is a pipe or a device, which has no positions and may be full. */
	readonly isRegularFile: boolean;
}

const {O_RDWR, O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0} = constants;

/**
Opens a log for appending, or a recording for overwriting.

@param isForced - Whether it may be a file of another program.
@throws {EnvironmentError} When it cannot be opened, or may not be written to.
*/
export function openOutput(path: string, kind: Exclude<RecognizedKind, 'report'>, isForced: boolean): OpenOutput {
	const isLog = kind === 'log';
	const asEnd = isLog ? O_APPEND : 0;
	let descriptor: number | null = null;
	try {
		const place = locateOutput(path);
		const target = systemPath(place.path);
		if (place.stats === null) {
			// O_EXCL fails if another user has created the file meanwhile.
			descriptor = openSync(target, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | asEnd, 0o666);
			return {descriptor, isRegularFile: true};
		}
		// Without O_NONBLOCK, opening a FIFO without a reader would never return.
		const how = place.stats.isFile() ? O_RDWR | O_NOFOLLOW : O_WRONLY;
		descriptor = openSync(target, how | O_NONBLOCK | asEnd);
		const isRegularFile = fstatSync(descriptor).isFile();
		if (isRegularFile && !isForced && !isReplaceable(descriptor, kind)) throw foreignFileError(path, kind);
		if (isRegularFile && !isLog) ftruncateSync(descriptor);
		return {descriptor, isRegularFile};
	} catch (error) {
		if (descriptor !== null) closeSync(descriptor);
		if (error instanceof EnvironmentError) throw error;
		throw new EnvironmentError(
			`${NOUNS[kind]} ${safe(path)} cannot be opened`,
			codeOf(error) === 'ENXIO' ? 'no program reads from it. If it is a FIFO, start its reader first' : error,
		);
	}
}
