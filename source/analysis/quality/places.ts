// Where something is in a file, and the first few of such places.

/** Of a record. */
export interface Place {
	/** Physical line, 1-based. */
	readonly line: number;
	readonly byteOffset: number;
}

/** Gives the byte of the file where a byte of its text stands, if readers are given it in another encoding. */
export type ToFileOffset = (byteOffset: number) => number;

export interface PlacedCell extends Place {
	/** One character per byte, cut behind `MAX_PLACED_BYTES`. */
	readonly text: string;
}

/** Cells, or records, and the first of them. */
export interface CountedCells {
	count: number;
	readonly first: PlacedCell[];
}

export const MAX_PLACES = 3;
export const MAX_PLACED_BYTES = 256;

export const createCounted = (): CountedCells => ({count: 0, first: []});

export const placeCell = ({line, byteOffset}: Place, text: string): PlacedCell => ({
	line,
	byteOffset,
	text: text.length > MAX_PLACED_BYTES ? text.slice(0, MAX_PLACED_BYTES) : text,
});

/** By the byte offset: of a part of a file, nobody knows the lines in front of it. */
export const comparePlaces = (one: Place, other: Place): number =>
	one.byteOffset - other.byteOffset || one.line - other.line;

export const comparePlacedCells = (one: PlacedCell, other: PlacedCell): number =>
	comparePlaces(one, other) || (one.text < other.text ? -1 : one.text > other.text ? 1 : 0);

/** Whether a list has all places that it keeps, and each is in front of this one: mostly they come in order. */
export const isFull = (first: readonly Place[], {byteOffset}: Place): boolean =>
	first.length === MAX_PLACES && (first[MAX_PLACES - 1]?.byteOffset ?? 0) < byteOffset;

/** Adds to a list in order, which keeps the first ones. */
export function keepFirst<Item>(
	first: Item[],
	item: Item,
	compare: (one: Item, other: Item) => number,
	limit = MAX_PLACES,
): void {
	let at = first.length;
	while (at > 0) {
		const before = first[at - 1];
		if (before === undefined || compare(before, item) <= 0) break;
		at--;
	}
	if (at === limit) return;
	first.splice(at, 0, item);
	if (first.length > limit) first.pop();
}

/** @param places - The first of those where the cell is. */
export function addCounted(target: CountedCells, text: string, count: number, places: readonly Place[]): void {
	target.count += count;
	for (const place of places)
		if (!isFull(target.first, place)) keepFirst(target.first, placeCell(place, text), comparePlacedCells);
}

export function mergeCounted(target: CountedCells, source: CountedCells): void {
	target.count += source.count;
	for (const cell of source.first) keepFirst(target.first, cell, comparePlacedCells);
}

/** The first of several lists. */
export function joinFirst(lists: Iterable<readonly PlacedCell[]>): readonly PlacedCell[] {
	const first: PlacedCell[] = [];
	for (const list of lists) for (const cell of list) keepFirst(first, cell, comparePlacedCells);
	return first;
}

export const mapPlaced = (cells: readonly PlacedCell[], toText: (text: string) => string): PlacedCell[] =>
	cells.map(cell => ({...cell, text: toText(cell.text)})).sort(comparePlacedCells);

export const mapCounted = ({count, first}: CountedCells, toText: (text: string) => string): CountedCells => ({
	count,
	first: mapPlaced(first, toText),
});
