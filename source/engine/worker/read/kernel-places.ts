// Where things are that the kernel tells of, in a source that is not the file as it is.
import {PhysicalLines} from '../../../input/physical-lines.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {FoldPulse} from './fold.ts';

export class KernelPlaces {
	readonly #kernel: Kernel;
	readonly #pulse: FoldPulse;
	#keptRejects = 0;

	constructor(kernel: Kernel, pulse: FoldPulse) {
		this.#kernel = kernel;
		this.#pulse = pulse;
	}

	keep({byteOffset}: Pick<RecordPosition, 'byteOffset'>): void {
		this.#pulse.places?.()?.keep(byteOffset);
	}

	/** To be called when the kernel has taken records: keeps the places of rejects, and settles those of the others. */
	note(): void {
		const places = this.#pulse.places?.() ?? null;
		if (places === null) return;
		const {rejectedRows, input} = this.#kernel;
		if (rejectedRows !== this.#keptRejects)
			for (const {byteOffset} of this.#kernel.readRejects()) places.keep(byteOffset);
		this.#keptRejects = rejectedRows;
		places.settle(input.offsetOf(input.start));
	}
}

/** @param line - The one at the beginning of the input. */
export function lineBehind({bytes, start, end}: Kernel['input'], line: number): number {
	const lines = new PhysicalLines();
	lines.add(bytes.subarray(start, end));
	return line + lines.endCount;
}
