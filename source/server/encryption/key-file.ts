// The keys of stored uploads, 32 bytes each, in a file of the operator's, which nobody else may read: in the first line the one by which files are
// encrypted, behind it those by which they were before, so that a key can be replaced while files of the one before are there.
import {readFile, stat} from 'node:fs/promises';
import {KEY_BYTES, type Keys} from '../../engine/shared/encryption.ts';
import {safe} from '../../text/safe.ts';
import {messageOf} from '../../text/system-error.ts';
import {ServeError} from '../serve-error.ts';

const FLAG = '--encryption-key-file';

/** @throws {ServeError} Where it cannot be used. */
export async function readKeyFile(path: string): Promise<Keys> {
	let bytes: Buffer;
	try {
		const {mode} = await stat(path);
		if (process.platform !== 'win32' && (mode & 0o077) !== 0)
			throw new ServeError(
				`${safe(path)} (${FLAG}) can be read by others: chmod 600 ${safe(path)} makes it safe, if nobody has read it yet.`,
			);
		bytes = await readFile(path);
	} catch (error) {
		if (error instanceof ServeError) throw error;
		throw new ServeError(`${safe(path)} (${FLAG}) cannot be read: ${messageOf(error)}.`);
	}
	if (bytes.length === KEY_BYTES) return [bytes];
	const lines = bytes
		.toString('latin1')
		.split('\n')
		.map(line => line.trim());
	const keys: Buffer[] = [];
	for (const [index, line] of lines.entries()) {
		if (line === '') continue;
		const key = keyIn(line);
		if (key === null)
			throw new ServeError(
				`${safe(path)} (${FLAG}) has no key in line ${index + 1}: expected ${KEY_BYTES} bytes, in hex or in base64, or a file of these bytes alone, but it has ${bytes.length} bytes. openssl rand -hex ${KEY_BYTES} makes one.`,
			);
		keys.push(key);
	}
	const [current, ...earlier] = keys;
	if (current !== undefined) return [current, ...earlier];
	throw new ServeError(
		`${safe(path)} (${FLAG}) is empty: expected a key of ${KEY_BYTES} bytes. openssl rand -hex ${KEY_BYTES} makes one.`,
	);
}

function keyIn(text: string): Buffer | null {
	if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
	return /^[A-Za-z0-9+/]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null;
}
