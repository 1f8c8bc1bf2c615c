// The rows of a table as JSON, each on one line where it fits.
import type {GroupMeasure, RowMeasure} from '../../analysis/declaration.ts';
import {FIRST_UNITS, type GroupShape, KEY, RECORDS, type RowFigures, type RowTable} from '../../analysis/file-rows.ts';
import {QUOTIENT_DECIMALS} from '../../analysis/finish.ts';
import type {StateLayout, TableLayout} from '../../analysis/state-layout.ts';
import type {Units} from '../../analysis/units.ts';
import type {Utf8Page} from '../../text/utf8-page.ts';
import type {GroupName, GroupNames} from './group-names.ts';
import {type Braces, type JsonStyle, listBraces, pieceOf, rowBraces} from './json-style.ts';
import {type RowOrder, rankRow, rowOrderOf} from './rank-row.ts';
import {MAX_NUMBER_BYTES, writeBytes, writeDecimal, writeInteger} from './write-bytes.ts';
import {numberOf} from './write-number.ts';

/** A table of one file. */
export interface ListedTable {
	readonly figures: RowFigures;
	readonly table: RowTable;
	readonly names: GroupNames;
	/** The places of the groups that it lists, in order. */
	readonly listed: readonly number[];
	/** The number of the key of the first one; -1 for none. */
	readonly firstKey: number;
}

/** A part of a row: a key of the group, or a measure. */
interface RowPart {
	/** Which key; -1 for a measure. */
	readonly key: number;
	/** Of a measure: `"amount": `. The keys of groups have theirs with them. */
	readonly name: string;
	readonly kind: RowMeasure['kind'];
	/** The place of its sum, and where its units and their count stand among the values of a group. */
	readonly sum: number;
	readonly unitsPlace: number;
	readonly countPlace: number;
	/** The place of the sum that a share is a part of. */
	readonly whole: number;
}

/** What stands around the parts of a row, and their names. */
interface RowForm {
	readonly isOnLine: boolean;
	readonly leads: readonly Uint8Array[];
	readonly last: Uint8Array;
	/** How many columns it would have less on one line than it has bytes. */
	readonly excess: number;
	/** Of a row without its keys and wide numbers. */
	readonly maxBytes: number;
}

export class RowTemplate {
	readonly #style: JsonStyle;
	readonly #shape: GroupShape;
	readonly #order: RowOrder;
	readonly #parts: readonly RowPart[];
	/** A row on one line, and one with a line for each part. */
	readonly #short: RowForm;
	readonly #long: RowForm;
	/** Of the last row: it is tried first. */
	#form: RowForm;
	readonly #onLines: BraceBytes;
	readonly #onOneLine: BraceBytes;

	constructor(measure: GroupMeasure, layout: StateLayout, table: TableLayout, shape: GroupShape, style: JsonStyle) {
		this.#style = style;
		this.#shape = shape;
		this.#order = rowOrderOf(measure, shape, table.sums);
		this.#parts = partsOf(measure, layout, table, shape, style);
		const onOneLine = rowBraces.onOneLine(style);
		this.#short = formOf(this.#parts, onOneLine, onOneLine);
		this.#long = formOf(this.#parts, rowBraces.onLines, onOneLine);
		this.#form = this.#short;
		this.#onLines = bytesOf(listBraces.onLines);
		this.#onOneLine = bytesOf(listBraces.onOneLine(style));
	}

