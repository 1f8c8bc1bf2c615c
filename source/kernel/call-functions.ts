// Runs the functions of own analyses on what the kernel has read: columns of a run, one function after the other over all of its records.
// Whatever is not plain – an error, a record that is not accepted, a number that runs cannot have – it leaves to the second way, which is
// for one record that the kernel reads by the rules.

import {type Decimal, zeroDecimal} from '../analysis/decimal.ts';
import type {AnyRecord} from '../analysis/declaration.ts';
import {FunctionError} from '../analysis/functions/function-error.ts';
import {takeDay, takeNumber, takeReason, takeText, takeWhether} from '../analysis/functions/returned.ts';
import type {ComputedProgram, FunctionsProgram, Program} from '../analysis/program.ts';
import type {Units} from '../analysis/units.ts';
import type {KernelExports} from './exports.ts';
import {type GivenRecord, GivenRecords, type RecordPlace} from './function-inputs.ts';
import {Readers} from './spec.ts';
import {TextBlock, writeText} from './text-block.ts';

/** As in assembly/computed.ts. */
const MAX_QUICK_UNITS = 9e13;
// As in assembly/record.ts.
const ACCEPTED = 0;
const NOT_ACCEPTED = 1;
const FAILED = 2;
/** Of the texts of a column, for all records that are computed at a time. */
const SPAN_BYTES = 64 * 1024;
const LARGEST_UNITS = 2n ** 62n;

interface Computed extends ComputedProgram {
	/** Among those of its type. */
	readonly number: number;
}

interface AnalysisFunctions extends Pick<FunctionsProgram, 'where' | 'accept'>, GivenRecord {
	readonly name: string;
	/** Of the analysis. */
	readonly number: number;
	readonly computed: readonly Computed[];
}

export class KernelFunctions {
	readonly #kernel: KernelExports;
	readonly #place: RecordPlace = {record: 0, entries: 0, columnCount: 0};
	readonly #records: GivenRecords;
	/** Of each computed text: those of a span, and that of the record that is read by the rules. */
	#texts: readonly {readonly ofSpan: TextBlock; readonly ofRecord: TextBlock}[] = [];
	readonly #reason: TextBlock;
	/** By the number of an analysis; `null` for one without functions. */
	#analyses: readonly (AnalysisFunctions | null)[] = [];
	/** What each computed number came to last that does not have 64 bits. */
	readonly #huge: Decimal[] = [];
	#words = new Int32Array(0);
	#doubles = new Float64Array(0);
	#bytes = new Uint8Array(0);
	/** Of the analysis whose functions are called: see `fitsOf` in assembly/function-lanes.ts. */
	#fits = 0;
	/** Why the last reading was stopped. */
	failure: FunctionError | null = null;

	constructor(kernel: KernelExports) {
		this.#kernel = kernel;
		this.#reason = new TextBlock(kernel);
		this.#records = new GivenRecords(kernel, this.#place);
	}

