import {isAbsolute, join} from 'node:path';
import {homeFolder} from './home-folder.ts';

/** Where the program keeps what it should remember (XDG Base Directory Specification); `null` for a user without a home. */
export function stateFolder(env = process.env, home = homeFolder()): string | null {
	const {XDG_STATE_HOME: given = ''} = env;
	// The specification has relative paths ignored.
	if (isAbsolute(given)) return join(given, 'fileproc-tui');
	return home === null ? null : join(home, '.local/state/fileproc-tui');
}
