// What is known of the parts of a file that several workers read, and what follows from that: facts go in, decisions come out, as in
// coordination.ts, so that a simulation can play it.

/** What became of a part. */
export type PartEnd<Failure> =
	| {readonly type: 'read'}
	/** The file is not one for ranges, or the part does not fit to the others: they may be of two states of the file. */
	| {readonly type: 'does-not-fit'}
	| {readonly type: 'failed'; readonly failure: Failure};

export type EndOfParts<Failure> =
	| {readonly type: 'all-read'}
	/** One worker must read the file from its beginning. */
	| {readonly type: 'read-alone'}
	| {readonly type: 'failed'; readonly failure: Failure}
	/** Some were never sent. */
	| {readonly type: 'unsent'};

export class FileParts<Failure> {
	readonly #count: number;
	readonly #read = new Set<number>();
	#fits = true;
	/** The one that is furthest in front of those that failed. */
	#failed: {readonly place: number; readonly failure: Failure} | null = null;

	constructor(count: number) {
		this.#count = count;
	}

	/** @returns Of those up to `sentCount`, which are not needed any more; whatever becomes of them is not to be told. */
	ended(place: number, end: PartEnd<Failure>, sentCount: number): readonly number[] {
		const sent = Array.from({length: sentCount}, (_, index) => index);
		// Those in front of it, too, were given up when it was found not to be for ranges.
		if (!this.#fits) return [];
		if (end.type === 'read') {
			this.#read.add(place);
			return [];
		}
		if (end.type === 'does-not-fit') {
			this.#fits = false;
			return sent.filter(other => other !== place && !this.#read.has(other));
		}
		// What is in front counts: one reader would not have come as far as what is behind it.
		if (this.#failed !== null && this.#failed.place < place) return [];
		this.#failed = {place, failure: end.failure};
		return sent.filter(other => other > place && !this.#read.has(other));
	}

	/** Whether it is still to be read. */
	wants(place: number): boolean {
		return this.#fits && !this.#read.has(place) && (this.#failed === null || place < this.#failed.place);
	}

	/** Whether the parts are worth anything. */
	get fits(): boolean {
		return this.#fits;
	}

	/** When all that were sent have ended. */
	get end(): EndOfParts<Failure> {
		if (!this.#fits) return {type: 'read-alone'};
		if (this.#failed !== null) return {type: 'failed', failure: this.#failed.failure};
		return {type: this.#read.size === this.#count ? 'all-read' : 'unsent'};
	}
}