	load(program: Program, columnCount: number): void {
		const {analyses} = program;
		this.#place.columnCount = columnCount;
		const readers = new Readers(program);
		const texts = readers.computed('text').length;
		const create = () => ({ofSpan: new TextBlock(this.#kernel), ofRecord: new TextBlock(this.#kernel)});
		this.#texts = Array.from({length: texts}, (_, number) => this.#texts[number] ?? create());
		this.#analyses = analyses.map((analysis, number) => {
			const {name, functions} = analysis;
			if (functions === undefined) return null;
			const computed = functions.computed.map(each => ({...each, number: readers.computedOf(each.lane)}));
			const {where, accept} = functions;
			return {name, number, where, accept, ...this.#records.of(analysis, readers), computed};
		});
	}

	/** See `computeSpan` in assembly/host.ts. */
	computeSpan(entries: number, first: number, last: number): number {
		for (const {ofSpan} of this.#texts) ofSpan.reserve(SPAN_BYTES);
		this.#place.entries = entries;
		let end = last;
		for (const functions of this.#analyses) {
			if (functions === null) continue;
			const before = end;
			// What is read and written while the memory grows is lost, so it is done again.
			do {
				this.#look(functions);
				end = this.#computeOne(functions, first, before);
			} while (this.#hasGrown());
		}
		return end;
	}

	/** Whether the kernel's memory is another one than that which is looked at: it grows for cells that are copied, and for texts. */
	#hasGrown(): boolean {
		return this.#words.buffer !== this.#kernel.memory.buffer;
	}

	/** The kernel's memory may have grown, and its values may have other scales. */
	#look({inputs, number}: AnalysisFunctions): void {
		const {buffer} = this.#kernel.memory;
		if (this.#words.buffer !== buffer) {
			this.#words = new Int32Array(buffer);
			this.#doubles = new Float64Array(buffer);
			this.#bytes = new Uint8Array(buffer);
		}
		this.#fits = this.#kernel.fitsOf(number);
		for (const input of inputs) input.look();
	}

	/** @returns The record behind the last one that is computed or flagged. */
	#computeOne({where, accept, record, computed}: AnalysisFunctions, first: number, last: number): number {
		let end = last;
		try {
			if (where !== undefined) end = this.#test(where, record, first, end);
			if (accept !== undefined) end = this.#accept(accept, record, first, end);
			for (const each of computed) {
				if (each.is === 'number') end = this.#numbers(each, record, first, end);
				else if (each.is === 'date') end = this.#dates(each, record, first, end);
				else end = this.#textsOf(each, record, first, end);
			}
		} catch {
			end = this.#place.record;
		}
		if (end === last) return last;
		this.#kernel.flag(end);
		return end + 1;
	}

	// Each of these returns the first record that it leaves to the rules, or `last`.

	#test(where: NonNullable<FunctionsProgram['where']>, values: AnyRecord, first: number, last: number): number {
		const place = this.#place;
		const bytes = this.#bytes;
		const fits = this.#fits;
		for (let record = first; record < last; record++) {
			place.record = record;
			const answer = where(values);
			if (typeof answer !== 'boolean') return record;
			bytes[fits + record] = answer ? 1 : 0;
		}
		return last;
	}

