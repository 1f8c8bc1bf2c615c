// A password on standard input, for scripts.
import {UsageError} from '../../arguments/usage-error.ts';

/** More is no password. */
const MAX_INPUT_BYTES = 4096;

/** The first line. @throws {UsageError} */
export async function readPassword(): Promise<string> {
	const chunks: Buffer[] = [];
	let byteCount = 0;
	for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
		chunks.push(chunk);
		byteCount += chunk.length;
		if (byteCount > MAX_INPUT_BYTES || chunk.includes(0x0a)) break;
	}
	const [line = ''] = Buffer.concat(chunks).toString().split(/\r?\n/);
	if (line === '') throw new UsageError('--password-stdin takes the password from standard input, which is empty.');
	return line;
}
