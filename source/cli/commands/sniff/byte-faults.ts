// What the records of a file do not show, but its bytes do: line ends of two kinds, quotes inside of fields, and where lines behind the
// table begin. Regular files that are not packed are looked at once more, after they were read.
import {type FileHandle, open} from 'node:fs/promises';
import {formatNewline} from '../../../text/format.ts';
import {systemPath} from '../../../text/path-text.ts';
import {FieldScan} from './field-scan.ts';
import type {Problem} from './problems.ts';
import type {SniffedDialect, SniffedFile} from './sniffed-file.ts';

const CHUNK_BYTES = 256 * 1024;
const LF = 0x0a;
const CR = 0x0d;
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
		if (!hasFooter && !(await mayBeFaulty(handle, dialect))) return sniffed;
		const scan = new FieldScan(dialect);
		await eachChunk(handle, chunk => scan.take(chunk));
		const found = areFieldsSound ? faultsOf(scan, dialect) : [];
		const {footerStart} = scan;
		const placed = problems.map(problem => (problem.code === 'LINES_BEHIND' ? {...problem, ...footerStart} : problem));
		return {...sniffed, problems: [...placed, ...found].toSorted(byPlace)};
	} finally {
		await handle.close();
	}
}

/** @param take - Says whether it has seen enough. */
async function eachChunk(handle: FileHandle, take: (chunk: Uint8Array) => boolean): Promise<boolean> {
	const memory = Buffer.alloc(CHUNK_BYTES);
	for (let position = 0; ; ) {
		const {bytesRead} = await handle.read(memory, 0, CHUNK_BYTES, position);
		if (bytesRead === 0) return false;
		if (take(memory.subarray(0, bytesRead))) return true;
		position += bytesRead;
	}
}

/** A first look, many times as fast: whether any line end or quote is not as those of clean files are. */
function mayBeFaulty(handle: FileHandle, {newline, quote, delimiter}: SniffedDialect): Promise<boolean> {
	const mark = (quote === '' ? '"' : quote).charCodeAt(0);
	const harmless = [mark, LF, CR, delimiter.charCodeAt(0), delimiter.charCodeAt(delimiter.length - 1)];
	let before = LF;
	return eachChunk(handle, chunk => {
		const at = (index: number): number => (index < 0 ? before : (chunk[index] ?? LF));
		if (newline === '\n' && chunk.includes(CR)) return true;
		if (newline === '\r' && chunk.includes(LF)) return true;
		for (let end = chunk.indexOf(LF); newline === '\r\n' && end !== -1; end = chunk.indexOf(LF, end + 1))
			if (at(end - 1) !== CR) return true;
		for (let place = chunk.indexOf(mark); place !== -1; place = chunk.indexOf(mark, place + 1))
			if (quote === '' || !(harmless.includes(at(place - 1)) || harmless.includes(at(place + 1)))) return true;
		before = chunk.at(-1) ?? LF;
		return false;
	});
}

function faultsOf({otherNewline, innerQuote}: FieldScan, {newline, quote}: SniffedDialect): Problem[] {
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
	return found;
}

const byPlace = (one: Problem, other: Problem): number =>
	(one.byte_offset ?? Number.POSITIVE_INFINITY) - (other.byte_offset ?? Number.POSITIVE_INFINITY);
