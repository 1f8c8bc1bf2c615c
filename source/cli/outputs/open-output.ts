// Opens the file of a log or a recording: no link is followed that another user has planted, nothing of another program is
// written over, and no call waits for a reader that does not come.
import {closeSync, constants, fstatSync, ftruncateSync, openSync} from 'node:fs';
import {systemPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {codeOf} from '../../text/system-error.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {isReplaceable, NOUNS, notOurs, type OutputKind} from './own-file.ts';
import {locateOutput} from './place.ts';

export interface OpenOutput {
	readonly descriptor: number;
	/** Otherwise it is a pipe or a device, which has no positions, and a pipe may have no room. */
	readonly isRegularFile: boolean;
}

const {O_RDWR, O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0} = constants;

/**
Opens a log to append to it, a recording to write it anew.

@param isForced - Whether it may be a file of another program.
@throws {EnvironmentError} When it cannot be opened, or may not be written to.
*/
export function openOutput(path: string, kind: Exclude<OutputKind, 'report'>, isForced: boolean): OpenOutput {
	const isLog = kind === 'log';
	const asEnd = isLog ? O_APPEND : 0;
	let descriptor: number | null = null;
	try {
		const place = locateOutput(path);
		const target = systemPath(place.path);
		if (place.stats === null) {
			// Nothing that somebody has put there meanwhile is opened.
			descriptor = openSync(target, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | asEnd, 0o666);
			return {descriptor, isRegularFile: true};
		}
		// Without O_NONBLOCK the opening of a FIFO that nobody reads would never return.
		const how = place.stats.isFile() ? O_RDWR | O_NOFOLLOW : O_WRONLY;
		descriptor = openSync(target, how | O_NONBLOCK | asEnd);
		const isRegularFile = fstatSync(descriptor).isFile();
		if (isRegularFile && !isForced && !isReplaceable(descriptor, kind)) throw notOurs(path, kind);
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
