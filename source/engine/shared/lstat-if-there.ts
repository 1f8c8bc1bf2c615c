import {lstatSync, type Stats} from 'node:fs';
import {systemPath} from '../../text/path-text.ts';

/** Of a link, not of what it leads to. `null`: nothing is there, or it may not be looked at. */
export function lstatIfThere(path: string): Stats | null {
	try {
		return lstatSync(systemPath(path), {throwIfNoEntry: false}) ?? null;
	} catch {
		return null;
	}
}
