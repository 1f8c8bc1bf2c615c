import {readFileSync} from 'node:fs';
import {pathText} from '../../text/path-text.ts';

/**
The words of the command line, as texts of `text/path-text.ts`. Node replaces bytes that are not UTF-8 by U+FFFD, so two files
could get the same name. On Linux the original bytes can be read; on macOS, file names are always UTF-8.

@param words - As Node gives them: `process.argv.slice(2)`.
@param readBytes - Returns all words of the process, each followed by a NUL. Must be called before a process title is set,
which overwrites them.
*/
export function restoreBytes(
	words: readonly string[],
	readBytes = (): Buffer => readFileSync('/proc/self/cmdline'),
): readonly string[] {
	if (!words.some(word => word.includes('\ufffd'))) return words;
	let all: Buffer[];
	try {
		all = readBytes()
			.toString('latin1')
			.split('\0')
			.slice(0, -1)
			.map(word => Buffer.from(word, 'latin1'));
	} catch {
		return words;
	}
	const own = all.slice(-words.length);
	const areTheSame =
		own.length === words.length && own.every((bytes, index) => bytes.toString('utf8') === words[index]);
	return areTheSame ? own.map(pathText) : words;
}
