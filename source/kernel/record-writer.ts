// Records that count, as the kernel writes them for those who want them as a table: see assembly/record-writer.ts.
import type {KernelExports} from './exports.ts';

const WORD_BYTES = 4;

export class RecordWriter {
	readonly #kernel: KernelExports;
	#columns = {address: 0, bytes: 0};

	constructor(kernel: KernelExports) {
		this.#kernel = kernel;
	}

	/**
	Writes all records from here on, until `stop`.

	@param columns - The places of the columns to write, at least one; `null` for all.
	*/
	start(columns: readonly number[] | null): void {
		const kernel = this.#kernel;
		this.#release();
		if (columns !== null) {
			const bytes = WORD_BYTES * columns.length;
			this.#columns = {address: kernel.allocate(bytes), bytes};
			new Uint32Array(kernel.memory.buffer, this.#columns.address, columns.length).set(columns);
		}
		kernel.writeRecords(this.#columns.address, columns?.length ?? 0);
	}

	/** What was written since the last call: whole records. It is there until the kernel reads on. */
	take(): Uint8Array {
		const kernel = this.#kernel;
		const start = kernel.writtenStart();
		const bytes = new Uint8Array(kernel.memory.buffer, start, kernel.writtenEnd() - start);
		kernel.clearWritten();
		return bytes;
	}

	/** Gives up what was not taken. */
	stop(): void {
		this.#kernel.stopWriting();
		this.#kernel.clearWritten();
		this.#release();
	}

	#release(): void {
		const {address, bytes} = this.#columns;
		if (bytes > 0) this.#kernel.release(address, bytes);
		this.#columns = {address: 0, bytes: 0};
	}
}
