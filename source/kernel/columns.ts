// What the kernel keeps of the columns of an analysis, as states. A column whose values are counted is read as it is. Of any other one
// there is a state here, which gets what the loops of the kernel come to, and the cells that they cannot read; where faults are looked for,
// their examples, too.
import {cellClasses, readCell} from '../analysis/columns/cell.ts';
import {sampleOfEntries} from '../analysis/columns/cell-sample.ts';
import {type ColumnLimits, columnLimits} from '../analysis/columns/column-caps.ts';
import {
	addCell,
	addOfClass,
	type CellLengths,
	type ColumnState,
	createColumn,
	pour,
} from '../analysis/columns/column-state.ts';
import {addColumn, type Columns, createColumns, inOrder} from '../analysis/columns/columns.ts';
import {mergeColumnRegisters} from '../analysis/columns/registers.ts';
import {
	type ColumnSketch,
	extendMoments,
	extendNumbers,
	type TextRange,
	type WrittenMoment,
} from '../analysis/columns/sketch.ts';
import {noteCells, noteWhat, rewriteCell} from '../analysis/forms/cell-evidence.ts';
import type {ColumnEvidence, Evidence, MutableEvidence} from '../analysis/forms/evidence.ts';
import {type Forms, plainForms} from '../analysis/forms/forms.ts';
import {withClasses} from '../analysis/forms/with-classes.ts';
import type {ColumnsProgram} from '../analysis/program.ts';
import {addExample, addExtreme, createColumnFaults, type FaultSketch} from '../analysis/quality/column-faults.ts';
import {MAX_PLACES, type Place, type ToFileOffset} from '../analysis/quality/places.ts';
import {ColumnMemory, type TextEnds} from './column-memory.ts';
import {ColumnSamples} from './column-samples.ts';
import type {KernelExports} from './exports.ts';
import {type FoundFaults, KernelTableFaults} from './table-faults.ts';

