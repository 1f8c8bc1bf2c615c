import {stat} from 'node:fs/promises';
import type {ServerLedger} from '../ledger/server-ledger.ts';

/** No file is on its way for so long. */
const OLD_MS = 24 * 60 * 60 * 1000;

/** Whether nothing has happened to a file or folder for a day; also of one that is gone. */
export async function isOld(path: string): Promise<boolean> {
	const found = await stat(path).catch(() => null);
	return found === null || Date.now() - Math.max(found.mtimeMs, found.ctimeMs) > OLD_MS;
}

/** Whether a file or folder that nobody knows was left by a process that died: other instances put theirs into the same folders. */
export const isLeft = async ({shared}: Pick<ServerLedger, 'shared'>, path: string): Promise<boolean> =>
	shared === null || isOld(path);
