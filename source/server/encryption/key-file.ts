// The key by which stored uploads are encrypted: 32 bytes in a file of the operator's, which nobody else may read.
import {readFile, stat} from 'node:fs/promises';
import {KEY_BYTES} from '../../engine/shared/encryption.ts';
import {safe} from '../../text/safe.ts';
import {messageOf} from '../../text/system-error.ts';
import {ServeError} from '../serve-error.ts';

const FLAG = '--encryption-key-file';

/** @throws {ServeError} Where it cannot be used. */
export async function readKeyFile(path: string): Promise<Buffer> {
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
	const key = keyIn(bytes);
	if (key !== null) return key;
	throw new ServeError(
		`${safe(path)} (${FLAG}) has no key: expected ${KEY_BYTES} bytes, as they are, in hex or in base64, but it has ${bytes.length} bytes. openssl rand -hex ${KEY_BYTES} makes one.`,
	);
}

function keyIn(bytes: Buffer): Buffer | null {
	if (bytes.length === KEY_BYTES) return bytes;
	const text = bytes.toString('latin1').trim();
	if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
	return /^[A-Za-z0-9+/]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null;
}
