// The columns of one source or of several, by their names. Where a name stands several times in a header, its first column meets the
// first ones of other headers, its second the second ones.
import {createColumnFaults} from '../quality/column-faults.ts';
import {createTableFaults, mapTableFaults, mergeTableFaults, type TableFaults} from '../quality/table-faults.ts';
import {type TextEncoding, toUtf8From} from '../text-encoding.ts';
import {type ColumnCaps, type ColumnLimits, columnLimits, faultCapsOf} from './column-caps.ts';
import {type ColumnState, columnInUtf8, createColumn, limitColumn, mergeColumn} from './column-state.ts';

export interface NamedColumn {
	/** As the header has it, one character per byte. */
	readonly name: string;
	/** How many columns of this name stand in front of it. */
	readonly occurrence: number;
	/** Its place in the header, from 0; of several sources the smallest. */
	index: number;
	readonly state: ColumnState;
}

export interface Columns {
	readonly caps: ColumnCaps;
	readonly named: Map<string, NamedColumn>;
	/** `null` where faults are not looked for, in the columns neither. */
	readonly faults: TableFaults | null;
}

/**
@param hasFaults - Whether faults are looked for.
@param names - Of a header; without it, the identity of merging.
*/
export function createColumns(caps: ColumnCaps, hasFaults: boolean, names: readonly string[] = []): Columns {
	const limits = columnLimits(caps, names.length);
	const occurrences = new Map<string, number>();
	const faults = hasFaults ? createTableFaults(faultCapsOf(caps)) : null;
	const columns: Columns = {caps, named: new Map(), faults};
	for (const [index, name] of names.entries()) {
		const occurrence = occurrences.get(name) ?? 0;
		occurrences.set(name, occurrence + 1);
		addColumn(columns, {name, occurrence, index, state: createColumnOf(columns, limits)});
	}
	return columns;
}

/** A column without a cell. */
export const createColumnOf = ({faults}: Columns, limits: ColumnLimits): ColumnState =>
	createColumn(limits, faults === null ? null : createColumnFaults());

/** Of a column that is not there yet. */
export function addColumn({named}: Columns, column: NamedColumn): void {
	named.set(keyOf(column), column);
}

const keyOf = ({occurrence, name}: Pick<NamedColumn, 'occurrence' | 'name'>): string => `${occurrence} ${name}`;

/** By the smallest place in a header, then by name. */
export const inOrder = ({named}: Columns): readonly NamedColumn[] =>
	Array.from(named.values()).sort(
		(one, other) =>
			one.index - other.index ||
			(one.name < other.name ? -1 : one.name > other.name ? 1 : one.occurrence - other.occurrence),
	);

/** Merges `source` into `target`; `source` is left as it is. */
export function mergeColumns(target: Columns, source: Columns): void {
	const {named} = target;
	const newNames = Array.from(source.named).filter(([key]) => !named.has(key));
	const limits = columnLimits(target.caps, named.size + newNames.length);
	if (newNames.length > 0) for (const {state} of named.values()) limitColumn(state, limits);
	for (const [key, {name, occurrence, index}] of newNames)
		named.set(key, {name, occurrence, index, state: createColumnOf(target, limits)});
	for (const [key, {index, state}] of source.named) {
		const own = named.get(key);
		if (own === undefined) continue;
		own.index = Math.min(own.index, index);
		mergeColumn(own.state, state);
	}
	if (target.faults !== null && source.faults !== null) mergeTableFaults(target.faults, source.faults);
}

/** The same, where the source is not looked at any more: the first columns are taken over. */
export function absorbColumns(target: Columns, source: Columns): void {
	if (target.named.size > 0) {
		mergeColumns(target, source);
		return;
	}
	for (const column of source.named.values()) addColumn(target, column);
	if (target.faults !== null && source.faults !== null) mergeTableFaults(target.faults, source.faults);
}

/** Those of a source in another encoding in UTF-8; the ones that are given are left as they are. */
export function columnsInUtf8(source: Columns, encoding: TextEncoding): Columns {
	const toUtf8 = toUtf8From(encoding);
	const {caps, faults} = source;
	const target: Columns = {
		caps,
		named: new Map(),
		faults: faults === null ? null : mapTableFaults(faults, toUtf8),
	};
	for (const {name, state, ...others} of source.named.values())
		addColumn(target, {name: toUtf8(name), ...others, state: columnInUtf8(state, toUtf8)});
	return target;
}
