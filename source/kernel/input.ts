// The memory that bytes are read into: a window of the source that moves along. What has been consumed makes room; the
// record that is not whole yet is moved to the front, and the next bytes are read behind it.
//
//   │ padding │ unfinished record │ free ............ │ padding │
//             start               end
import type {KernelExports} from './exports.ts';

/** Fields are read 16 bytes at a time from their last byte backwards, and blocks of 64 beyond the last. */
const PADDING_BYTES = 64;

export class KernelInput {
	readonly #kernel: KernelExports;
	#block = 0;
	#blockBytes = 0;
	#bytes = new Uint8Array(0);
	/** The same, for texts. */
	#buffer = Buffer.alloc(0);
	/** What `space` gave last, and from where: mostly it is asked for the same. */
	#space: Uint8Array = new Uint8Array(0);
	#spaceStart = 0;
	/** Address of the first byte that is not consumed, and of the end of what was read. */
	start = 0;
	end = 0;
	/** To be added to an address to get the offset in the source. */
	#offsetOfAddress = 0;

	constructor(kernel: KernelExports) {
		this.#kernel = kernel;
	}

	/** The memory; another array after anything was allocated. */
	get bytes(): Uint8Array {
		// Growth leaves nothing of the old one; to ask for the memory each time takes longer.
		if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#kernel.memory.buffer);
		return this.#bytes;
	}

	/** The bytes at an address, one character each. */
	text(address: number, length: number): string {
		if (this.#buffer.length === 0) this.#buffer = Buffer.from(this.#kernel.memory.buffer);
		return this.#buffer.toString('latin1', address, address + length);
	}

	get length(): number {
		return this.end - this.start;
	}

	/** All that was read since `begin`, as long as there was room for it. */
	get whole(): Uint8Array {
		return this.bytes.subarray(this.#block + PADDING_BYTES, this.end);
	}

	/** Begins a source at the given offset: nothing has been read. */
	begin(byteOffset: number): void {
		this.start = this.#block + PADDING_BYTES;
		this.end = this.start;
		this.#offsetOfAddress = byteOffset - this.start;
	}

	/** What is added to an address to get the offset in the source. */
	get offsetOfAddress(): number {
		return this.#offsetOfAddress;
	}

	offsetOf(address: number): number {
		return address + this.#offsetOfAddress;
	}

	/** Memory for this number of bytes to be read into; `extend` says how many were. */
	space(bytes: number): Uint8Array {
		this.#makeRoom(bytes);
		// One from before the memory has grown is empty now.
		if (this.#spaceStart !== this.end || this.#space.length !== bytes) {
			this.#space = this.bytes.subarray(this.end, this.end + bytes);
			this.#spaceStart = this.end;
		}
		return this.#space;
	}

	extend(bytes: number): void {
		this.end += bytes;
	}

	#makeRoom(bytes: number): void {
		const {length} = this;
		const isRoomy = this.end + bytes + PADDING_BYTES <= this.#block + this.#blockBytes;
		if (isRoomy) return;
		const neededBytes = length + bytes + 2 * PADDING_BYTES;
		if (neededBytes <= this.#blockBytes) {
			this.#moveTo(this.#block);
			return;
		}
		const old = {block: this.#block, bytes: this.#blockBytes};
		// The kernel's blocks are powers of two: all of one is used.
		this.#blockBytes = 2 ** Math.ceil(Math.log2(neededBytes));
		const block = this.#kernel.allocate(this.#blockBytes);
		this.#moveTo(block);
		if (old.bytes > 0) this.#kernel.release(old.block, old.bytes);
	}

	#moveTo(block: number): void {
		const target = block + PADDING_BYTES;
		this.bytes.copyWithin(target, this.start, this.end);
		this.#offsetOfAddress += this.start - target;
		this.end = target + this.length;
		this.start = target;
		this.#block = block;
	}
}