/** Any byte offset is in front of it. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

export class KernelColumns {
	readonly #kernel: KernelExports;
	readonly #analysis: number;
	readonly #program: ColumnsProgram;
	readonly #limits: ColumnLimits;
	readonly #forms: Forms;
	/** What cells show of the forms of columns, by their places. */
	readonly #shown = new Map<number, MutableEvidence>();
	/** Of the columns whose values are not counted any more, by their places. */
	readonly #poured = new Map<number, ColumnState>();
	/** `null` where faults are not looked for. */
	readonly faults: KernelTableFaults | null;
	/** What `read` said last of the source. */
	lastRead: Columns | null = null;

	/** @param analysis - Its number in the program. */
	constructor(kernel: KernelExports, analysis: number, program: ColumnsProgram, forms: Forms = plainForms) {
		this.#forms = forms;
		this.#kernel = kernel;
		this.#analysis = analysis;
		this.#program = program;
		this.#limits = columnLimits(program.caps, program.names.length);
		this.faults = program.faults === undefined ? null : new KernelTableFaults(kernel, analysis, program);
	}

	/** Begins a source: nothing has been read. @param toFileOffset - See `ColumnRecords`. */
	clear(toFileOffset: ToFileOffset | null): void {
		this.lastRead = null;
		this.#poured.clear();
		this.#shown.clear();
		this.faults?.clear(toFileOffset);
	}

	/** Adds what the loops came to; to be called before the kernel forgets it. */
	takeColumn(column: number): void {
		const memory = this.#memoryOf(column);
		const state = this.#pouredState(column);
		if (this.#limits.onlyClasses) {
			addClasses(state, memory);
			return;
		}
		const {lengths, sketch} = state;
		const {min, max, sum} = memory.lengths;
		if (min <= max) {
			lengths.min = Math.min(lengths.min, min);
			lengths.max = Math.max(lengths.max, max);
			lengths.sum += sum;
		}
		memory.eachDateDay((day, cells) => addCell(state, day, cells));
		if (sketch !== null) addLoops(sketch, memory, this.#limits.registerBits);
	}

	/** Adds the cells that loops cannot read; to be called before the kernel forgets them. */
	takeOthers(column: number): void {
		const state = this.#pouredState(column);
		const shown = this.hasForm(column) ? null : this.#shownBy(column);
		this.#memoryOf(column).eachValue((value, cells, places) => {
			addCell(state, value, cells, places);
			if (shown !== null) noteCells(shown, value, cells);
		});
	}

	/** Whether a column is in another form than the plain one. */
	hasForm(column: number): boolean {
		return this.#forms.get(column)?.cells !== undefined;
	}

	/** See `cellFormOf` in assembly/host.ts. */
	formOf(column: number): number {
		const form = this.#forms.get(column)?.cells;
		return form === undefined ? 0 : 'date' in form ? 2 : 1;
	}

	/** A cell of a column that is in a form: the same in the plain form, and notes what it shows. */
	rewriteCell(column: number, cell: string, isNoted: boolean): string {
		const form = this.#forms.get(column)?.cells;
		return form === undefined ? cell : rewriteCell(form, cell, isNoted ? this.#shownBy(column) : {});
	}

	#shownBy(column: number): MutableEvidence {
		const known = this.#shown.get(column) ?? {};
		this.#shown.set(column, known);
		return known;
	}

	/** What the cells of each column show of its form. @param isWhole - Whether classes are to be counted, too, where they say something. */
	evidence(isWhole: boolean): readonly ColumnEvidence[] {
		return this.#program.names.map((_, column) => {
			const evidence = {column, kind: 'cells', records: 0, shown: this.#lookAt(column)} as const;
			return isWhole ? withClasses(evidence, () => this.#readColumn(column)) : evidence;
		});
	}

	#lookAt(column: number): Evidence {
		const {isCounted} = this.#memoryOf(column);
		if (!isCounted) this.#kernel.giveColumn(this.#analysis, column);
		const shown = structuredClone(this.#shownBy(column));
		if (this.hasForm(column)) return shown;
		const memory = this.#memoryOf(column);
		const {provesPoint, open, mayShowMore} = memory.forms;
		if (provesPoint) noteWhat(shown, '.', 0);
		if (open !== null) noteWhat(shown, 'open', 0, open);
		if (isCounted && mayShowMore) memory.eachValue((value, cells) => noteCells(shown, value, cells));
		return shown;
	}

	/**
	Adds one of the first cells of a class.

	@param cellClass - Its place among the classes.
	@returns A cell of the class is one of the first as long as it stands in front of this byte offset.
	*/
	takeExample(column: number, cellClass: number, cell: string, place: Place): number {
		const first = addExample(this.#sketchOfFaults(column), cellClasses[cellClass] ?? 'text', cell, place);
		return first.at(MAX_PLACES - 1)?.byteOffset ?? NO_LIMIT;
	}

	/** Adds a number that is perhaps the smallest or the largest one. */
	takeExtreme(column: number, cell: string, place: Place): void {
		addExtreme(this.#sketchOfFaults(column), cell, place);
	}

	#sketchOfFaults(column: number): FaultSketch {
		const sketch = this.#pouredState(column).faults?.sketch;
		if (!sketch) throw new Error('Expected a column with faults');
		return sketch;
	}

	/** What the records came to so far. It is good until more are read. */
	read(): Columns {
		const {caps, names} = this.#program;
		const columns = createColumns(caps, this.faults !== null);
		const samples = new ColumnSamples();
		for (const {index, ...named} of inOrder(createColumns(caps, false, names))) {
			const state = this.#readColumn(index);
			const memory = this.#memoryOf(index);
			if (this.#limits.onlyClasses) {
				addColumn(columns, {...named, index, state});
				continue;
			}
			const sample = sampleOfEntries(this.#limits.sample, samples.read(memory));
			const lengths = this.hasForm(index) ? lengthsOf(memory.forms.lengths) : state.lengths;
			addColumn(columns, {...named, index, state: {...state, lengths, sample}});
		}
		this.lastRead = this.faults === null ? columns : this.#withFaults(columns, this.faults.read());
		return this.lastRead;
	}

	#withFaults(columns: Columns, {table, cells}: FoundFaults): Columns {
		for (const {index, state} of columns.named.values())
			if (index === this.#program.faults?.key && state.faults !== null) state.faults.key = cells;
		return {...columns, faults: table};
	}

	#readColumn(column: number): ColumnState {
		if (this.#memoryOf(column).isCounted) return this.#countedState(column);
		this.#kernel.giveColumn(this.#analysis, column);
		return this.#pouredState(column);
	}

	#countedState(column: number): ColumnState {
		const memory = this.#memoryOf(column);
		const state = this.#createState();
		memory.eachValue((value, cells, places) => addCell(state, value, cells, places));
		memory.eachDateDay((day, cells) => addCell(state, day, cells));
		const {empty} = memory.counts;
		if (empty > 0) addCell(state, '', empty);
		return state;
	}

	#pouredState(column: number): ColumnState {
		const known = this.#poured.get(column);
		if (known !== undefined) return known;
		const state = this.#createState();
		pour(state);
		this.#poured.set(column, state);
		return state;
	}

	#createState(): ColumnState {
		return createColumn(this.#limits, this.faults === null ? null : createColumnFaults());
	}

	#memoryOf(column: number): ColumnMemory {
		return new ColumnMemory(this.#kernel, this.#analysis, column);
	}
}

