// Recognises files that are not text by their first bytes, not by their names, and says what to do with each.
import {InputError} from './input-error.ts';

/** Every format can be recognised by this many bytes. */
export const FORMAT_BYTES = 512;
/** The file names of an archive stand between its data, so more bytes are examined. */
const ARCHIVE_BYTES = 64 * 1024;

interface Format {
	/** The first bytes of the format, one character per byte. */
	readonly start: string;
	/** Their offset in the file, where it is not 0. */
	readonly offset?: number;
	/** Whether text may begin the same way: then the file has the format only if control bytes follow. */
	readonly mayBeText?: true;
	readonly name: string;
	readonly advice: string;
}

const saveAsCsv = 'Open it in the program that wrote it and save it as CSV in UTF-8';
const leaveOut = 'Leave it out, or find the data that it was made from, and save that as CSV';
const unpackWith = (command: string): string => `Unpack it first, for example: ${command}`;
const exportFrom = (program: string): string => `Export it as CSV first, for example with ${program}`;

const formats: readonly Format[] = [
	{start: '\x1f\x8b', name: 'gzip in gzip', advice: `It is packed twice. ${unpackWith('gunzip')}`},
	{start: '\x1f\x9d', name: 'packed by compress', advice: unpackWith('uncompress')},
	{
		start: '\x28\xb5\x2f\xfd',
		name: 'Zstandard (zstd) in a packed file',
		advice: `It is packed twice. ${unpackWith('zstd -d')}`,
	},
	{start: 'BZh', mayBeText: true, name: 'packed by bzip2', advice: unpackWith('bzip2 -d')},
	{start: '\xfd7zXZ\0', name: 'packed by xz', advice: unpackWith('xz -d')},
	{start: '7z\xbc\xaf\x27\x1c', name: 'a 7z archive', advice: unpackWith('7z x')},
	{start: '\x04\x22\x4d\x18', name: 'packed by LZ4', advice: unpackWith('lz4 -d')},
	{start: 'LZIP', mayBeText: true, name: 'packed by lzip', advice: unpackWith('lzip -d')},
	{start: 'Rar!\x1a\x07', name: 'a RAR archive', advice: unpackWith('unrar x')},
	{
		start: 'ustar',
		offset: 257,
		name: 'a tar archive',
		advice: `As a file named .tar, its files are read. ${unpackWith('tar -x')}`,
	},
	{start: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', name: 'an old Excel workbook (.xls) or like it', advice: saveAsCsv},
	{
		start: 'PAR1',
		mayBeText: true,
		name: 'a Parquet file within a stream, an archive or a packed file',
		advice: 'It is read only as a file by itself, because what it has stands at its end. Save it as a file first',
	},
	{start: 'ARROW1', mayBeText: true, name: 'an Arrow file', advice: exportFrom('DuckDB')},
	{start: 'ORC', mayBeText: true, name: 'an ORC file', advice: exportFrom('a program that reads ORC')},
	{start: 'Obj\x01', name: 'an Avro file', advice: exportFrom('a program that reads Avro')},
	{start: 'SQLite format 3\0', name: 'an SQLite database', advice: exportFrom('sqlite3 -header -csv')},
	{start: '\x89PNG\r\n', name: 'a PNG image', advice: leaveOut},
	{start: '\xff\xd8\xff', mayBeText: true, name: 'a JPEG image', advice: leaveOut},
	{start: 'GIF8', mayBeText: true, name: 'a GIF image', advice: leaveOut},
	{start: '%PDF-', name: 'a PDF', advice: 'Find the data that it was made from, and save that as CSV'},
];

/**
Fails where a file is not text.

@param bytes - The first bytes of the file: `FORMAT_BYTES` or more, or the whole file.
@throws {InputError} That names the format.
*/
export function assertIsText(bytes: Uint8Array): void {
	const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, FORMAT_BYTES)).toString('latin1');
	if (/^PK(?:\x03\x04|\x05\x06|\x07\x08)/.test(start)) throw unsupportedFormat(describeZip(bytes));
	// Zstandard and LZ4 files may also begin with skippable frames.
	if (/^[\x50-\x5f]\x2a\x4d\x18/.test(start)) {
		throw unsupportedFormat({name: 'packed by Zstandard or LZ4', advice: unpackWith('zstd -d, or lz4 -d')});
	}
	const format = formats.find(
		({start: mark, offset = 0, mayBeText}) =>
			start.startsWith(mark, offset) && (mayBeText !== true || CONTROL_BYTE.test(start)),
	);
	if (format !== undefined) throw unsupportedFormat(format);
}

/** A byte that does not occur in text. */
const CONTROL_BYTE = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

const unsupportedFormat = ({name, advice}: Pick<Format, 'name' | 'advice'>): InputError =>
	new InputError('UNSUPPORTED_FORMAT', `The file is ${name}; expected text with delimiters. ${advice}`, {
		line: null,
		byteOffset: 0,
	});

/** Office documents are ZIP archives too. */
function describeZip(bytes: Uint8Array): Pick<Format, 'name' | 'advice'> {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, ARCHIVE_BYTES)).toString('latin1');
	if (text.includes('opendocument.spreadsheet')) return {name: 'an OpenDocument spreadsheet (ODS)', advice: saveAsCsv};
	if (text.includes('application/vnd.oasis.opendocument')) return {name: 'an OpenDocument file', advice: saveAsCsv};
	const isOffice = ['[Content_Types].xml', '_rels/.rels', 'docProps/', 'xl/'].some(name => text.includes(name));
	if (!isOffice)
		return {name: 'a ZIP archive', advice: `As a file named .zip, its files are read. ${unpackWith('unzip')}`};
	const isDocument = !text.includes('xl/') && /(?:word|ppt)\//.test(text);
	return {name: isDocument ? 'a Word or PowerPoint document' : 'an Excel workbook (XLSX)', advice: saveAsCsv};
}

const fetchAgain =
	'a page in place of data is often an error or a login: fetch the data again, or save its table as CSV';
const markups: readonly (Pick<Format, 'name' | 'advice'> & {readonly start: RegExp})[] = [
	{start: /^<(?:!doctype html|html|head|body|table)\b/i, name: 'an HTML page', advice: fetchAgain},
	{start: /^<\?xml\b/i, name: 'XML', advice: exportFrom('the program that wrote it')},
	{
		start: /^(?:\[\s*)?\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|$)|^\[\s*(?:\[|$)/,
		name: 'JSON',
		advice: exportFrom('DuckDB or jq'),
	},
];

/** Text of another format than a table; `null` where there is none. @param start - How the text begins: its first line at least. */
export function findMarkup(start: string): Pick<Format, 'name' | 'advice'> | null {
	const text = start.replace(/^(?:\xef\xbb\xbf|\ufeff)/, '').trimStart();
	return markups.find(markup => markup.start.test(text)) ?? null;
}

/** @param start - The first bytes of a text. */
export const isMarkup = (start: Uint8Array): boolean =>
	findMarkup(Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, FORMAT_BYTES)).toString('latin1')) !==
	null;

export const hasControlBytes = (bytes: Uint8Array): boolean =>
	CONTROL_BYTE.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));

/** Bytes that tell whether a file may be one of Parquet. */
export const PARQUET_MARK_BYTES = 4;

/** Whether a file begins like one of Parquet, as a whole or with an encrypted footer. Text may begin so as well. */
export const mayBeParquet = ([first, second, third, fourth]: Uint8Array): boolean =>
	first === 0x50 && second === 0x41 && third === 0x52 && (fourth === 0x31 || fourth === 0x45);
