// Writes to a file what comes piece by piece: what has come while one write was under way goes into the next one, so that a fast sender takes few large ones.
/** With more that is not written yet, nothing more is read. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** What is written to; a file, for one. */
export interface WritableHandle {
	readonly writev: (pieces: Buffer[], position: number) => Promise<{readonly bytesWritten: number}>;
	readonly write: (
		bytes: Buffer,
		start: number,
		length: number,
		position: number,
	) => Promise<{readonly bytesWritten: number}>;
}

export class GatheringWriter {
	readonly #handle: WritableHandle;
	#end: number;
	#waiting: Buffer[] = [];
	#waitingBytes = 0;
	#underWay: Promise<void> | null = null;
	#fault: unknown = null;

	constructor(handle: WritableHandle, offset: number) {
		this.#handle = handle;
		this.#end = offset;
	}

	/** Resolves when there is room for more. */
	async add(bytes: Buffer): Promise<void> {
		this.#waiting.push(bytes);
		this.#waitingBytes += bytes.length;
		this.#underWay ??= this.#write();
		if (this.#waitingBytes >= MAX_WAITING_BYTES) await this.#underWay;
		if (this.#fault !== null) throw this.#fault;
	}

	/** @returns Where the last byte has its end. */
	async finish(): Promise<number> {
		await this.settle();
		if (this.#fault !== null) throw this.#fault;
		return this.#end;
	}

	/** Resolves when nothing is being written. */
	async settle(): Promise<void> {
		await this.#underWay;
	}

	async #write(): Promise<void> {
		try {
			while (this.#waiting.length > 0) {
				const pieces = this.#waiting;
				this.#waiting = [];
				this.#waitingBytes = 0;
				this.#end = await writeAll(this.#handle, pieces, this.#end);
			}
		} catch (error) {
			this.#fault = error;
		}
		this.#underWay = null;
	}
}

/** @returns Where it ends. */
async function writeAll(handle: WritableHandle, pieces: readonly Buffer[], offset: number): Promise<number> {
	const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
	let {bytesWritten: written} = await handle.writev([...pieces], offset);
	if (written === length) return offset + length;
	// The disk is nearly full, or there were more pieces than a system takes at once.
	const whole = Buffer.concat(pieces);
	while (written < length)
		written += (await handle.write(whole, written, length - written, offset + written)).bytesWritten;
	return offset + length;
}
