import {homedir} from 'node:os';
import {isAbsolute} from 'node:path';

/** `null` for a user without a home, as in some containers. */
export function homeFolder(): string | null {
	try {
		const home = homedir();
		return isAbsolute(home) ? home : null;
	} catch {
		return null;
	}
}
