// Bytes between this end and rsync: numbers are of 32 bits, with the low byte first. What goes out is cut into frames, so that sentences fit in between.
import type {Readable, Writable} from 'node:stream';

/** The other end says something that is none of the protocol, or nothing any more. */
export class RsyncFault extends Error {
	override readonly name = 'RsyncFault';
}

const NOTHING = Buffer.alloc(0);

export class WireReader {
	readonly #stream: Readable;
	readonly #signal: AbortSignal;
	readonly #onBytes: () => void;
	#rest: Buffer = NOTHING;

	/** @param onBytes - Called when something has come. */
	constructor(stream: Readable, signal: AbortSignal, onBytes: () => void = () => {}) {
		this.#stream = stream;
		this.#signal = signal;
		this.#onBytes = onBytes;
	}

	/** @returns As much of it as there is, and something. */
	async readSome(maxBytes: number): Promise<Buffer> {
		while (this.#rest.length === 0) {
			if (this.#signal.aborted || this.#stream.readableEnded || this.#stream.destroyed)
				throw new RsyncFault('rsync has gone in the middle');
			this.#rest = this.#stream.read() ?? NOTHING;
			if (this.#rest.length === 0) await this.#untilReadable();
			else this.#onBytes();
		}
		const some = this.#rest.subarray(0, maxBytes);
		this.#rest = this.#rest.subarray(some.length);
		return some;
	}

	async read(byteCount: number): Promise<Buffer> {
		const first = byteCount === 0 ? NOTHING : await this.readSome(byteCount);
		if (first.length === byteCount) return first;
		const parts = [first];
		for (let left = byteCount - first.length; left > 0; ) {
			const part = await this.readSome(left);
			parts.push(part);
			left -= part.length;
		}
		return Buffer.concat(parts);
	}

	async readByte(): Promise<number> {
		return (await this.readSome(1)).readUInt8();
	}

	async readInt(): Promise<number> {
		return (await this.read(4)).readInt32LE();
	}

	/** Mostly 32 bits. */
	async readLong(): Promise<bigint> {
		const short = await this.readInt();
		return short === -1 ? (await this.read(8)).readBigInt64LE() : BigInt(short);
	}

	#untilReadable(): Promise<void> {
		const [stream, signal] = [this.#stream, this.#signal];
		return new Promise(resolve => {
			const events = ['readable', 'end', 'close', 'error'] as const;
			const done = (): void => {
				for (const event of events) stream.off(event, done);
				signal.removeEventListener('abort', done);
				resolve();
			};
			for (const event of events) stream.once(event, done);
			signal.addEventListener('abort', done);
		});
	}
}

const FIRST_TAG = 7;
const TAGS = {data: 0, failure: 1, info: 2} as const;
const MAX_FRAME_BYTES = 32 * 1024;

export class WireWriter {
	readonly #stream: Writable;

	constructor(stream: Writable) {
		this.#stream = stream;
	}

	/** In front of the first frame. */
	writeBare(...numbers: readonly number[]): void {
		this.#stream.write(bytesOf(numbers));
	}

	write(numbers: readonly number[]): void {
		const bytes = bytesOf(numbers);
		for (let at = 0; at < bytes.length; at += MAX_FRAME_BYTES)
			this.#frame('data', bytes.subarray(at, at + MAX_FRAME_BYTES));
	}

	/** @param tag - `failure`: not everything has been transferred, which the exit code of the client says, too. */
	tell(tag: 'failure' | 'info', sentence: string): void {
		this.#frame(tag, Buffer.from(`fileproc-tui: ${sentence}\n`).subarray(0, MAX_FRAME_BYTES));
	}

	#frame(tag: keyof typeof TAGS, bytes: Buffer): void {
		const head = Buffer.alloc(4);
		head.writeUInt32LE(((FIRST_TAG + TAGS[tag]) << 24) | bytes.length);
		this.#stream.write(Buffer.concat([head, bytes]));
	}
}

function bytesOf(numbers: readonly number[]): Buffer {
	const bytes = Buffer.alloc(numbers.length * 4);
	for (const [index, number] of numbers.entries()) bytes.writeInt32LE(number, index * 4);
	return bytes;
}
