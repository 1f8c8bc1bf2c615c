// What the kernel finds of the faults of a table beside those of its columns (assembly/columns/table-faults.ts): the host keeps the first
// records of each kind, and the samples of keys.
import type {KeyCaps} from '../analysis/columns/column-caps.ts';
import {faultCapsOf} from '../analysis/columns/column-caps.ts';
import {distinctOfFigures} from '../analysis/distinct.ts';
import type {ColumnsProgram} from '../analysis/program.ts';
import {addSampledKey, createKeyCounts, type KeyCounts, settleKeys} from '../analysis/quality/key-counts.ts';
import type {Place, ToFileOffset} from '../analysis/quality/places.ts';
import {keyOfCell} from '../analysis/quality/record-key.ts';
import {
	addNotUtf8,
	addRagged,
	createTableFaults,
	describeRecord,
	type TableFaults,
} from '../analysis/quality/table-faults.ts';
import type {KernelExports} from './exports.ts';
import {rejectReasons} from './rejects.ts';
import {readSet, SET_WORDS} from './sets.ts';
import {eachValue} from './value-counts.ts';

/** As in assembly/columns/key-counts.ts. */
const OF_RECORDS = 0;
const OF_CELLS = 1;

export interface FoundFaults {
	readonly table: TableFaults;
	/** Of the column that is a key, if one is. */
	readonly cells: KeyCounts;
}

export class KernelTableFaults {
	readonly #kernel: KernelExports;
	readonly #analysis: number;
	readonly #program: ColumnsProgram;
	readonly #keyCaps: KeyCaps;
	#table: TableFaults;
	#toFileOffset: ToFileOffset | null = null;
	#cells: KeyCounts;

	/** @param analysis - Its number in the program. */
	constructor(kernel: KernelExports, analysis: number, program: ColumnsProgram) {
		this.#kernel = kernel;
		this.#analysis = analysis;
		this.#program = program;
		const caps = faultCapsOf(program.caps);
		this.#keyCaps = caps.keys;
		this.#table = createTableFaults(caps);
		this.#cells = createKeyCounts(caps.keys);
	}

	/** Begins a source: nothing has been read. @param toFileOffset - See `ColumnRecords`. */
	clear(toFileOffset: ToFileOffset | null): void {
		this.#toFileOffset = toFileOffset;
		this.#table = createTableFaults(faultCapsOf(this.#program.caps));
		this.#table.sources = 1;
		this.#cells = createKeyCounts(this.#keyCaps);
	}

	/** Says that another reading has had the beginning of the source. */
	goOn(): void {
		this.#table.sources = 0;
	}

	/** Adds one of the first records whose structure is wrong. @param value - The field with text behind its quote. */
	takeRagged(reason: number, fieldCount: number, value: string, place: Place): void {
		const name = rejectReasons[reason] ?? 'quote';
		const found = describeRecord(name, fieldCount, this.#program.names.length) ?? value;
		const {line, byteOffset} = place;
		addRagged(this.#table, found, {line, byteOffset: this.#toFileOffset?.(byteOffset) ?? byteOffset});
	}

	/** Adds a record that is not UTF-8. @param cell - The first one that is not. */
	takeNotUtf8(cell: string, place: Place): void {
		addNotUtf8(this.#table, cell, place);
	}

	/** Adds the sampled keys that the kernel has; it forgets them afterwards. @returns Keys with this hash or a larger one are not sampled. */
	takeKeys(kind: number): number {
		const keys = kind === OF_RECORDS ? this.#table.records : this.#cells;
		const at = this.#kernel.sampledKeysOf(this.#analysis, kind);
		eachValue(this.#kernel.memory.buffer, at, (value, count, places) => {
			if (kind === OF_RECORDS) addSampledKey(keys, value, '', count, places);
			else addSampledKey(keys, keyOfCell(value), value, count, places);
		});
		settleKeys(keys.sample, keys.caps);
		return keys.sample.limit;
	}

	/** What the records came to so far. It is good until more are read. */
	read(): FoundFaults {
		const table = this.#table;
		return {
			table: {
				...table,
				ragged: {...table.ragged, count: this.#kernel.countStructural()},
				records: this.#readKeys(OF_RECORDS, table.records),
			},
			cells: this.#readKeys(OF_CELLS, this.#cells),
		};
	}

	#readKeys(kind: number, {caps, sample}: KeyCounts): KeyCounts {
		const kernel = this.#kernel;
		kernel.giveKeys(this.#analysis, kind);
		const words = new Uint32Array(kernel.memory.buffer, kernel.describeKeys(this.#analysis, kind), SET_WORDS);
		const values = distinctOfFigures(readSet(kernel, Array.from(words)), caps);
		return {caps, count: kernel.countKeys(this.#analysis, kind), values, sample};
	}
}
