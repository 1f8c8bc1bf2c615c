// Memory of the kernel for texts that functions give.
import type {KernelExports} from './exports.ts';

/** Keys are read 16 bytes at a time. */
const PADDING_BYTES = 64;
/** Longer texts are copied faster by the engine than byte by byte. */
const SHORT_TEXT = 32;

export class TextBlock {
	readonly #kernel: KernelExports;
	#capacity = 0;
	/** The address of the first byte. */
	start = 0;

	constructor(kernel: KernelExports) {
		this.#kernel = kernel;
	}

	/** Makes sure that there is room for so many bytes; what was there may be gone. The memory may have grown afterwards. */
	reserve(bytes: number): void {
		if (bytes <= this.#capacity) return;
		if (this.#capacity > 0) this.#kernel.release(this.start, this.#capacity + PADDING_BYTES);
		this.#capacity = bytes;
		this.start = this.#kernel.allocate(bytes + PADDING_BYTES);
	}
}

/** @param text - One character per byte. */
export function writeText(bytes: Uint8Array, at: number, text: string): void {
	const {length} = text;
	if (length <= SHORT_TEXT) for (let index = 0; index < length; index++) bytes[at + index] = text.charCodeAt(index);
	else Buffer.from(bytes.buffer, at, length).write(text, 'latin1');
}
