import {createReadStream} from 'node:fs';
import type {Readable} from 'node:stream';
import {descriptorOf} from '../../engine/plan/named-stream.ts';
import {findMark} from '../../input/encoding.ts';
import {encodingName, type WideEncoding} from '../../input/encodings/encoding-labels.ts';
import {OtherByteOrderError} from '../../input/encodings/recoder.ts';
import {createWideRecoder} from '../../input/encodings/wide-recoders.ts';
import {pathText, systemPath} from '../../text/path-text.ts';

/**
Reads the paths of `--files-from`: one on each line, LF or CRLF; blank lines are skipped. In a list that contains a NUL, as
`find -print0` writes it, NULs separate the paths instead, and a path may contain any other character: no name can contain a
NUL, so the two forms cannot be confused and need no flag. Names may consist of any bytes.

@param list - A file of any kind, or `-` for standard input.
@returns Texts of `text/path-text.ts`.
@throws {Error} When the encoding of the list cannot be read.
*/
export async function readFileList(list: string, stdin: Readable): Promise<string[]> {
	const input = descriptorOf(list) === 0 ? stdin : createReadStream(systemPath(list));
	const chunks: Buffer[] = [];
	for await (const chunk of input) chunks.push(chunk);
	return splitList(Buffer.concat(chunks));
}

/**
The paths in the bytes of a list: UTF-8, with or without a BOM, including names that are not UTF-8; or UTF-16 or UTF-32 with a BOM.
*/
export function splitList(bytes: Buffer): string[] {
	const mark = findMark(bytes);
	const withoutBom = bytes.subarray(mark?.markBytes ?? 0);
	if (mark !== null && mark.label !== 'utf-8') return split(decodeWide(withoutBom, mark.label));
	const text = withoutBom.toString('latin1');
	if (looksLikeUtf16(text)) {
		throw new Error('it looks like UTF-16 without a BOM. Write it in UTF-8, or in UTF-16 with a BOM');
	}
	return split(text).map(path => pathText(Buffer.from(path, 'latin1')));
}

function split(text: string): string[] {
	if (text.includes('\0')) return text.split('\0').filter(path => path !== '');
	// A name may contain any character but LF, so no other line end is recognised.
	const lines = text.split('\n');
	return lines.map(line => (line.endsWith('\r') ? line.slice(0, -1) : line)).filter(line => line !== '');
}

/** Written by `>` of Windows PowerShell 5 and by "Unicode" of Windows editors. */
function decodeWide(bytes: Buffer, label: WideEncoding): string {
	const unlike = new Error(`it begins like ${encodingName(label)} and is not. Write it in UTF-8`);
	try {
		const {text, end} = createWideRecoder(label).toUtf8(bytes);
		if (end < bytes.length) throw unlike;
		return Buffer.from(text).toString();
	} catch (error) {
		throw error instanceof OtherByteOrderError ? unlike : error;
	}
}

/**
In UTF-16 each Latin letter has a NUL beside it, so the text looks like a list of one-letter names. Some of these are dots,
slashes and line ends, which cannot be file names.

@param text - One character per byte.
*/
function looksLikeUtf16(text: string): boolean {
	if (!text.includes('\0')) return false;
	const pieces = text.split('\0');
	const shortCount = pieces.filter(piece => piece.length <= 1).length;
	return shortCount * 2 > pieces.length && pieces.some(piece => /^[./\\\r\n]$/.test(piece));
}