	list(figures: RowFigures, table: RowTable, names: GroupNames): ListedTable {
		const listed = rankRow(table, names.ranks, this.#order);
		const [first] = listed;
		const firstKey = first === undefined ? -1 : (table.values[first * this.#shape.stride + KEY] ?? -1);
		return {figures, table, names, listed, firstKey};
	}

	/** Writes all rows. Returns the columns that they take on one line. */
	write(page: Utf8Page, list: ListedTable): number {
		const {lineColumns} = this.#style;
		if (lineColumns !== Number.POSITIVE_INFINITY && list.listed.length > 0) {
			const start = page.length;
			const columns = this.#writeRows(page, list, this.#onLines);
			if (listBraces.columns + columns > lineColumns) return columns;
			page.setLength(start);
		}
		return this.#writeRows(page, list, this.#onOneLine);
	}

	/** There are far more rows than all else, so their bytes are written to memory in one loop. */
	#writeRows(page: Utf8Page, list: ListedTable, {first, next, last}: BraceBytes): number {
		const {table, names, listed} = list;
		const wideBytes = table.wide.size === 0 ? 0 : this.#parts.length * MAX_WIDE_BYTES;
		const fixedBytes = first.length + next.length + this.#long.maxBytes + wideBytes;
		let columns = 0;
		for (let row = 0; row < listed.length; row++) {
			const from = (listed[row] ?? 0) * this.#shape.stride;
			const name = names.at(table.values[from + KEY] ?? -1);
			const target = page.room(fixedBytes + name.bytes);
			const start = writeBytes(target, page.length, row === 0 ? first : next);
			let form = this.#form;
			let end = this.#writeRow(target, start, form, list, from, name);
			let rowColumns = end - start - form.excess - name.excess;
			if (form.isOnLine !== rowBraces.columns + rowColumns <= this.#style.lineColumns) {
				form = form.isOnLine ? this.#long : this.#short;
				this.#form = form;
				end = this.#writeRow(target, start, form, list, from, name);
				rowColumns = end - start - form.excess - name.excess;
			}
			page.setLength(end);
			columns += rowColumns + 2;
		}
		if (listed.length === 0) page.addBytes(first);
		page.addBytes(last);
		return Math.max(columns, 2);
	}

	#writeRow(
		target: Uint8Array,
		start: number,
		form: RowForm,
		list: ListedTable,
		from: number,
		name: GroupName,
	): number {
		const {values} = list.table;
		const {leads, last} = form;
		let at = start;
		for (let index = 0; index < leads.length; index++) {
			at = writeBytes(target, at, leads[index] ?? nothing);
			const {key, kind} = this.#parts[index] ?? noPart;
			if (key !== -1) at = writeBytes(target, at, name.parts[key] ?? nothing);
			else if (kind === 'count') at = writeInteger(target, at, values[from + RECORDS] ?? 0);
			else at = this.#writeNumber(target, at, index, list, from);
		}
		return writeBytes(target, at, last);
	}

	#writeNumber(target: Uint8Array, at: number, index: number, list: ListedTable, from: number): number {
		const part = this.#parts[index] ?? noPart;
		const units = unitsOf(part, list, from);
		if (units === null) return writeBytes(target, at, nothing);
		return writeDecimal(
			target,
			at,
			units,
			part.kind === 'sum' ? (list.table.scales[part.sum] ?? 0) : QUOTIENT_DECIMALS,
		);
	}
}

/** @param from - Where the values of the group begin. */
function unitsOf(part: RowPart, {table, figures}: ListedTable, from: number): Units | null {
	const {kind, sum, unitsPlace, countPlace, whole} = part;
	if (kind === 'count') return null;
	const {values, wide, scales} = table;
	const at = from + unitsPlace;
	const units = wide.size === 0 ? (values[at] ?? 0) : (wide.get(at) ?? values[at] ?? 0);
	return numberOf(kind, units, scales[sum] ?? 0, values[from + countPlace] ?? 0, figures.sums[whole]);
}

function partsOf(
	measure: GroupMeasure,
	layout: StateLayout,
	table: TableLayout,
	{countPlaces}: GroupShape,
	{colon}: JsonStyle,
): RowPart[] {
	const parts: Record<string, RowPart> = {};
	for (const [key, {name}] of measure.keys.entries()) parts[name] = {...noPart, key};
	for (const [key, of] of Object.entries(measure.measures)) {
		const name = JSON.stringify(key) + colon;
		if (of.kind === 'count') parts[key] = {...noPart, name};
		else {
			const sum = table.sums.get(of.of) ?? 0;
			const places = {unitsPlace: FIRST_UNITS + sum, countPlace: countPlaces[sum] ?? RECORDS};
			parts[key] = {key: -1, name, kind: of.kind, sum, ...places, whole: layout.sums.get(of.of) ?? -1};
		}
	}
	// In the order that an object has.
	return Object.values(parts);
}

/** @param onOneLine - What stands around the parts there, by which columns are counted. */
function formOf(parts: readonly RowPart[], braces: Braces, onOneLine: Braces): RowForm {
	const before = ({first, next}: Braces, index: number): string => (index === 0 ? first : next);
	const leads = parts.map(({name}, index) => pieceOf(before(braces, index) + name));
	const last = pieceOf(braces.last).bytes;
	const bytes = leads.reduce((sum, lead) => sum + lead.bytes.length, last.length);
	const columns = parts.reduce(
		(sum, {name}, index) => sum + before(onOneLine, index).length + name.length,
		onOneLine.last.length,
	);
	return {
		isOnLine: braces === onOneLine,
		leads: leads.map(lead => lead.bytes),
		last,
		excess: bytes - columns,
		maxBytes: bytes + parts.length * MAX_NUMBER_BYTES,
	};
}

type BraceBytes = Readonly<Record<keyof Braces, Uint8Array>>;

const bytesOf = ({first, next, last}: Braces): BraceBytes => ({
	first: pieceOf(first).bytes,
	next: pieceOf(next).bytes,
	last: pieceOf(last).bytes,
});

const noPart: RowPart = {key: -1, name: '', kind: 'count', sum: 0, unitsPlace: 0, countPlace: RECORDS, whole: -1};
const nothing = pieceOf('null').bytes;
/** Of a decimal of any number of digits and decimals that can be read. */
const MAX_WIDE_BYTES = 1024;
