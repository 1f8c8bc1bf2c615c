// What is kept of the records of a table to find faults, beside its columns.
import {isUtf8} from 'node:buffer';
import type {RejectReason} from '../../model/report.ts';
import type {FaultCaps} from '../columns/column-caps.ts';
import {addKey, createKeyCounts, type KeyCounts, mapKeyCounts, mergeKeyCounts} from './key-counts.ts';
import {addCounted, type CountedCells, createCounted, mapCounted, mergeCounted, type Place} from './places.ts';
import {keyOfRecord} from './record-key.ts';

export interface TableFaults {
	readonly caps: FaultCaps;
	/** How many files they are of: places say something of one alone. */
	sources: number;
	/** Records that are not as they must be: with other fields than the header has, text behind a quote, no values. Of these, what was found. */
	readonly ragged: CountedCells;
	/** Records that are not UTF-8, with the first such cell. */
	readonly notUtf8: CountedCells;
	readonly records: KeyCounts;
}

export const createTableFaults = (caps: FaultCaps): TableFaults => ({
	caps,
	sources: 0,
	ragged: createCounted(),
	notUtf8: createCounted(),
	records: createKeyCounts(caps.keys),
});

/**
What is wrong with a record as a whole; `null` where a cell is at fault.

@param count - Of its fields, or of its NUL bytes.
@param expected - The number of columns.
*/
export function describeRecord(reason: RejectReason, count: number, expected: number): string | null {
	const plural = count === 1 ? '' : 's';
	if (reason === 'field-count') return `${count} field${plural}, expected ${expected}`;
	if (reason === 'padding') return `${count} empty fields, expected values`;
	if (reason === 'repeated-header') return 'the header again, expected values';
	return reason === 'nul-byte' ? `${count} NUL byte${plural}, expected text` : null;
}

/** @param found - What is wrong with the record. */
export function addRagged({ragged}: TableFaults, found: string, place: Place): void {
	addCounted(ragged, found, 1, [place]);
}

/** @param fields - Of a record that is as the header says, one character per byte. @param delimiter - Of its file. */
export function addRecord(faults: TableFaults, fields: readonly string[], delimiter: string, place: Place): void {
	addKey(faults.records, keyOfRecord(fields, delimiter), '', place);
	const wrong = fields.find(isNotUtf8);
	if (wrong !== undefined) addNotUtf8(faults, wrong, place);
}

/** @param cell - The first one of the record that is not UTF-8. */
export function addNotUtf8({notUtf8}: TableFaults, cell: string, place: Place): void {
	addCounted(notUtf8, cell, 1, [place]);
}

const ASCII = /^[\u0000-\u007f]*$/;
const isNotUtf8 = (field: string): boolean => !ASCII.test(field) && !isUtf8(Buffer.from(field, 'latin1'));

/** Merges `source` into `target`; `source` is left as it is. */
export function mergeTableFaults(target: TableFaults, source: TableFaults): void {
	target.sources += source.sources;
	mergeCounted(target.ragged, source.ragged);
	mergeCounted(target.notUtf8, source.notUtf8);
	mergeKeyCounts(target.records, source.records);
}

export const mapTableFaults = (
	{caps, sources, ragged, notUtf8, records}: TableFaults,
	toText: (text: string) => string,
): TableFaults => ({
	caps,
	sources,
	ragged: mapCounted(ragged, toText),
	notUtf8: mapCounted(notUtf8, toText),
	records: mapKeyCounts(records, toText),
});
