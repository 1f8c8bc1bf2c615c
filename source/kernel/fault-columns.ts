// Columns in which faults are looked for: the kernel gives all cells of each record, which are kept here.
import type {Columns} from '../analysis/columns/columns.ts';
import type {SampleSeed} from '../analysis/position-sample.ts';
import type {ColumnsProgram} from '../analysis/program.ts';
import type {ToFileOffset} from '../analysis/quality/places.ts';
import {describeFieldCount, type TableFaults} from '../analysis/quality/table-faults.ts';
import {ColumnRecords} from '../analysis/reference/column-records.ts';
import type {KernelExports} from './exports.ts';

/** As in assembly/columns/host-cells.ts. */
const HEAD_BYTES = 16;
/** As in assembly/rejects.ts. */
const FIELD_COUNT = 0;
const noSeed: SampleSeed = {high: 0, low: 0};

export class KernelFaultColumns {
	readonly #kernel: KernelExports;
	readonly #program: ColumnsProgram;
	#records: ColumnRecords;
	#seed = noSeed;

	constructor(kernel: KernelExports, program: ColumnsProgram) {
		this.#kernel = kernel;
		this.#program = program;
		this.#records = new ColumnRecords(program);
	}

	/** Begins a source: nothing has been read. @param toFileOffset - See `ColumnRecords`. */
	clear(seed: SampleSeed | null, toFileOffset: ToFileOffset | null): void {
		this.#seed = seed ?? noSeed;
		this.#records = new ColumnRecords(this.#program, toFileOffset);
	}

	/** Says that another reading has had the beginning of the source. */
	goOn(): void {
		const {faults} = this.#records.columns;
		if (faults !== null) faults.sources = 0;
	}

	/** Adds records; see assembly/columns/host-cells.ts. */
	takeCells(rows: number, count: number, texts: number): void {
		const {buffer} = this.#kernel.memory;
		const view = new DataView(buffer);
		const bytes = Buffer.from(buffer);
		const {length} = this.#program.names;
		const fields: string[] = Array.from({length}, () => '');
		let row = rows;
		let start = texts;
		for (let record = 0; record < count; record++) {
			const byteOffset = Number(view.getBigInt64(row, true));
			const line = Number(view.getBigUint64(row + 8, true));
			row += HEAD_BYTES;
			for (let column = 0; column < length; column++, row += 4) {
				const end = texts + view.getUint32(row, true);
				fields[column] = bytes.toString('latin1', start, end);
				start = end;
			}
			this.#records.add(fields, this.#seed, {line, byteOffset});
		}
	}

	/** Adds one of the first records whose structure is wrong. @param value - The field with text behind its quote. */
	takeRagged(reason: number, fieldCount: number, value: string, line: number, byteOffset: number): void {
		const found = reason === FIELD_COUNT ? describeFieldCount(fieldCount, this.#program.names.length) : value;
		this.#records.addRagged(found, {line, byteOffset});
	}

	/** What the records came to so far. It is good until more are read. */
	read(): Columns {
		const {columns} = this.#records;
		const faults: TableFaults | null = columns.faults;
		if (faults !== null) faults.ragged.count = this.#kernel.countStructural();
		return columns;
	}
}
