import type {SourcePlaces} from './source-places.ts';

/** Where records stand in a source that were written anew. */
export class PlaceMap implements SourcePlaces {
	/** Each pair is where a record was written, and where it stands in the source; only where these drift apart. */
	#written: number[] = [0];
	#read: number[] = [0];
	readonly #kept = new Map<number, number>();

	add(written: number, read: number): void {
		const last = this.#written.length - 1;
		if (read - written === (this.#read[last] ?? 0) - (this.#written[last] ?? 0)) return;
		this.#written.push(written);
		this.#read.push(read);
	}

	readonly fileOffsetOf = (place: number): number => {
		const kept = this.#kept.get(place);
		if (kept !== undefined) return kept;
		let low = 0;
		let high = this.#written.length - 1;
		while (low < high) {
			const middle = Math.ceil((low + high) / 2);
			if ((this.#written[middle] ?? 0) <= place) low = middle;
			else high = middle - 1;
		}
		return (this.#read[low] ?? 0) + place - (this.#written[low] ?? 0);
	};

	readonly keep = (place: number): void => {
		this.#kept.set(place, this.fileOffsetOf(place));
	};

	readonly settle = (place: number): void => {
		const first = this.#written.findLastIndex(written => written <= place);
		// Each time some are left out, the rest is moved.
		if (first < 1000) return;
		this.#written = this.#written.slice(first);
		this.#read = this.#read.slice(first);
	};
}
