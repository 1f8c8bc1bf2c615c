// What is kept of a column beside its values, to find faults: where cells are. A function of the cells and of the places of their records,
// as all that is kept of columns.
//
// As long as the different cells are counted one by one, the first places of each are kept, and all faults are found at the end. Beyond the
// caps they are poured, cell by cell, into what is known of a cell by itself: its class, blanks at its ends, its form.
import {type Cell, type CellClass, cellClasses, readCell} from '../columns/cell.ts';
import {type CellForm, cellForms, formOf} from './cell-forms.ts';
import {createKeyCounts, type KeyCounts, mapKeyCounts, mergeKeyCounts} from './key-counts.ts';
import {
	addCounted,
	type CountedCells,
	comparePlacedCells,
	comparePlaces,
	createCounted,
	isFull,
	keepFirst,
	mapCounted,
	mapPlaced,
	mergeCounted,
	type Place,
	type PlacedCell,
	placeCell,
} from './places.ts';

export interface ColumnFaults {
	/** Where each cell is first, by the cell as it is written; `null` once they are poured. */
	places: Map<string, Place[]> | null;
	/** `null` as long as `places` has all. */
	sketch: FaultSketch | null;
	/** Of the column whose values should be different ones. */
	key: KeyCounts | null;
}

export interface FaultSketch {
	/** The first cells of each class, in the order of `cellClasses`. */
	readonly classes: readonly PlacedCell[][];
	/** Cells with a value that have a blank at an end. */
	readonly blanks: CountedCells;
	/** In the order of `cellForms`. */
	readonly forms: readonly CountedCells[];
	/** The smallest number and the largest one, where they are first. */
	lowest: PlacedNumber | null;
	highest: PlacedNumber | null;
}

/** Its text has no blanks at its ends. */
export interface PlacedNumber extends PlacedCell {
	/** The double nearest to it. */
	readonly nearest: number;
}

export const createColumnFaults = (): ColumnFaults => ({places: new Map(), sketch: null, key: null});

export const createFaultSketch = (): FaultSketch => ({
	classes: cellClasses.map(() => []),
	blanks: createCounted(),
	forms: cellForms.map(createCounted),
	lowest: null,
	highest: null,
});

/** Adds places to a cell that is counted by itself. */
export function addPlaces(places: Map<string, Place[]>, cell: string, more: readonly Place[]): void {
	let own = places.get(cell);
	if (own === undefined) {
		own = [];
		places.set(cell, own);
	}
	for (const place of more) if (!isFull(own, place)) keepFirst(own, place, comparePlaces);
}

/** Puts all cells into the sketch, which the column has from then on. */
export function pourFaults(faults: ColumnFaults, counts: ReadonlyMap<string, number>): void {
	const {places} = faults;
	if (places === null) return;
	faults.sketch ??= createFaultSketch();
	for (const [text, first] of places)
		addToFaultSketch(faults.sketch, readCell(text), text, counts.get(text) ?? 0, first);
	faults.places = null;
}

const BLANKS = /^[ \t]+|[ \t]+$/g;
export const trimBlanks = (text: string): string =>
	text.charCodeAt(0) > SPACE && text.charCodeAt(text.length - 1) > SPACE ? text : text.replace(BLANKS, '');
const SPACE = 0x20;

/** @param cell - What the text is. @param first - Where it is first. */
export function addToFaultSketch(
	sketch: FaultSketch,
	cell: Cell,
	text: string,
	count: number,
	first: readonly Place[],
): void {
	const ofClass = firstOfClass(sketch, cell.class);
	for (const place of first)
		if (!isFull(ofClass, place)) keepFirst(ofClass, placeCell(place, text), comparePlacedCells);
	if (cell.class === 'empty' || cell.class === 'null') return;
	const trimmed = trimBlanks(text);
	if (trimmed.length < text.length) addCounted(sketch.blanks, text, count, first);
	if ('nearest' in cell) addNumber(sketch, cell, trimmed, first);
	const form = cell.class === 'text' ? formOf(trimmed) : null;
	if (form !== null) addCounted(countedForm(sketch, form), text, count, first);
}

