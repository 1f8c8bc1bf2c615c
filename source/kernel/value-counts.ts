// Reads a table of assembly/columns/value-counts.ts: values, how many cells have each, and where the first of them are, if that is kept.
import type {Place} from '../analysis/quality/places.ts';

const VALUE_BYTES = 32;
const LONG_KEY_TAG = 0xff;
const MAX_PLACES = 3;
const PLACE_BYTES = 16;

/** A call for each value: lists of thousands of small files would be much garbage. */
export type TakeValue = (value: string, cells: number, places: readonly Place[]) => void;

const noPlaces: readonly Place[] = [];

/** @param at - The address of the table in the memory of the kernel. */
export function eachValue(memory: ArrayBuffer, at: number, take: TakeValue): void {
	const view = new DataView(memory);
	const bytes = Buffer.from(memory);
	const word = (address: number): number => view.getUint32(address, true);
	const count = (address: number): number => word(address) + word(address + 4) * 2 ** 32;
	const [table, texts, places] = [word(at), word(at + 16), word(at + 36)];
	const placeAt = (place: number): Place => ({line: count(place + 8), byteOffset: count(place)});
	const placesOf = (number: number, cells: number): readonly Place[] => {
		if (number === 0) return noPlaces;
		const first = places + (number - 1) * MAX_PLACES * PLACE_BYTES;
		const found = [placeAt(first)];
		for (let place = 1; place < cells && place < MAX_PLACES; place++) found.push(placeAt(first + place * PLACE_BYTES));
		return found;
	};
	const end = table + VALUE_BYTES * 2 ** word(at + 8);
	for (let slot = table; slot < end; slot += VALUE_BYTES) {
		const tag = bytes[slot + 15] ?? 0;
		if (tag === 0) continue;
		const isLong = tag === LONG_KEY_TAG;
		const length = isLong ? word(slot + 12) & 0xff_ffff : tag - 1;
		const start = isLong ? texts + word(slot + 8) : slot;
		const cells = count(slot + 16);
		take(bytes.toString('latin1', start, start + length), cells, placesOf(word(slot + 24), cells));
	}
}
