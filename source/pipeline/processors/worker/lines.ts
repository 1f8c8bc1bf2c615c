// Pieces of a text -> its lines. A line ends with LF, CRLF or CR, wherever the pieces were cut.
import {formatByteSize} from '../../../text/byte-size.ts';
import {FileFault} from './read-source.ts';

/**
@param maxLength - In characters. @returns Lines without their ends, some at a time; nothing for an empty text, and none behind the last end.
@throws {FileFault} Where a line is longer.
*/
export async function* linesOf(
	texts: AsyncIterable<string>,
	maxLength: number,
): AsyncGenerator<readonly string[], void> {
	let rest = '';
	let count = 0;
	for await (const text of texts) {
		const lines = `${rest}${text}`.split(/\r\n|\n|\r(?!$)/);
		rest = lines.pop() ?? '';
		count += lines.length;
		if (rest.length > maxLength) throw tooLong(count + 1, maxLength);
		yield lines;
	}
	if (rest === '') return;
	// What may have been the first half of CRLF was CR alone.
	yield [rest.endsWith('\r') ? rest.slice(0, -1) : rest];
}

function tooLong(line: number, maxLength: number): FileFault {
	const message = `Expected lines of at most ${formatByteSize(maxLength)}; line ${line} is longer. --max-record allows more`;
	return new FileFault({code: 'LINE_TOO_LONG', message, line, byte_offset: null});
}
