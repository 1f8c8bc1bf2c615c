import {setTimeout as wait} from 'node:timers/promises';
import {codeOf} from '../../text/system-error.ts';

/** How often it is tried to write to a disk that is full. */
const FULL_DISK_MS = 5000;

/** Writes something as soon as the disk has room for it. @throws {Error} Of the system, for any other reason; the reason of the signal. */
export async function writeWhenRoom<Value>(write: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
	for (;;) {
		try {
			return await write();
		} catch (error) {
			const code = codeOf(error);
			if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
		}
		await wait(FULL_DISK_MS, undefined, {signal, ref: false});
	}
}