/** Whether the case of its letters may be another one. */
export const mayVary = ({class: cellClass}: Pick<Cell, 'class'>): boolean =>
	cellClass === 'text' || cellClass === 'boolean';

export const firstOfClass = ({classes}: FaultSketch, cellClass: CellClass): PlacedCell[] =>
	classes[cellClasses.indexOf(cellClass)] ?? [];

export const countedForm = ({forms}: FaultSketch, form: CellForm): CountedCells =>
	forms[cellForms.indexOf(form)] ?? createCounted();

/** Adds one of the first cells of a class. @returns Those that are known. */
export function addExample(
	sketch: FaultSketch,
	cellClass: CellClass,
	text: string,
	place: Place,
): readonly PlacedCell[] {
	const first = firstOfClass(sketch, cellClass);
	keepFirst(first, placeCell(place, text), comparePlacedCells);
	return first;
}

/** Adds a number that may be the smallest or the largest one. */
export function addExtreme(sketch: FaultSketch, text: string, place: Place): void {
	const cell = readCell(text);
	if ('nearest' in cell) addNumber(sketch, cell, trimBlanks(text), [place]);
}

function addNumber(sketch: FaultSketch, {nearest}: {nearest: number}, text: string, first: readonly Place[]): void {
	const {lowest, highest} = sketch;
	const isBetween = lowest !== null && highest !== null && nearest > lowest.nearest && nearest < highest.nearest;
	if (isBetween) return;
	for (const place of first) extendNumbers(sketch, {...placeCell(place, text), nearest});
}

function extendNumbers(sketch: FaultSketch, number: PlacedNumber): void {
	const {lowest, highest} = sketch;
	const isBefore = (other: PlacedNumber): boolean => comparePlacedCells(number, other) < 0;
	const {nearest} = number;
	if (lowest === null || nearest < lowest.nearest || (nearest === lowest.nearest && isBefore(lowest)))
		sketch.lowest = number;
	if (highest === null || nearest > highest.nearest || (nearest === highest.nearest && isBefore(highest)))
		sketch.highest = number;
}

/** Merges all but the places of cells that are counted one by one. `source` is left as it is. */
export function mergeFaults(target: ColumnFaults, source: ColumnFaults): void {
	if (source.key !== null) {
		target.key ??= createKeyCounts(source.key.caps);
		mergeKeyCounts(target.key, source.key);
	}
	if (source.sketch === null) return;
	target.sketch ??= createFaultSketch();
	mergeFaultSketch(target.sketch, source.sketch);
}

function mergeFaultSketch(target: FaultSketch, source: FaultSketch): void {
	for (const [index, cells] of source.classes.entries())
		for (const cell of cells) keepFirst(target.classes[index] ?? [], cell, comparePlacedCells);
	mergeCounted(target.blanks, source.blanks);
	for (const [index, counted] of source.forms.entries()) mergeCounted(target.forms[index] ?? createCounted(), counted);
	for (const number of [source.lowest, source.highest]) if (number !== null) extendNumbers(target, number);
}

/** The same of a source in Windows-1252 in UTF-8, without the places of cells that are counted one by one. */
export const mapFaults = ({sketch, key}: ColumnFaults, toText: (text: string) => string): ColumnFaults => ({
	places: new Map(),
	sketch: sketch === null ? null : mapFaultSketch(sketch, toText),
	key: key === null ? null : mapKeyCounts(key, toText),
});

const mapFaultSketch = (source: FaultSketch, toText: (text: string) => string): FaultSketch => ({
	classes: source.classes.map(cells => mapPlaced(cells, toText)),
	blanks: mapCounted(source.blanks, toText),
	forms: source.forms.map(counted => mapCounted(counted, toText)),
	lowest: source.lowest,
	highest: source.highest,
});
