// What names the settings that results depend on: only what was read in the same way by the same version is the same result.
import {createHash} from 'node:crypto';
import type {ReadSettings} from './shared/protocol.ts';
import {version} from './version.ts';

/** Raised when what is kept of a file changes without a new version. */
const KEPT_FORMAT = 1;

/**
Of how files are read, 32 hexadecimal digits; `null` where it cannot be said: functions of the user's own may do anything, and rejected
records that are written elsewhere are not kept.
*/
export function digestOfSettings(settings: ReadSettings): string | null {
	const {rejectSpool, registered = []} = settings;
	if (rejectSpool !== undefined || registered.some(each => 'code' in each && each.code !== undefined)) return null;
	const {
		hashesContent,
		keepsPartials,
		simulateIoMs,
		chunkBytes,
		reader,
		splitBytes,
		rangeBytes,
		postsEachChunk,
		...rest
	} = settings;
	const text = JSON.stringify([KEPT_FORMAT, version, rest]);
	return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
