// What a source that the kernel reads says of its encoding.
import type {Dialect} from '../../../input/dialect.ts';
import type {Header} from '../../../input/header.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import {evidenceOf, joinEvidence, noEvidence, placeNotUtf8, type TextEvidence} from '../../../input/text-evidence.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {KernelOutcome} from '../../../kernel/outcomes.ts';
import {type Heading, headingBytes} from './heading.ts';
import type {KernelPlaces} from './kernel-places.ts';

export class KernelEvidence {
	readonly #kernel: Kernel;
	readonly #places: KernelPlaces;
	/** Of the records. */
	#notUtf8: RecordPosition | null = null;

	constructor(kernel: Kernel, places: KernelPlaces) {
		this.#kernel = kernel;
		this.#places = places;
	}

	/** @param start - Where the heading begins, if nothing stands in front of its names. */
	ofHeader(dialect: Dialect, header: Header, start: number): TextEvidence {
		const {bytes, offsetOfAddress} = this.#kernel.input;
		const first = header.position.byteOffset - offsetOfAddress;
		return evidenceOf(bytes.subarray(first, start + headingBytes({dialect, header})), header.position);
	}

	/** The kernel begins with the records, maybe once more: what a first look at them has shown is not of those that are read. */
	beginRecords(): void {
		this.#notUtf8 = null;
	}

	/** @param consume - Lets the kernel take records. */
	watch(consume: () => KernelOutcome): KernelOutcome {
		const {input, line, isUtf8} = this.#kernel;
		const {start} = input;
		const outcome = consume();
		if (!isUtf8 || this.#kernel.isUtf8) return outcome;
		const taken = input.bytes.subarray(start, input.start);
		this.#notUtf8 = placeNotUtf8(taken, {line, byteOffset: input.offsetOf(start)});
		if (this.#notUtf8 !== null) this.#places.keep(this.#notUtf8);
		return outcome;
	}

	/** Of all that has been read. */
	behind(heading: Heading | null): TextEvidence {
		if (heading?.columns == null) return noEvidence;
		return joinEvidence(heading.textEvidence, {notUtf8: this.#notUtf8, hasUtf8: this.#kernel.hasUtf8()});
	}
}
