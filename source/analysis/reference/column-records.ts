// What the cells of a source come to, one record after the other: of each column, and of faults, where they are looked for.
import {isNull} from '../columns/cell.ts';
import {faultCapsOf} from '../columns/column-caps.ts';
import {addCell, type ColumnState, sampleCell} from '../columns/column-state.ts';
import {type Columns, createColumns, inOrder} from '../columns/columns.ts';
import {noteCells, rewriteCell} from '../forms/cell-evidence.ts';
import type {ColumnEvidence, MutableEvidence} from '../forms/evidence.ts';
import {type Forms, plainForms} from '../forms/forms.ts';
import {withClasses} from '../forms/with-classes.ts';
import {hashPosition, type SampleSeed} from '../position-sample.ts';
import type {ColumnsProgram} from '../program.ts';
import {addKey, createKeyCounts, type KeyCounts} from '../quality/key-counts.ts';
import type {Place, ToFileOffset} from '../quality/places.ts';
import {keyOfCell} from '../quality/record-key.ts';
import {addRagged, addRecord} from '../quality/table-faults.ts';

export class ColumnRecords {
	/** What the records came to so far. */
	readonly columns: Columns;
	readonly #states: readonly ColumnState[];
	readonly #delimiter: string;
	readonly #key: number | null;
	readonly #keyCounts: KeyCounts | null;
	readonly #toFileOffset: ToFileOffset | null;
	readonly #forms: Forms;
	/** What the cells of each column show of its form. */
	readonly #shown: readonly MutableEvidence[];

	/**
	@param program - The columns are those of one source.
	@param toFileOffset - Maps places for reports; `null` if they are places of the source already.
	*/
	constructor(
		{caps, names, faults}: ColumnsProgram,
		toFileOffset: ToFileOffset | null = null,
		forms: Forms = plainForms,
	) {
		this.#forms = forms;
		this.#shown = names.map(() => ({}));
		this.#toFileOffset = toFileOffset;
		this.columns = createColumns(caps, faults !== undefined, names);
		this.#states = inOrder(this.columns).map(({state}) => state);
		this.#delimiter = faults?.delimiter ?? ',';
		this.#key = faults?.key ?? null;
		const ofKey = this.#key === null ? null : (this.#states[this.#key]?.faults ?? null);
		this.#keyCounts = ofKey === null ? null : createKeyCounts(faultCapsOf(caps).keys);
		if (ofKey !== null) ofKey.key = this.#keyCounts;
		if (this.columns.faults !== null) this.columns.faults.sources = 1;
	}

	/**
	Adds all cells of a record that is as the header says.

	@param fields - Quotes removed, one character per byte.
	@param at - Where the record begins.
	*/
	add(fields: readonly string[], seed: SampleSeed, at: Place): void {
		const hash = hashPosition(seed, at.byteOffset);
		const {faults} = this.columns;
		const place = this.#told(at);
		if (faults !== null) addRecord(faults, fields, this.#delimiter, place);
		const places = [place];
		for (const [index, column] of this.#states.entries()) {
			const written = fields[index] ?? '';
			const cell = this.#readCell(index, written);
			addCell(column, cell, 1, places, written.length);
			if (hash < column.sample.limit) sampleCell(column, hash, cell);
		}
		if (this.#key === null || this.#keyCounts === null) return;
		const cell = fields[this.#key] ?? '';
		if (!isNull(cell)) addKey(this.#keyCounts, keyOfCell(cell), cell, place);
	}

	/** A cell in the plain form; what it shows is noted. */
	#readCell(column: number, cell: string): string {
		const shown = this.#shown[column] ?? {};
		const form = this.#forms.get(column)?.cells;
		if (form !== undefined) return rewriteCell(form, cell, shown);
		noteCells(shown, cell, 1);
		return cell;
	}

	/** What the cells of each column show of its form. */
	get evidence(): readonly ColumnEvidence[] {
		return this.#states.map((state, column) =>
			withClasses({column, kind: 'cells', records: 0, shown: structuredClone(this.#shown[column] ?? {})}, () => state),
		);
	}

	/** Adds a record that is not as the header says. @param found - What is wrong with it. */
	addRagged(found: string, place: Place): void {
		const {faults} = this.columns;
		if (faults !== null) addRagged(faults, found, this.#told(place));
	}

	#told(place: Place): Place {
		if (this.#toFileOffset === null || this.columns.faults === null) return place;
		return {line: place.line, byteOffset: this.#toFileOffset(place.byteOffset)};
	}
}
