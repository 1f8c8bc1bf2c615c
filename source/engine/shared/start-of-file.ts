import {open} from 'node:fs/promises';
import {keysFor} from './encryption.ts';
import {openRegularFile} from './regular-file.ts';

/** What a file begins with: so many bytes, or all where there are fewer. */
export async function startOfFile(path: string, length: number): Promise<Buffer> {
	if (keysFor(path) !== null) {
		const file = openRegularFile(path);
		try {
			return file.readBytes(0, length);
		} finally {
			file.close();
		}
	}
	const handle = await open(path);
	try {
		const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await handle.close();
	}
}
