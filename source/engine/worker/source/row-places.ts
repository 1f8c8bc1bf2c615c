// Where rows that are given out begin in the file that they were made of.
import type {SourcePlaces} from '../../../input/source-places.ts';

/** A place within a row is told as the beginning of the row. */
export class RowPlaces implements SourcePlaces {
	readonly #places: number[] = [];
	readonly #fileOffsets: number[] = [];
	readonly #kept = new Map<number, number>();

	add(place: number, fileOffset: number): void {
		this.#places.push(place);
		this.#fileOffsets.push(fileOffset);
	}

	readonly keep = (place: number): void => {
		this.#kept.set(place, this.fileOffsetOf(place));
	};

	readonly settle = (place: number): void => {
		const row = this.#rowAt(place);
		if (row <= 0) return;
		this.#places.splice(0, row);
		this.#fileOffsets.splice(0, row);
	};

	readonly fileOffsetOf = (place: number): number => {
		const offset = this.#kept.get(place) ?? this.#fileOffsets[this.#rowAt(place)];
		if (offset === undefined) throw new Error(`Expected a place that is not settled, found ${place}`);
		return offset;
	};

	/** The last row that begins at the place or in front of it; -1 for none. */
	#rowAt(place: number): number {
		let [low, high] = [0, this.#places.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#places[middle] ?? 0) <= place) low = middle + 1;
			else high = middle;
		}
		return low - 1;
	}
}
