// Files that are there for a moment only: half-written ones, and names that are kept free. They are removed on every way out
// of the process but a kill.
import {rmSync} from 'node:fs';
import {systemPath} from '../text/path-text.ts';

const paths = new Set<string>();

export function removeTemporaryFiles(): void {
	for (const path of paths) {
		try {
			rmSync(systemPath(path), {force: true});
		} catch {
			// The process ends, and there is no way left to report it.
		}
	}
	paths.clear();
}

/** Removes a file when the process ends, unless the function that is returned has been called by then. */
export function removeAtExit(path: string): () => void {
	if (paths.size === 0) process.on('exit', removeTemporaryFiles);
	paths.add(path);
	return () => {
		paths.delete(path);
		if (paths.size === 0) process.off('exit', removeTemporaryFiles);
	};
}
