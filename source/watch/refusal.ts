// What the system refuses: a disk with errors, a folder that is not there for a while, missing permissions.
import {lstat} from 'node:fs/promises';
import {systemPath} from '../text/path-text.ts';
import {codeOf, messageOf} from '../text/system-error.ts';
import type {OpenClaim} from './claim-life.ts';
import type {WatchContext} from './watch-context.ts';

/** The code of an error of the system; `null` for anything else, codes of Node itself included: those are faults of this program. */
export function systemCodeOf(error: unknown): string | null {
	const code = codeOf(error);
	return code !== undefined && /^(?!ERR_)[A-Z][A-Z0-9_]+$/.test(code) ? code : null;
}

/** What the system says, without the paths: those of the next try are others, and it is to be told once. */
export const reasonOf = (error: unknown): string => messageOf(error).replace(/, \w+ '.*$/s, '');

/** Where the system refuses a step of one file, the others are not kept from theirs: recovery goes on with it later. */
export async function unlessRefused(
	context: WatchContext,
	claim: Pick<OpenClaim, 'id' | 'name' | 'storedName'>,
	work: () => Promise<void>,
): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (systemCodeOf(error) === null || context.signal.aborted) throw error;
		context.states.release(claim.id);
		context.onRefused(claim, reasonOf(error));
	}
}

export const isFullDisk = (code: string | null): boolean => code === 'ENOSPC' || code === 'EDQUOT';

export const isGone = (path: string): Promise<boolean> =>
	lstat(systemPath(path)).then(
		() => false,
		error => codeOf(error) === 'ENOENT',
	);
