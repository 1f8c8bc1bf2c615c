import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';

/** SHA-256, hexadecimal. */
export async function hashFile(path: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
	return hash.digest('hex');
}