	#accept(accept: NonNullable<FunctionsProgram['accept']>, values: AnyRecord, first: number, last: number): number {
		const place = this.#place;
		const bytes = this.#bytes;
		const fits = this.#fits;
		for (let record = first; record < last; record++) {
			if (fits !== 0 && bytes[fits + record] === 0) continue;
			place.record = record;
			if (accept(values) !== true) return record;
		}
		return last;
	}

	#numbers({js, number, decimals}: Computed, values: AnyRecord, first: number, last: number): number {
		const place = this.#place;
		const doubles = this.#doubles;
		const bytes = this.#bytes;
		const at = this.#kernel.computedDoubles(number) >>> 3;
		const nones = this.#kernel.computedNones(number);
		const fits = this.#fits;
		for (let record = first; record < last; record++) {
			place.record = record;
			const value = fits !== 0 && bytes[fits + record] === 0 ? null : js(values);
			if (typeof value === 'number') doubles[at + record] = value;
			else if (value === null) {
				doubles[at + record] = 0;
				bytes[nones + record] = 1;
			} else {
				const units = takeNumber(value, decimals);
				if (typeof units !== 'number' || Math.abs(units) >= MAX_QUICK_UNITS) return record;
				// Rounded again, it comes to the same units.
				doubles[at + record] = units / 10 ** decimals;
			}
		}
		return last;
	}

	#dates({js, number}: Computed, values: AnyRecord, first: number, last: number): number {
		const place = this.#place;
		const words = this.#words;
		const codes = this.#kernel.computedCodes(number) >>> 2;
		const bytes = this.#bytes;
		const fits = this.#fits;
		for (let record = first; record < last; record++) {
			// Its code is not looked at.
			if (fits !== 0 && bytes[fits + record] === 0) continue;
			place.record = record;
			words[codes + record] = codeOfDay(takeDay(js(values)));
		}
		return last;
	}

	#textsOf({js, number}: Computed, values: AnyRecord, first: number, last: number): number {
		const place = this.#place;
		const words = this.#words;
		const bytes = this.#bytes;
		const entries = this.#kernel.computedEntries(number) >>> 2;
		const {start} = this.#textsAt(number).ofSpan;
		const fits = this.#fits;
		let end = start;
		// In front of each text is one byte that belongs to none.
		words[entries + first] = start;
		bytes[start] = 0;
		for (let record = first; record < last; record++) {
			place.record = record;
			const text = fits !== 0 && bytes[fits + record] === 0 ? '' : takeText(js(values));
			const next = end + 1 + text.length;
			if (next >= start + SPAN_BYTES) return record;
			writeText(bytes, end + 1, text);
			bytes[next] = 0;
			words[entries + record + 1] = next;
			end = next;
		}
		return last;
	}

	#textsAt(number: number): {readonly ofSpan: TextBlock; readonly ofRecord: TextBlock} {
		const texts = this.#texts[number];
		if (texts === undefined) throw new Error('Expected memory for the text');
		return texts;
	}

	/** See `testCondition` in assembly/host.ts. */
	testCondition(analysis: number, entries: number): number {
		const functions = this.#giveRecord(analysis, entries);
		const {name, where} = functions;
		if (where === undefined) return ACCEPTED;
		try {
			return takeWhether(this.#call(functions, where)) ? ACCEPTED : NOT_ACCEPTED;
		} catch (error) {
			this.failure = new FunctionError(name, 'where', error);
			return FAILED;
		}
	}

	/** Gives the functions of an analysis the record that is read by the rules. */
	#giveRecord(analysis: number, entries: number): AnalysisFunctions {
		const functions = this.#analyses[analysis];
		if (functions == null) throw new Error('Expected functions of the analysis');
		this.#place.entries = entries;
		this.#place.record = 0;
		this.#look(functions);
		for (const input of functions.inputs) input.fill();
		return functions;
	}

	/** See `computeRecord` in assembly/host.ts. */
	computeRecord(analysis: number, entries: number): number {
		const functions = this.#giveRecord(analysis, entries);
		const {name, accept, computed} = functions;
		let path = 'accept';
		try {
			const reason = accept === undefined ? null : takeReason(this.#call(functions, accept));
			if (reason !== null) {
				const [start, end] = this.#write(this.#reason, reason);
				this.#kernel.setReason(start, end);
				return NOT_ACCEPTED;
			}
			for (const each of computed) {
				path = each.path;
				this.#takeOne(each, this.#call(functions, each.js));
			}
			return ACCEPTED;
		} catch (error) {
			this.failure = new FunctionError(name, path, error);
			return FAILED;
		}
	}

	/** Calls a function for the record that is read by the rules. */
	#call(functions: AnalysisFunctions, js: (record: AnyRecord) => unknown): unknown {
		for (;;) {
			if (this.#hasGrown()) this.#look(functions);
			const value = js(functions.record);
			if (!this.#hasGrown()) return value;
		}
	}

	#takeOne({is, number, decimals}: Computed, returned: unknown): void {
		if (is === 'date') this.#kernel.setComputedDate(number, codeOfDay(takeDay(returned)));
		else if (is === 'number') this.#setNumber(number, takeNumber(returned, decimals), decimals);
		else {
			const [start, end] = this.#write(this.#textsAt(number).ofRecord, takeText(returned));
			this.#kernel.setComputedText(number, start, end);
		}
	}

	/** Returns from where to where the text is. */
	#write(block: TextBlock, text: string): readonly [number, number] {
		block.reserve(text.length);
		writeText(new Uint8Array(this.#kernel.memory.buffer), block.start, text);
		return [block.start, block.start + text.length];
	}

	#setNumber(number: number, value: Units | null, decimals: number): void {
		const units = BigInt(value ?? 0);
		const isHuge = units > LARGEST_UNITS || units < -LARGEST_UNITS;
		if (isHuge) this.#huge[number] = {units, scale: decimals};
		this.#kernel.setComputedNumber(number, isHuge ? 0n : units, Number(value !== null), Number(isHuge));
	}

	/** What a computed number came to last that does not have 64 bits. */
	hugeOf(number: number): Decimal {
		return this.#huge[number] ?? zeroDecimal;
	}
}

// As in assembly/date-reader.ts.
const YEAR_SHIFT = 14;
const MONTH_SHIFT = 7;

/** @param day - `YYYY-MM-DD`; `null` for none. */
const codeOfDay = (day: string | null): number =>
	day === null
		? 0
		: (Number(day.slice(0, 4)) << YEAR_SHIFT) | (Number(day.slice(5, 7)) << MONTH_SHIFT) | Number(day.slice(8));
