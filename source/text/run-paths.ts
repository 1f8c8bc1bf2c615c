import {resolve} from 'node:path';
import {bytesOfDisplayName, displayPath, pathText} from './path-text.ts';

const STANDARD_INPUT = '-';

/** The paths of a run as they are read here: as they were given where the run started in the same folder, or in none (`null`), else from the root. */
export const runPaths = (folder: string | null, paths: readonly string[]): string[] =>
	paths.map(path => runPath(folder, path));

/** The same for one path or name of a file. */
function runPath(folder: string | null, path: string): string {
	if (path === STANDARD_INPUT || folder === null || folder === process.cwd()) return displayPath(path);
	return displayPath(resolve(folder, pathText(bytesOfDisplayName(path))));
}
