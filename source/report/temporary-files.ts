// Temporary files and folders: incomplete ones, and reserved names. They are removed on every way out of the process except a kill.
import {rmSync} from 'node:fs';
import {systemPath} from '../text/path-text.ts';

const paths = new Set<string>();

export function removeTemporaryFiles(): void {
	for (const path of paths) {
		try {
			// Threads may still write into a folder while it is emptied.
			rmSync(systemPath(path), {recursive: true, force: true, maxRetries: 5, retryDelay: 20});
		} catch {
			// The process is ending, and cannot report it any more.
		}
	}
	paths.clear();
}

/** Removes a file or folder when the process ends, unless the returned function has been called by then. */
export function removeAtExit(path: string): () => void {
	if (paths.size === 0) process.on('exit', removeTemporaryFiles);
	paths.add(path);
	return () => {
		paths.delete(path);
		if (paths.size === 0) process.off('exit', removeTemporaryFiles);
	};
}