const lengthsOf = ({min, max, sum}: CellLengths): CellLengths =>
	min <= max ? {min, max, sum} : {min: Number.POSITIVE_INFINITY, max: 0, sum: 0};

function addClasses(state: ColumnState, memory: ColumnMemory): void {
	for (const [cellClass, cells] of Object.entries(memory.counts))
		addOfClass(state, cellClass as keyof typeof memory.counts, cells);
	memory.eachDateDay((_, cells) => addOfClass(state, 'date', cells));
}

/** Adds what loops came to, but for dates. */
function addLoops(sketch: ColumnSketch, memory: ColumnMemory, registerBits: number): void {
	const {counts, texts, digits} = memory;
	for (const [index, cellClass] of cellClasses.entries()) {
		if (cellClass in counts)
			sketch.counts[index] = (sketch.counts[index] ?? 0) + counts[cellClass as keyof typeof counts];
	}
	if (counts.integer + counts.signed + counts.decimal > 0) addNumbers(sketch, memory);
	if (counts.timestamp > 0) addStamps(sketch, memory);
	if (texts !== null) extend(sketch.texts, texts);
	if (digits !== null) extend(sketch.digits, digits);
	const registers = memory.registers(registerBits);
	if (registers !== null) mergeColumnRegisters(sketch.registers, registers);
}

function addNumbers({numbers}: ColumnSketch, memory: ColumnMemory): void {
	const {scale} = memory;
	const {sum, squares, min, max} = memory.sums;
	numbers.sum.add(sum, scale);
	numbers.squares.add(squares, 2 * scale);
	extendNumbers(numbers, {units: min, scale}, {units: max, scale});
	memory.eachBucket((bucket, cells) => {
		numbers.buckets.set(bucket, (numbers.buckets.get(bucket) ?? 0) + cells);
		if (bucket === 0) numbers.zeros += cells;
		else if (bucket < 0) numbers.negatives += cells;
	});
}

function addStamps({moments, texts}: ColumnSketch, memory: ColumnMemory): void {
	const {first, last} = memory.stamps;
	extendMoments(moments, momentOf(first), momentOf(last));
	// All are written in one way, and so are in one order.
	extend(texts, {smallest: first, largest: last});
	memory.eachStampDay((day, cells) => moments.stamps.set(day, (moments.stamps.get(day) ?? 0) + cells));
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
