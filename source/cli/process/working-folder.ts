import {isAbsolute} from 'node:path';
import {isRemotePath} from '../../text/shown-url.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {quoted} from '../arguments/usage-error.ts';

/** The working folder of this process; `null` where it has been removed. */
export function workingFolder(): string | null {
	try {
		return process.cwd();
	} catch {
		return null;
	}
}

/** @throws {EnvironmentError} When the working folder has been removed and one of the paths is relative to it. */
export function assertReachable(paths: readonly (string | null)[]): void {
	const relative = paths.find(path => path !== null && path !== '-' && !isAbsolute(path) && !isRemotePath(path));
	if (relative == null || workingFolder() !== null) return;
	throw new EnvironmentError(
		`The current folder is no longer there, so ${quoted(relative)} leads nowhere. Change to a folder that is there (cd), or give absolute paths.`,
	);
}

/** Node cannot start threads in a removed folder. Must be called after all relative paths are resolved. */
export function changeFromRemovedFolder(): void {
	if (workingFolder() === null) process.chdir('/');
}
