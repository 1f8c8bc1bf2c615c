// The columns of small sources, added up in the kernel: to merge thousands of values of each in JavaScript takes far longer. Samples, and
// lengths, which are of the cells as they are written, are merged here.
import {addColumn, type Columns, createColumns, mergeColumns} from '../analysis/columns/columns.ts';
import type {ColumnsProgram} from '../analysis/program.ts';
import {KernelColumns} from './columns.ts';
import type {KernelExports} from './exports.ts';

/** As in assembly/columns/column-set.ts. */
const TOTALS = 0x1_0000;
/** More columns would take too much memory of the kernel. */
const MAX_COLUMNS = 1024;

/** Those of sources with the same names, for one analysis. */
interface OpenTotals {
	readonly name: string;
	readonly names: readonly string[];
	/** What the kernel has of them. */
	readonly columns: KernelColumns;
	/** All but their values. */
	readonly others: Columns;
}

export class ColumnTotals {
	readonly #kernel: KernelExports;
	/** By the number of the analysis in the program that the kernel has. */
	readonly #open = new Map<number, OpenTotals>();
	/** By the name of the analysis: those that the kernel does not have any more. */
	#ended = new Map<string, Columns>();

	constructor(kernel: KernelExports) {
		this.#kernel = kernel;
	}

	/** @param number - As the kernel tells whose columns it means; `null` where they are of one source. */
	columnsOf(number: number): KernelColumns | null {
		return this.#open.get(number - TOTALS)?.columns ?? null;
	}

	/**
	Adds the columns of the source that the kernel has read last.

	@param analysis - Its number in the program.
	@param name - Of the analysis.
	@param read - The columns as they were read from the kernel, in UTF-8.
	@returns False where it cannot be done: they are to be merged by themselves.
	*/
	add(analysis: number, name: string, program: ColumnsProgram, read: Columns): boolean {
		if (program.faults !== undefined || program.names.length > MAX_COLUMNS) return false;
		const {others} = this.#openFor(analysis, name, program);
		if (this.#kernel.addToTotals(analysis) === 0) return false;
		mergeColumns(others, withoutValues(read));
		return true;
	}

	/** To be called before the kernel forgets them. */
	end(): void {
		for (const analysis of [...this.#open.keys()]) this.#endOf(analysis);
	}

	/** Of each analysis by its name: all that have been added since the last call. */
	take(): ReadonlyMap<string, Columns> {
		this.end();
		const taken = this.#ended;
		this.#ended = new Map();
		return taken;
	}

	#openFor(analysis: number, name: string, program: ColumnsProgram): OpenTotals {
		const known = this.#open.get(analysis);
		if (known !== undefined && known.name === name && areSame(known.names, program.names)) return known;
		this.#endOf(analysis);
		const {caps, names} = program;
		const columns = new KernelColumns(this.#kernel, TOTALS + analysis, program);
		const opened = {name, names, columns, others: createColumns(caps, false, names)};
		this.#open.set(analysis, opened);
		this.#kernel.beginTotals(analysis);
		return opened;
	}

	#endOf(analysis: number): void {
		const open = this.#open.get(analysis);
		if (open === undefined) return;
		const read = readTotals(open);
		this.#open.delete(analysis);
		const before = this.#ended.get(open.name);
		if (before === undefined) this.#ended.set(open.name, read);
		else mergeColumns(before, read);
	}
}

function readTotals({columns, others}: OpenTotals): Columns {
	const read = columns.read();
	for (const [key, {state}] of others.named) {
		const own = read.named.get(key);
		if (own === undefined) throw new Error(`Expected the column ${key}`);
		const {lengths, sample, undecided} = state;
		addColumn(read, {...own, state: {...own.state, lengths, sample, undecided}});
	}
	return read;
}

function withoutValues(read: Columns): Columns {
	const columns: Columns = {...read, named: new Map()};
	for (const {state, ...named} of read.named.values())
		addColumn(columns, {...named, state: {...state, values: new Map(), valueCount: 0, valueBytes: 0}});
	return columns;
}

const areSame = (some: readonly string[], others: readonly string[]): boolean =>
	some === others || (some.length === others.length && some.every((name, place) => name === others[place]));
