import {createReadStream} from 'node:fs';
import {createInterface} from 'node:readline/promises';
import type {Readable} from 'node:stream';

/**
Reads the paths of `--files-from`: one on each line; blank lines are passed over.

@param list - A file, or `-` for standard input.
*/
export async function readFileList(list: string, stdin: Readable): Promise<string[]> {
	const input = list === '-' ? stdin : createReadStream(list);
	const paths: string[] = [];
	// An error of the stream (no such list) does not reach the loop by itself.
	const failed = new Promise<never>((_resolve, reject) => {
		input.once('error', reject);
	});
	const read = async (): Promise<void> => {
		for await (const line of createInterface({input, crlfDelay: Number.POSITIVE_INFINITY})) {
			if (line !== '') paths.push(line);
		}
	};
	await Promise.race([read(), failed]);
	return paths;
}
