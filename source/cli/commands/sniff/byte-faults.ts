// What the records of a file do not show, but its bytes do: line ends of two kinds, quotes inside of fields, byte order marks inside of lines, blank lines
// between records, and where lines behind the table begin. Regular files that are not packed are looked at once more, after they were read.
import {type FileHandle, open} from 'node:fs/promises';
import {formatNewline} from '../../../text/format.ts';
import {systemPath} from '../../../text/path-text.ts';
import {FieldScan} from './field-scan.ts';
import {FirstLook} from './first-look.ts';
import {FEW_BYTES, oddCellsOfFew} from './odd-cells-of-few.ts';
import type {Problem} from './problems.ts';
import type {SniffedDialect, SniffedFile} from './sniffed-file.ts';
import {type SpoiltPlace, SpoiltText} from './spoilt-text.ts';

const LF = 0x0a;
const CR = 0x0d;
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
		const stats = await handle.stat();
		if (!stats.isFile()) return sniffed;
		const look = new FirstLook(dialect, stats.size);
		const spoilt = new SpoiltText(dialect);
		await eachChunk(handle, chunk => {
			look.take(chunk);
			spoilt.take(chunk);
			return false;
		});
		const isSmall = areFieldsSound && stats.size <= FEW_BYTES;
		const spoiltTexts = [
			...(await placed(handle, spoilt.found)),
			...(isSmall ? notYetTold(oddCellsOfFew(await readAll(handle), dialect, columns), problems) : []),
		];
		const {suspected} = look;
		if (!hasFooter && suspected.size === 0) return withProblems(sniffed, spoiltTexts);
		const scan = new FieldScan(dialect, suspected);
		await eachChunk(handle, chunk => scan.take(chunk));
		scan.end();
		const found = areFieldsSound ? faultsOf(scan, dialect, columns.length > 1) : [];
		const {footerStart} = scan;
		const behind = problems.map(problem => (problem.code === 'LINES_BEHIND' ? {...problem, ...footerStart} : problem));
		return withProblems({...sniffed, problems: behind}, [...found, ...spoiltTexts]);
	} finally {
		await handle.close();
	}
}

async function readAll(handle: FileHandle): Promise<Buffer> {
	const memory = Buffer.alloc(FEW_BYTES);
	const {bytesRead} = await handle.read(memory, 0, FEW_BYTES, 0);
	return memory.subarray(0, bytesRead);
}

const notYetTold = (found: readonly Problem[], told: readonly Problem[]): Problem[] =>
	found.filter(({code, line}) => !told.some(problem => problem.code === code && problem.line === line));

const withProblems = (sniffed: SniffedFile, found: readonly Problem[]): SniffedFile => ({
	...sniffed,
	problems: [...sniffed.problems, ...found].toSorted(byPlace),
});

/** The same with their lines. */
async function placed(handle: FileHandle, found: readonly SpoiltPlace[]): Promise<Problem[]> {
	const problems: Problem[] = [];
	for (const {code, message, byteOffset} of found) {
		let line = 1;
		let offset = 0;
		let before = 0;
		await eachChunk(handle, chunk => {
			const front = chunk.subarray(0, byteOffset - offset);
			for (const byte of front) {
				if (byte === CR || (byte === LF && before !== CR)) line++;
				before = byte;
			}
			offset += front.length;
			return offset === byteOffset;
		});
		problems.push({code, line, byte_offset: byteOffset, message});
	}
	return problems;
}

/** @param take - May say that it has seen enough. */
async function eachChunk(handle: FileHandle, take: (chunk: Buffer) => boolean): Promise<void> {
	const memory = Buffer.alloc(CHUNK_BYTES);
	for (let position = 0; ; ) {
		const {bytesRead} = await handle.read(memory, 0, CHUNK_BYTES, position);
		if (bytesRead === 0 || take(memory.subarray(0, bytesRead))) return;
		position += bytesRead;
	}
}

function faultsOf(
	{otherNewline, innerQuote, innerMark, innerBlank, totals, cutRecord}: FieldScan,
	{newline, quote}: SniffedDialect,
	hasColumns: boolean,
): Problem[] {
	const found: Problem[] = [];
	// Where both are in the beginning, that is told already.
	if (otherNewline !== null && newline !== 'mixed') {
		const {line, byte_offset} = otherNewline;
		const message = `Expected lines to end as the first one, with ${formatNewline(newline)}; found ${formatNewline(otherNewline.newline)}`;
		found.push({code: 'MIXED_NEWLINES', line, byte_offset, message});
	}
	if (innerQuote !== null) {
		const message = `Expected quotes around whole fields alone, found one inside of a field; it is ${quote === '' ? 'read as a part of its cell' : 'read as text'}`;
		found.push({code: 'STRAY_QUOTE', ...innerQuote, message});
	}
	if (innerMark !== null) {
		const {isBeforeLine, ...place} = innerMark;
		const where = isBeforeLine
			? 'in front of a record, as where files were joined; it is left out'
			: 'inside of a line; it is read as text';
		const message = `Expected a byte order mark at the beginning of a file alone, found one ${where}`;
		found.push({code: 'INNER_MARK', ...place, message});
	}
	if (innerBlank !== null && hasColumns) {
		const message =
			'Expected the records of one table, found a blank line between them; those behind it are read as records of the same';
		found.push({code: 'BLANK_LINE', ...innerBlank, message});
	}
	if (totals !== null && hasColumns) {
		const message =
			'Expected records alone, found one that looks like the sum of others; it is read as a record, and counts in sums. --skip-footer leaves lines at the end out, and --where others';
		found.push({code: 'TOTALS', ...totals, message});
	}
	if (cutRecord !== null) {
		const message =
			'Expected a last field in the last record, as all others have; found the end of the file, which may have been cut off';
		found.push({code: 'CUT_OFF', ...cutRecord, message});
	}
	return found;
}

const byPlace = (one: Problem, other: Problem): number =>
	(one.byte_offset ?? Number.POSITIVE_INFINITY) - (other.byte_offset ?? Number.POSITIVE_INFINITY);
