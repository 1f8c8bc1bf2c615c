import {lstatSync} from 'node:fs';
import {systemPath} from '../../text/path-text.ts';

/** Whether the name exists, even as a link that leads nowhere. A name that may not be examined counts as missing. */
export function exists(path: string): boolean {
	try {
		lstatSync(systemPath(path));
		return true;
	} catch {
		return false;
	}
}
