import {createReadStream} from 'node:fs';
import {addAbortSignal, type Readable} from 'node:stream';

/**
Reads the paths of `--files-from`: one on each line, LF or CRLF; blank lines are passed over. A list with a NUL in it, as
`find -print0` writes it, has them between its paths instead, and a path may have any other character: no name can hold a
NUL, so there is nothing to mistake and no flag to forget.

@param list - A file, or `-` for standard input.
@throws The signal's reason when it is aborted: whoever types the list, or the program that writes it, may take long.
*/
export async function readFileList(list: string, stdin: Readable, signal: AbortSignal): Promise<string[]> {
	const input = addAbortSignal(signal, list === '-' ? stdin : createReadStream(list));
	const chunks: Buffer[] = [];
	for await (const chunk of input) chunks.push(chunk);
	const text = Buffer.concat(chunks).toString('utf8');
	if (text.includes('\0')) return text.split('\0').filter(path => path !== '');
	// A name may hold any character but LF, so nothing else that might end a line is looked for.
	const lines = text.split('\n');
	return lines.map(line => (line.endsWith('\r') ? line.slice(0, -1) : line)).filter(line => line !== '');
}
