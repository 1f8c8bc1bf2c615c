// What V8 has made of the program is kept for the next start, which then takes a tenth less. It is code that is run, so the
// folder must be one where nobody else can put a file.
import {enableCompileCache} from 'node:module';
import {isAbsolute, join} from 'node:path';
import {homeFolder} from './home-folder.ts';
import {makePrivateFolder} from './private-folder.ts';

/** Of all that is loaded from now on; nowhere for a user who has no such folder. */
export function keepCompiledCode({XDG_CACHE_HOME: asked = ''}: Readonly<Record<string, string | undefined>>): void {
	const home = homeFolder();
	// A relative one is none, says the XDG specification.
	const cache = isAbsolute(asked) ? asked : home === null ? null : join(home, '.cache');
	const folder = cache === null ? null : makePrivateFolder(join(cache, 'fileproc-tui', 'compiled'));
	if (folder !== null) enableCompileCache(folder);
}
