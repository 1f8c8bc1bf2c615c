// What the records of a file do not show, but its bytes do: line ends of two kinds, quotes inside of fields, byte order marks inside of lines, blank lines
// between records, and where lines behind the table begin. Regular files that are not packed are looked at once more, after they were read.
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
		const found = areFieldsSound ? faultsOf(scan, dialect, columns.length > 1) : [];
		const {footerStart} = scan;
		const placed = problems.map(problem => (problem.code === 'LINES_BEHIND' ? {...problem, ...footerStart} : problem));
		return {...sniffed, problems: [...placed, ...found].toSorted(byPlace)};
	} finally {
		await handle.close();
	}
}

/** @param take - Says whether it has seen enough. */
async function eachChunk(handle: FileHandle, take: (chunk: Buffer) => boolean): Promise<boolean> {
	const memory = Buffer.alloc(CHUNK_BYTES);
	for (let position = 0; ; ) {
		const {bytesRead} = await handle.read(memory, 0, CHUNK_BYTES, position);
		if (bytesRead === 0) return false;
		if (take(memory.subarray(0, bytesRead))) return true;
		position += bytesRead;
	}
}

/** A first look, many times as fast: whether any line end or quote is not as those of clean files are. */
async function mayBeFaulty(handle: FileHandle, {newline, quote, delimiter}: SniffedDialect): Promise<boolean> {
	const mark = (quote === '' ? '"' : quote).charCodeAt(0);
	const harmless = [mark, LF, CR, delimiter.charCodeAt(0), delimiter.charCodeAt(delimiter.length - 1)];
	let before = LF;
	const blanks = new BlankLook(newline);
	let quotes = 0;
	const isFaulty = await eachChunk(handle, chunk => {
		if (blanks.take(chunk) || hasInnerMark(chunk)) return true;
		const at = (index: number): number => (index < 0 ? before : (chunk[index] ?? LF));
		if (newline === '\n' && chunk.includes(CR)) return true;
		if (newline === '\r' && chunk.includes(LF)) return true;
		for (let end = chunk.indexOf(LF); newline === '\r\n' && end !== -1; end = chunk.indexOf(LF, end + 1))
			if (at(end - 1) !== CR) return true;
		for (let place = chunk.indexOf(mark); place !== -1; place = chunk.indexOf(mark, place + 1))
			if (quote === '' || !(harmless.includes(at(place - 1)) || harmless.includes(at(place + 1)))) return true;
			else quotes++;
		before = chunk.at(-1) ?? LF;
		return false;
	});
	// Of a pair, one may be missing.
	return isFaulty || quotes % 2 === 1;
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Whether a byte order mark may stand elsewhere than at the beginning of a line. */
function hasInnerMark(chunk: Buffer): boolean {
	for (let at = chunk.indexOf(BYTE_ORDER_MARK); at !== -1; at = chunk.indexOf(BYTE_ORDER_MARK, at + 1))
		if (at > 0 && chunk[at - 1] !== LF && chunk[at - 1] !== CR) return true;
	// It may be cut.
	return chunk.length === CHUNK_BYTES && chunk.subarray(-2).includes(0xef);
}

/** Looks for blank lines with other lines behind them. */
class BlankLook {
	readonly #pair: string;
	#isPending = false;
	#before = 0;

	constructor(newline: SniffedDialect['newline']) {
		this.#pair = newline === '\r\n' ? '\n\r' : newline === '\r' ? '\r\r' : '\n\n';
	}

	/** @returns Whether there is one. */
	take(chunk: Buffer): boolean {
		const [first, second] = Buffer.from(this.#pair);
		const isCut = this.#before === first && chunk[0] === second;
		this.#before = chunk.at(-1) ?? 0;
		const blank = isCut || this.#isPending ? 0 : chunk.indexOf(this.#pair);
		if (blank === -1) return false;
		this.#isPending = true;
		for (let at = blank; at < chunk.length; at++) if (chunk[at] !== LF && chunk[at] !== CR) return true;
		return false;
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
