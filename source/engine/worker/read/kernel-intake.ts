// The bytes of a source on their way into the kernel.
import type {ByteSource} from '../../../input/byte-source.ts';
import type {KernelInput} from '../../../kernel/input.ts';

export class KernelIntake {
	readonly #input: KernelInput;
	readonly #chunkBytes: number;
	readonly #onWait: () => void;
	/** How many there were so far. */
	bytesRead = 0;
	/** Whether there are no more. */
	hasEnded = false;

	/** @param onWait - Called where it may take long: a reading can be held and stopped there as between records. */
	constructor(input: KernelInput, chunkBytes: number, onWait: () => void) {
		this.#input = input;
		this.#chunkBytes = chunkBytes;
		this.#onWait = onWait;
	}

	/** Reads a chunk. @returns Its length; 0 at the end. */
	read(source: ByteSource): number | Promise<number> {
		const length = source.read(this.#input.space(this.#chunkBytes));
		return typeof length === 'number' ? this.#take(length) : length.then(read => this.#take(read));
	}

	#take(length: number): number {
		this.#input.extend(length);
		this.bytesRead += length;
		if (length === 0) this.hasEnded = true;
		return length;
	}

	/** Reads until so many bytes are there, or all. */
	async readEnough(source: ByteSource, enough: number): Promise<void> {
		do {
			this.#onWait();
			await this.read(source);
		} while (!this.hasEnded && this.#input.length < enough);
	}
}
