// A series of small files, as assembly/series.ts reads them: how their figures are to be written, and what all came to together.
import type {KernelExports} from './exports.ts';
import {type GroupFigures, packGroups} from './groups.ts';

/**
The text of a file's figures: pieces, and between them, in this order, its records, total as a number, total with all its
decimals, average, the name of the top group; of each group name, count and sum; earliest and latest date, distinct values.
*/
export interface FiguresLayout {
	/** In the order of assembly/series.ts, which names them by what follows. */
	readonly pieces: readonly string[];
	/** How long a group's part is without its name and its numbers. */
	readonly lineColumns: number;
	/** How long such a part may be; and all together with two for each, to be on one line. */
	readonly lineRoom: number;
	readonly listRoom: number;
	/** A report lists no more groups. */
	readonly mostListed: number;
	/** How a name stands in the text, one character per byte given, and how many columns it takes. */
	readonly layOutName: (name: string) => {readonly text: string; readonly columns: number};
}

/** As in assembly/text.ts. */
const PIECE_COUNT = 16;
const MOST_PIECE_BYTES = 1024;

/** Tells the kernel. */
export function setLayout(
	kernel: KernelExports,
	{pieces, lineColumns, lineRoom, listRoom, mostListed}: FiguresLayout,
): void {
	const texts = pieces.map(piece => Buffer.from(piece));
	const bytes = texts.reduce((sum, {length}) => sum + length, 0);
	if (texts.length !== PIECE_COUNT || bytes > MOST_PIECE_BYTES) {
		throw new Error(
			`Expected ${PIECE_COUNT} pieces of at most ${MOST_PIECE_BYTES} bytes, found ${texts.length} of ${bytes}`,
		);
	}
	const lengths = Uint32Array.from(texts, ({length}) => length);
	const all = Buffer.concat([Buffer.from(lengths.buffer), ...texts]);
	const block = kernel.allocate(all.length);
	new Uint8Array(kernel.memory.buffer).set(all, block);
	kernel.layOutFigures(block, lineColumns, lineRoom, listRoom, mostListed);
}

/** Writes a name's text to the kernel's memory. Returns what it wants to know of it, see assembly/host.ts. */
export function writeName(
	memory: Uint8Array,
	target: number,
	targetBytes: number,
	text: string,
	columns: number,
): number {
	// Each character takes a byte at least.
	if (text.length > targetBytes) return 0;
	const bytes = Buffer.from(text);
	if (bytes.length > targetBytes) return 0;
	memory.set(bytes, target);
	return bytes.length + columns * 2 ** 16;
}

/** The groups of all files of the series. */
export function readSeriesGroups(kernel: KernelExports): GroupFigures {
	const words = new Uint32Array(kernel.memory.buffer);
	// A row begins with its count and its sum: see assembly/series.ts.
	return packGroups(kernel, kernel.seriesScale(), slot => words[(slot + ROW) >>> 2] ?? 0, null);
}

/** Of a slot of the table of groups. */
const ROW = 48;
