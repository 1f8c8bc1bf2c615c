import {open} from 'node:fs/promises';
import {systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';

/** Folders that cannot be opened or flushed at all, as on some network drives, and those that are gone meanwhile. */
const CANNOT_SYNC: ReadonlySet<string | undefined> = new Set([
	...['EACCES', 'EPERM', 'EISDIR', 'EBADF', 'EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'],
	'ENOENT',
]);

/** Files that were created in it, or moved there, are there after a power cut. File systems without this call work without it. */
export async function syncFolder(folder: string): Promise<void> {
	try {
		const handle = await open(systemPath(folder), 'r');
		try {
			await handle.sync();
		} finally {
			await handle.close();
		}
	} catch (error) {
		if (!CANNOT_SYNC.has(codeOf(error))) throw error;
	}
}
