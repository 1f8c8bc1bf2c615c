// The same faults with other lines: a part of a file counts lines from where it begins, until it is known how many are in front of it.
import {addColumn, type Columns} from '../columns/columns.ts';
import type {ColumnFaults, FaultSketch} from './column-faults.ts';
import type {KeyCounts} from './key-counts.ts';
import type {CountedCells, Place} from './places.ts';
import type {TableFaults} from './table-faults.ts';

/** @returns On which line a place is; `null` where it is not known, and the place is left out. */
export type LineOf = (place: Place) => number | null;

/** @param sources - How many files they are of. @returns Columns that share all else with those that are given. */
export function mapLines(columns: Columns, sources: number, lineOf: LineOf): Columns {
	const {caps, faults} = columns;
	if (faults === null) return columns;
	const mapped: Columns = {caps, named: new Map(), faults: {...mapTable(faults, lineOf), sources}};
	for (const {state, ...named} of columns.named.values())
		addColumn(mapped, {
			...named,
			state: {...state, faults: state.faults === null ? null : mapColumn(state.faults, lineOf)},
		});
	return mapped;
}

const mapTable = ({ragged, notUtf8, records, ...others}: TableFaults, lineOf: LineOf): TableFaults => ({
	...others,
	ragged: mapCounted(ragged, lineOf),
	notUtf8: mapCounted(notUtf8, lineOf),
	records: mapKeys(records, lineOf),
});

const mapColumn = ({places, sketch, key}: ColumnFaults, lineOf: LineOf): ColumnFaults => ({
	places: places === null ? null : new Map(Array.from(places, ([cell, own]) => [cell, mapPlaces(own, lineOf)])),
	sketch: sketch === null ? null : mapSketch(sketch, lineOf),
	key: key === null ? null : mapKeys(key, lineOf),
});

const mapSketch = ({classes, blanks, forms, lowest, highest}: FaultSketch, lineOf: LineOf): FaultSketch => ({
	classes: classes.map(cells => mapPlaces(cells, lineOf)),
	blanks: mapCounted(blanks, lineOf),
	forms: forms.map(counted => mapCounted(counted, lineOf)),
	lowest: lowest === null ? null : mapPlace(lowest, lineOf),
	highest: highest === null ? null : mapPlace(highest, lineOf),
});

const mapCounted = ({count, first}: CountedCells, lineOf: LineOf): CountedCells => ({
	count,
	first: mapPlaces(first, lineOf),
});

const mapKeys = ({sample, ...others}: KeyCounts, lineOf: LineOf): KeyCounts => ({
	...others,
	sample: {
		limit: sample.limit,
		keys: new Map(Array.from(sample.keys, ([key, known]) => [key, {...known, first: mapPlaces(known.first, lineOf)}])),
	},
});

const mapPlaces = <At extends Place>(places: readonly At[], lineOf: LineOf): At[] =>
	places.flatMap(place => mapPlace(place, lineOf) ?? []);

function mapPlace<At extends Place>(place: At, lineOf: LineOf): At | null {
	const line = lineOf(place);
	return line === null ? null : {...place, line};
}
