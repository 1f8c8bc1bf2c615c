// What the kernel keeps of the columns of an analysis, as states. A column whose values are counted is read as it is. Of any other one
// there is a state here, which gets what the loops of the kernel come to, and the cells that they cannot read.
import {cellClasses, daysSince1970, readCell} from '../analysis/columns/cell.ts';
import {sampleOfEntries} from '../analysis/columns/cell-sample.ts';
import {type ColumnLimits, columnLimits} from '../analysis/columns/column-caps.ts';
import {addCell, type ColumnState, createColumn, pour} from '../analysis/columns/column-state.ts';
import {addColumn, type Columns, createColumns, inOrder} from '../analysis/columns/columns.ts';
import {
	type ColumnSketch,
	createSketch,
	mergeSketch,
	type TextRange,
	type WrittenMoment,
} from '../analysis/columns/sketch.ts';
import type {ColumnsProgram} from '../analysis/program.ts';
import {ColumnMemory, type TextEnds} from './column-memory.ts';
import {ColumnSamples} from './column-samples.ts';
import type {KernelExports} from './exports.ts';

export class KernelColumns {
	readonly #kernel: KernelExports;
	readonly #analysis: number;
	readonly #program: ColumnsProgram;
	readonly #limits: ColumnLimits;
	/** Of the columns whose values are not counted any more, by their places. */
	readonly #poured = new Map<number, ColumnState>();

	/** @param analysis - Its number in the program. */
	constructor(kernel: KernelExports, analysis: number, program: ColumnsProgram) {
		this.#kernel = kernel;
		this.#analysis = analysis;
		this.#program = program;
		this.#limits = columnLimits(program.caps, program.names.length);
	}

	/** Begins a source: nothing has been read. */
	clear(): void {
		this.#poured.clear();
	}

	/** Adds what the loops came to; to be called before the kernel forgets it. */
	takeColumn(column: number): void {
		const memory = this.#memoryOf(column);
		const state = this.#pouredState(column);
		const {lengths, sketch} = state;
		const {min, max, sum} = memory.lengths;
		if (min <= max) {
			lengths.min = Math.min(lengths.min, min);
			lengths.max = Math.max(lengths.max, max);
			lengths.sum += sum;
		}
		memory.eachDateDay((day, cells) => addCell(state, day, cells));
		if (sketch !== null) mergeSketch(sketch, readSketch(memory, this.#limits.registerBits));
	}

	/** Adds the cells that loops cannot read; to be called before the kernel forgets them. */
	takeOthers(column: number): void {
		const state = this.#pouredState(column);
		this.#memoryOf(column).eachValue((value, cells) => addCell(state, value, cells));
	}

	/** What the records came to so far. It is good until more are read. */
	read(): Columns {
		const {caps, names} = this.#program;
		const columns = createColumns(caps, false);
		const samples = new ColumnSamples();
		for (const {index, ...named} of inOrder(createColumns(caps, false, names))) {
			const state = this.#readColumn(index);
			const sample = sampleOfEntries(this.#limits.sample, samples.read(this.#memoryOf(index)));
			addColumn(columns, {...named, index, state: {...state, sample}});
		}
		return columns;
	}

	#readColumn(column: number): ColumnState {
		if (this.#memoryOf(column).isCounted) return this.#countedState(column);
		this.#kernel.giveColumn(this.#analysis, column);
		return this.#pouredState(column);
	}

	#countedState(column: number): ColumnState {
		const memory = this.#memoryOf(column);
		const state = createColumn(this.#limits);
		memory.eachValue((value, cells) => addCell(state, value, cells));
		memory.eachDateDay((day, cells) => addCell(state, day, cells));
		const {empty} = memory.counts;
		if (empty > 0) addCell(state, '', empty);
		return state;
	}

	#pouredState(column: number): ColumnState {
		const known = this.#poured.get(column);
		if (known !== undefined) return known;
		const state = createColumn(this.#limits);
		pour(state);
		this.#poured.set(column, state);
		return state;
	}

	#memoryOf(column: number): ColumnMemory {
		return new ColumnMemory(this.#kernel, this.#analysis, column);
	}
}

/** What loops came to, but for dates. */
function readSketch(memory: ColumnMemory, registerBits: number): ColumnSketch {
	const sketch = createSketch(registerBits);
	const {counts, texts, digits} = memory;
	for (const [index, cellClass] of cellClasses.entries()) {
		if (cellClass in counts) sketch.counts[index] = counts[cellClass as keyof typeof counts];
	}
	if (counts.integer + counts.signed + counts.decimal > 0) addNumbers(sketch, memory);
	if (counts.timestamp > 0) addStamps(sketch, memory);
	if (texts !== null) extend(sketch.texts, texts);
	if (digits !== null) extend(sketch.digits, digits);
	sketch.registers = memory.registers(registerBits) ?? sketch.registers;
	return sketch;
}

function addNumbers({numbers}: ColumnSketch, memory: ColumnMemory): void {
	const {scale} = memory;
	const {sum, squares, min, max} = memory.sums;
	numbers.sum.add(sum, scale);
	numbers.squares.add(squares, 2 * scale);
	numbers.min = {units: min, scale};
	numbers.max = {units: max, scale};
	for (const [bucket, cells] of memory.buckets()) {
		numbers.buckets.set(bucket, cells);
		if (bucket === 0) numbers.zeros = cells;
		else if (bucket < 0) numbers.negatives += cells;
	}
}

function addStamps({moments, texts}: ColumnSketch, memory: ColumnMemory): void {
	const {first, last} = memory.stamps;
	moments.first = momentOf(first);
	moments.last = momentOf(last);
	// All are written in one way, and so are in one order.
	extend(texts, {smallest: first, largest: last});
	memory.eachStampDay((day, cells) => moments.stamps.set(daysSince1970(day), cells));
}

function extend(range: TextRange, {smallest, largest}: TextEnds): void {
	if (range.smallest === null || smallest < range.smallest) range.smallest = smallest;
	if (range.largest === null || largest > range.largest) range.largest = largest;
}

function momentOf(text: string): WrittenMoment {
	const cell = readCell(text);
	if (cell.class !== 'timestamp') throw new Error(`Expected a time stamp, found ${text}`);
	return {...cell, text};
}
