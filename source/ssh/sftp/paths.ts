// Paths as clients write them: from the root, whatever they begin with, and never out of it.
import {type SftpPath, SftpRefusal} from './tree.ts';

const MAX_BYTES = 4096;
const MAX_NAME_BYTES = 255;

/** @throws {SftpRefusal} Where it is none. */
export function readPath(text: string): SftpPath {
	if (Buffer.byteLength(text) > MAX_BYTES)
		throw new SftpRefusal('FAILURE', `A path has ${MAX_BYTES} bytes at most, and this one more.`);
	const path: string[] = [];
	for (const name of text.split('/')) {
		if (name === '' || name === '.') continue;
		if (name === '..') path.pop();
		else path.push(assertName(name));
	}
	return path;
}

export const writePath = (path: SftpPath): string => `/${path.join('/')}`;

/** Bytes that are no UTF-8 have come as the sign for that, so that two names may have become one. */
function assertName(name: string): string {
	if (name.includes('\0')) throw new SftpRefusal('FAILURE', 'A name has no NUL.');
	if (name.includes('\u{fffd}')) throw new SftpRefusal('FAILURE', 'Names are UTF-8, and this one is something else.');
	if (Buffer.byteLength(name) > MAX_NAME_BYTES)
		throw new SftpRefusal('FAILURE', `A name has ${MAX_NAME_BYTES} bytes at most, and this one more.`);
	return name;
}
