import {lstatSync} from 'node:fs';
import {systemPath} from '../../text/path-text.ts';

/** Whether there is anything by that name, be it a link that leads nowhere. What may not be looked at is not there. */
export function isThere(path: string): boolean {
	try {
		lstatSync(systemPath(path));
		return true;
	} catch {
		return false;
	}
}
