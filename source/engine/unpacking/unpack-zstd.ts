// Unpacks Zstandard: all frames, those to be skipped too. Checksums are verified where the frames have them.
import type {ByteSource} from '../../input/byte-source.ts';
import {InputError} from '../../input/input-error.ts';
import {damagedData, trailingData, truncatedData} from './corrupt-data.ts';
import {readFromStream} from './read-from-stream.ts';
import {isZlibError, UNPACKED_CHUNK_BYTES, type Unpacker} from './unpacker.ts';
import {ZstdFrame} from './zstd-frame.ts';

/** A frame that looks back further would take more memory than all else: 128 MiB, as the command zstd has it. */
export const MAX_WINDOW_LOG = 27;

const FRAME_MAGIC = 0xfd2fb528;
/** The last four bits are free. */
const SKIPPABLE_MAGIC = 0x184d2a5;

/** @param chunkBytes - Packed bytes that are handed over at a time. */
export function unpackZstd(packed: ByteSource, chunkBytes: number): Unpacker {
	const input = new PackedInput(packed, chunkBytes);
	let frame: OpenFrame | null = null;
	let isClosed = false;
	return {
		async read(target) {
			while (!isClosed) {
				frame ??= await openNextFrame(input);
				if (frame === null) return 0;
				const length = await frame.read(target);
				if (length > 0) return length;
				frame = null;
			}
			return 0;
		},
		close() {
			isClosed = true;
			frame?.close();
		},
	};
}

/** Goes over frames that have no data; `null` at the end. */
async function openNextFrame(input: PackedInput): Promise<OpenFrame | null> {
	for (;;) {
		const frameStart = input.passedBytes;
		const magic = await input.readNumber();
		if (magic === 'end') return null;
		if (magic === FRAME_MAGIC) return openFrame(input, frameStart);
		if (magic !== 'cut off' && magic >>> 4 === SKIPPABLE_MAGIC) {
			const length = await input.readNumber();
			if (typeof length === 'string' || !(await input.skip(length))) throw truncatedData('zstd', input.packedBytes);
			continue;
		}
		await input.skip(Number.POSITIVE_INFINITY);
		throw trailingData('zstd', frameStart, input.packedBytes);
	}
}

interface OpenFrame {
	/** Resolves with 0 at the end of the frame. */
	readonly read: (target: Uint8Array) => Promise<number>;
	readonly close: () => void;
}

/** @param frameStart - Where it begins in the packed data. */
function openFrame(input: PackedInput, frameStart: number): OpenFrame {
	const {createZstdDecompress, constants} = process.getBuiltinModule('node:zlib');
	const params = {[constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG};
	const stream = createZstdDecompress({chunkSize: UNPACKED_CHUNK_BYTES, params});
	const frame = new ZstdFrame();
	const feed = async (): Promise<void> => {
		const magic = Buffer.alloc(4);
		magic.writeUInt32LE(FRAME_MAGIC);
		stream.write(magic);
		while (!frame.isOver) {
			const bytes = await input.passFrame(frame);
			if (bytes.length === 0) throw truncatedData('zstd', input.packedBytes);
			// What is written last is waited for by reading to the end: of it the stream may say nothing any more.
			if (frame.isOver) stream.end(bytes);
			else await new Promise(resolve => stream.write(bytes, resolve));
			if (stream.destroyed) return;
		}
	};
	feed().catch((error: Error) => stream.destroy(error));
	const read = readFromStream(stream, UNPACKED_CHUNK_BYTES);
	return {
		async read(target) {
			try {
				return await read(target);
			} catch (error) {
				throw isZlibError(error) ? explain(error, frameStart, input.packedBytes) : error;
			}
		},
		close() {
			stream.destroy();
		},
	};
}

function explain(error: NodeJS.ErrnoException, frameStart: number, packedBytes: number): Error {
	if (error.code !== 'ZSTD_error_frameParameter_windowTooLarge')
		return damagedData('zstd', `${error.message} (${error.code})`, frameStart, packedBytes);
	return new InputError(
		'UNSUPPORTED_FORMAT',
		`The Zstandard data looks back further than ${2 ** (MAX_WINDOW_LOG - 20)} MiB, which would take as much memory. Unpack it first, for example: zstd -d --long=31`,
		{line: null, byteOffset: null},
	);
}

/** The packed bytes, a chunk at a time: the next one is read when nothing of this one is in use. */
class PackedInput {
	readonly #packed: ByteSource;
	readonly #buffer: Uint8Array;
	#chunk: Uint8Array = new Uint8Array(0);
	#at = 0;
	/** Read so far. */
	packedBytes = 0;

	constructor(packed: ByteSource, chunkBytes: number) {
		this.#packed = packed;
		this.#buffer = new Uint8Array(chunkBytes);
	}

	/** Given out so far. */
	get passedBytes(): number {
		return this.packedBytes - (this.#chunk.length - this.#at);
	}

	/** Whether there is more. */
	async #fill(): Promise<boolean> {
		if (this.#at < this.#chunk.length) return true;
		const length = await this.#packed.read(this.#buffer);
		this.packedBytes += length;
		this.#chunk = this.#buffer.subarray(0, length);
		this.#at = 0;
		return length > 0;
	}

	/** Four bytes, the first one lowest. */
	async readNumber(): Promise<number | 'end' | 'cut off'> {
		let value = 0;
		for (let count = 0; count < 4; count++) {
			if (!(await this.#fill())) return count === 0 ? 'end' : 'cut off';
			value += (this.#chunk[this.#at++] ?? 0) * 256 ** count;
		}
		return value;
	}

	/** Returns false where there are fewer. */
	async skip(length: number): Promise<boolean> {
		let left = length;
		while (left > 0) {
			if (!(await this.#fill())) return false;
			const step = Math.min(left, this.#chunk.length - this.#at);
			this.#at += step;
			left -= step;
		}
		return true;
	}

	/** The next bytes of the frame; none at the end of the file. Valid until the next call. */
	async passFrame(frame: ZstdFrame): Promise<Uint8Array> {
		if (!(await this.#fill())) return new Uint8Array(0);
		const start = this.#at;
		const end = frame.pass(this.#chunk, start);
		if (end === null)
			throw damagedData('zstd', 'a block of an unknown kind stands', this.passedBytes, this.packedBytes);
		this.#at = end;
		return this.#chunk.subarray(start, end);
	}
}
