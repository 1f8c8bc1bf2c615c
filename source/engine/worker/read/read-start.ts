// Reads how a source begins, as far as that is needed to see how it is to be read.
import {type ByteSource, withStart} from '../../../input/byte-source.ts';
import {DialectFinder} from '../../../input/dialect-finder.ts';
import {isUsuallyWritten} from '../../../input/plain-table.ts';
import type {DialectRequest} from './find-dialect.ts';
import {LOOK_BYTES} from './kept-start.ts';

export interface ReadStart {
	readonly bytes: Uint8Array;
	readonly isAll: boolean;
	/** Has all bytes of the source still. */
	readonly source: ByteSource;
}

/** @param onRead - Called with the bytes so far. */
export async function readStart(source: ByteSource, onRead: (bytesRead: number) => void): Promise<ReadStart> {
	const {bytes, isAll} = await readUntil(source, onRead, length => length);
	return {bytes, isAll, source: withStart(bytes, source)};
}

/** A stream that has brought a header has so long to bring more, which may say that its table is written in another way than most are. */
const MORE_MS = 500;

/**
The same of a stream, where people want to see each record as soon as it comes: a header with all wanted names is enough if nothing comes with
it, or if what is behind it comes slowly.
*/
export async function readStartOfStream(
	source: ByteSource,
	onRead: (bytesRead: number) => void,
	request: DialectRequest,
): Promise<ReadStart> {
	let timer: NodeJS.Timeout | undefined;
	let timeIsOver: Promise<null> | null = null;
	/** What the source gives behind the bytes that were waited for. */
	let rest = source;
	const wait: WaitForBytes = async (reading, start, target) => {
		const behindHeader = bytesBehindHeader(start, request);
		if (behindHeader === null) return reading;
		timeIsOver ??= new Promise(resolve => {
			timer = setTimeout(resolve, MORE_MS, null);
		});
		const length = behindHeader > 0 ? await Promise.race([reading, timeIsOver]) : null;
		if (length === null) rest = sourceOfReading(reading, target, source);
		return length;
	};
	try {
		const {bytes, isAll} = await readUntil(source, onRead, wait);
		return {bytes, isAll, source: withStart(bytes, rest)};
	} finally {
		clearTimeout(timer);
	}
}

/** @returns How many bytes of `target` were filled; `null` where they are not waited for. */
type WaitForBytes = (
	reading: number | Promise<number>,
	start: Uint8Array,
	target: Uint8Array,
) => number | null | Promise<number | null>;

async function readUntil(
	source: ByteSource,
	onRead: (bytesRead: number) => void,
	wait: WaitForBytes,
): Promise<Omit<ReadStart, 'source'>> {
	const memory = new Uint8Array(LOOK_BYTES);
	let filled = 0;
	let isAll = false;
	while (filled < LOOK_BYTES && !isAll) {
		const target = memory.subarray(filled);
		const length = await wait(source.read(target), memory.subarray(0, filled), target);
		if (length === null) break;
		isAll = length === 0;
		filled += length;
		onRead(filled);
	}
	return {bytes: memory.subarray(0, filled), isAll};
}

/** `null` where the header is not whole, lacks wanted names, or where something says that the table is written in another way. */
function bytesBehindHeader(bytes: Uint8Array, {rateNames, decodeName}: DialectRequest): number | null {
	const finder = new DialectFinder(rateNames, undefined, decodeName);
	const header = bytes.subarray(finder.scan(bytes, false));
	const {dialect, isComplete} = finder;
	if (dialect === null || !isComplete || !isUsuallyWritten(header, false, dialect.delimiter)) return null;
	// The line end may have a second byte.
	return Math.max(0, header.length - finder.bytesNeeded - 1);
}

/** A source of which a read has begun. */
function sourceOfReading(reading: number | Promise<number>, target: Uint8Array, source: ByteSource): ByteSource {
	let whole: ByteSource | null = null;
	// Whoever reads on gets the error; until then nobody waits for it.
	if (typeof reading !== 'number') reading.catch(() => {});
	return {
		async read(into) {
			whole ??= withStart(target.subarray(0, await reading), source);
			return whole.read(into);
		},
	};
}
