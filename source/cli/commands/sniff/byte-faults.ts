// What the records of a file do not show, but its bytes do: line ends of two kinds, quotes inside of fields, byte order marks inside of lines, blank lines
// between records, records behind a sign of comments, and where lines behind the table begin. Regular files are looked at once more, after they were read.
import type {ByteLook} from '../../../kernel/byte-look.ts';
import {formatNewline} from '../../../text/format.ts';
import {CommentedRecords} from './commented-records.ts';
import {FieldScan} from './field-scan.ts';
import {FirstLook} from './first-look.ts';
import {FEW_BYTES, oddCellsOfFew} from './odd-cells-of-few.ts';
import type {Problem} from './problems.ts';
import type {SniffedDialect, SniffedFile} from './sniffed-file.ts';
import {CHUNK_BYTES, SniffedText} from './sniffed-text.ts';
import {type SpoiltPlace, SpoiltText} from './spoilt-text.ts';

const LF = 0x0a;
const CR = 0x0d;

/** @returns The file with these problems, and with places of those that were told without one. */
export async function withFaultsOfBytes(sniffed: SniffedFile): Promise<SniffedFile> {
	const {dialect, file, columns, problems} = sniffed;
	if (dialect === null) return sniffed;
	const hasFooter = dialect.skip_footer > 0;
	// Where records end at faulty quotes, fields are not as they seem, and faults of quotes are told already.
	const areFieldsSound =
		columns.length > 0 && !problems.some(({code}) => code === 'QUOTE' || code === 'UNCLOSED_QUOTE');
	if (!hasFooter && !areFieldsSound) return sniffed;
	const text = await SniffedText.of(file, dialect.encoding);
	if (text === null) return sniffed;
	const look = new FirstLook(dialect, text.size);
	// What is not in one byte a character is given out in UTF-8.
	const isUtf8 = dialect.encoding.startsWith('utf') || text.isRecoded;
	const spoilt = new SpoiltText({...dialect, encoding: isUtf8 ? 'utf-8' : dialect.encoding});
	const commented = new CommentedRecords(dialect, columns);
	const few = new FewBytes();
	const byteLook = text.size > 0 && text.size < LARGE_BYTES ? null : await loadByteLook();
	byteLook?.begin({delimiter: dialect.delimiter, quote: look.quote, newline: look.newline});
	await text.eachChunk(chunk => {
		const seen = byteLook?.look(chunk.length, look.looksForLabels(chunk.length)) ?? null;
		look.take(chunk, seen);
		spoilt.take(chunk, seen);
		commented.take(chunk);
		few.take(chunk);
		return false;
	}, byteLook?.memory);
	commented.end();
	const found = await placed(text, [...spoilt.found, ...(commented.found === null ? [] : [commented.found])]);
	if (areFieldsSound && few.bytes !== null)
		found.push(...notYetTold(oddCellsOfFew(few.bytes, dialect, columns, sniffed.records), problems));
	const {suspected} = look;
	if (!hasFooter && suspected.size === 0) return withProblems(sniffed, await inFile(text, found));
	const scan = new FieldScan(dialect, suspected);
	await text.eachChunk(chunk => scan.take(chunk));
	scan.end();
	if (areFieldsSound) found.push(...faultsOf(scan, dialect, columns.length > 1));
	const footer = scan.footerStart === null ? [] : await inFile(text, [{...scan.footerStart, code: '', message: ''}]);
	const behind = problems.map(problem =>
		problem.code === 'LINES_BEHIND' && footer[0] !== undefined
			? {...problem, line: footer[0].line, byte_offset: footer[0].byte_offset}
			: problem,
	);
	return withProblems({...sniffed, problems: behind}, await inFile(text, found));
}

/** In smaller files searching takes less time than loading the kernel. */
const LARGE_BYTES = 1024 * 1024;
let loadedLook: ByteLook | undefined;

/** `null` where processor or engine have no vectors of 128 bits. */
async function loadByteLook(): Promise<ByteLook | null> {
	const {kernelOfProcess} = await import('../../../kernel/kernel-of-process.ts');
	loadedLook ??= kernelOfProcess()?.createByteLook(CHUNK_BYTES);
	return loadedLook ?? null;
}

/** All bytes of a small text. */
class FewBytes {
	#chunks: Buffer[] = [];
	#length = 0;

	take(chunk: Buffer): void {
		this.#length += chunk.length;
		if (this.#length <= FEW_BYTES) this.#chunks.push(Buffer.from(chunk));
	}

	/** `null` where it is not small. */
	get bytes(): Buffer | null {
		return this.#length <= FEW_BYTES ? Buffer.concat(this.#chunks) : null;
	}
}

/** The same with the places of the file. */
async function inFile(text: SniffedText, found: readonly Problem[]): Promise<Problem[]> {
	const offsets = await text.fileOffsetsOf(found.flatMap(({byte_offset: offset}) => offset ?? []));
	return found.map(problem => ({
		...problem,
		byte_offset: problem.byte_offset === null ? null : (offsets.get(problem.byte_offset) ?? null),
	}));
}

const notYetTold = (found: readonly Problem[], told: readonly Problem[]): Problem[] =>
	found.filter(({code, line}) => !told.some(problem => problem.code === code && problem.line === line));

const withProblems = (sniffed: SniffedFile, found: readonly Problem[]): SniffedFile => ({
	...sniffed,
	problems: [...sniffed.problems, ...found].toSorted(byPlace),
});

/** The same with their lines. */
async function placed(text: SniffedText, found: readonly SpoiltPlace[]): Promise<Problem[]> {
	const problems: Problem[] = [];
	for (const {code, message, byteOffset} of found) {
		let line = 1;
		let offset = 0;
		let before = 0;
		await text.eachChunk(chunk => {
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
