// Rejected records of a reading with the kernel, on their way to the spool.
import type {SourcePlaces} from '../../../input/source-places.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {FoldedFile, ReadSettings} from '../../shared/protocol.ts';
import {ENTRY_BYTES, type RangedSpool, type SpooledHeading, type SpooledPart} from '../../shared/spooled-rejects.ts';
import type {FoldPulse} from './fold.ts';
import type {Heading} from './heading.ts';
import {type RejectSpool, rejectSpoolOf} from './reject-spool.ts';

export class KernelSpool {
	readonly #kernel: Kernel;
	readonly #pulse: FoldPulse;
	readonly #spool: RejectSpool | null;
	/** How many of the next bytes are of a record whose entry has come before. */
	#bytesOfRecord = 0;

	constructor(kernel: Kernel, {rejectSpool}: ReadSettings, pulse: FoldPulse) {
		this.#kernel = kernel;
		this.#pulse = pulse;
		this.#spool = rejectSpoolOf(rejectSpool);
	}

	/** To be called before the kernel begins a source. */
	begin(): void {
		this.#bytesOfRecord = 0;
		this.beginPart();
		this.#kernel.spoolRejects(this.#spool === null ? null : this.#add, this.#spool?.maxRecords ?? 0);
	}

	beginPart(): void {
		this.#spool?.begin();
	}

	/** What has been rejected since the part began; `null` where nobody wants it. @param firstLine - That counts as 0. */
	takePart(firstLine = 0): SpooledPart | null {
		return this.#spool?.take(0 - firstLine) ?? null;
	}

	/** All that a source has rejected. */
	takeAll(heading: Heading, encoding: SpooledHeading['encoding']): Pick<FoldedFile, 'spooled'> {
		const part = this.takePart();
		if (part === null || part.pieces.length === 0) return {};
		return {spooled: {...describeHeading(heading), encoding, parts: [part]}};
	}

	readonly #add = (bytes: Uint8Array): void => {
		const places = this.#pulse.places?.() ?? null;
		this.#spool?.add(places === null ? bytes : this.#inFile(bytes.slice(), places));
	};

	/** The same with the places of the file where the source is another text. */
	#inFile(bytes: Uint8Array, {fileOffsetOf}: SourcePlaces): Uint8Array {
		const view = new DataView(bytes.buffer);
		let at = Math.min(this.#bytesOfRecord, bytes.length);
		this.#bytesOfRecord -= at;
		while (at < bytes.length) {
			view.setFloat64(at + 8, fileOffsetOf(view.getFloat64(at + 8, true)), true);
			const end = at + ENTRY_BYTES + view.getUint32(at, true) + view.getUint32(at + 4, true);
			this.#bytesOfRecord = Math.max(0, end - bytes.length);
			at = Math.min(end, bytes.length);
		}
		return bytes;
	}
}

export const describeHeading = ({dialect, header, columns}: Heading): Omit<RangedSpool, 'ranges'> => ({
	names: header.names ?? [],
	delimiter: dialect.delimiter,
	quote: dialect.quote,
	analyses: columns?.readings == null ? null : columns.analyses,
});
