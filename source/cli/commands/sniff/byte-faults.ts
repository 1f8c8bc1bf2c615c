// What the records of a file do not show, but its bytes do: line ends of two kinds, quotes inside of fields, byte order marks inside of lines, blank lines
// between records, and where lines behind the table begin. Regular files that are not packed are looked at once more, after they were read.
import {type FileHandle, open} from 'node:fs/promises';
import {formatNewline} from '../../../text/format.ts';
import {systemPath} from '../../../text/path-text.ts';
import {FieldScan} from './field-scan.ts';
import {FirstLook} from './first-look.ts';
import type {Problem} from './problems.ts';
import type {SniffedDialect, SniffedFile} from './sniffed-file.ts';

const CHUNK_BYTES = 256 * 1024;
const READ_AS_BYTES = ['utf-8', 'windows-1252'];

/** @returns The file with these problems, and with places of those that were told without one. */
export async function withFaultsOfBytes(sniffed: SniffedFile): Promise<SniffedFile> {
	const {dialect, file, columns, problems} = sniffed;
	if (dialect === null || dialect.compression !== null || !READ_AS_BYTES.includes(dialect.encoding)) return sniffed;
	const hasFooter = dialect.skip_footer > 0;
	// Where records end at faulty quotes, fields are not as they seem, and faults of quotes are told already.
	const areFieldsSound =
		columns.length > 0 && !problems.some(({code}) => code === 'QUOTE' || code === 'UNCLOSED_QUOTE');
	if (!hasFooter && !areFieldsSound) return sniffed;
	const handle = await open(systemPath(file)).catch(() => null);
	if (handle === null) return sniffed;
	try {
		if (!(await handle.stat()).isFile()) return sniffed;
		const look = new FirstLook(dialect);
		await eachChunk(handle, chunk => look.take(chunk));
		const {suspected} = look;
		if (!hasFooter && suspected.size === 0) return sniffed;
		const scan = new FieldScan(dialect, suspected);
		await eachChunk(handle, chunk => scan.take(chunk));
		const found = areFieldsSound ? faultsOf(scan, dialect, columns.length > 1) : [];
		const {footerStart} = scan;
		const placed = problems.map(problem => (problem.code === 'LINES_BEHIND' ? {...problem, ...footerStart} : problem));
		return {...sniffed, problems: [...placed, ...found].toSorted(byPlace)};
	} finally {
		await handle.close();
	}
}

/** @param take - Says whether it has seen enough. */
async function eachChunk(handle: FileHandle, take: (chunk: Buffer) => boolean): Promise<void> {
	const memory = Buffer.alloc(CHUNK_BYTES);
	for (let position = 0; ; ) {
		const {bytesRead} = await handle.read(memory, 0, CHUNK_BYTES, position);
		if (bytesRead === 0 || take(memory.subarray(0, bytesRead))) return;
		position += bytesRead;
	}
}

function faultsOf(
	{otherNewline, innerQuote, innerMark, innerBlank}: FieldScan,
	{newline, quote}: SniffedDialect,
	hasColumns: boolean,
): Problem[] {
	const found: Problem[] = [];
	if (otherNewline !== null) {
		const {line, byte_offset} = otherNewline;
		const message = `Expected lines to end as the first one, with ${formatNewline(newline)}; found ${formatNewline(otherNewline.newline)}`;
		found.push({code: 'MIXED_NEWLINES', line, byte_offset, message});
	}
	if (innerQuote !== null) {
		const message = `Expected quotes around whole fields alone, found one inside of a field; it is ${quote === '' ? 'read as a part of its cell' : 'read as text'}`;
		found.push({code: 'STRAY_QUOTE', ...innerQuote, message});
	}
	if (innerMark !== null) {
		const message =
			'Expected a byte order mark at the beginning of a file alone, found one inside of a line; it is read as text';
		found.push({code: 'INNER_MARK', ...innerMark, message});
	}
	if (innerBlank !== null && hasColumns) {
		const message =
			'Expected the records of one table, found a blank line between them; those behind it are read as records of the same';
		found.push({code: 'BLANK_LINE', ...innerBlank, message});
	}
	return found;
}

const byPlace = (one: Problem, other: Problem): number =>
	(one.byte_offset ?? Number.POSITIVE_INFINITY) - (other.byte_offset ?? Number.POSITIVE_INFINITY);
