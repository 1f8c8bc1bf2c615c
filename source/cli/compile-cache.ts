// What V8 has made of the program is kept for the next start, which then takes a tenth less. In a folder that is the user's alone:
// whoever could write there could have a program of their own run.
import {enableCompileCache} from 'node:module';
import {isAbsolute, join} from 'node:path';
import {homeFolder} from './home-folder.ts';

/** Of all that is loaded from now on; nowhere for a user who has no such folder. */
export function keepCompiledCode({XDG_CACHE_HOME: asked = ''}: Readonly<Record<string, string | undefined>>): void {
	const home = homeFolder();
	// A relative one is none, says the XDG specification.
	const cache = isAbsolute(asked) ? asked : home === null ? null : join(home, '.cache');
	if (cache !== null) enableCompileCache(join(cache, 'fileproc-tui'));
}
