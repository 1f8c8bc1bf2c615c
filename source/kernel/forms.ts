// The forms of the columns of a file: the kernel reads the usual ones, and asks here for all others. What cells show is noted here.
import {type ReadAs, readDateAs, readNumberAs} from '../analysis/forms/cell-forms.ts';
import {areSameForms, decideForms} from '../analysis/forms/decide-forms.ts';
import {
	type ColumnEvidence,
	type Example,
	type MutableEvidence,
	noteDate,
	noteNumber,
	noteShown,
} from '../analysis/forms/evidence.ts';
import {plainForms} from '../analysis/forms/forms.ts';
import type {Program} from '../analysis/program.ts';
import type {KernelExports} from './exports.ts';
import {Readers} from './spec.ts';
import {writeText} from './text-block.ts';

// As in assembly/forms.ts.
const NO_FORM = -1;
const OTHER_FORM = -2;
const SHOWS_MORE = 2 ** 16;
const PROVEN = 1;
const NUMBER_SEEN = 2;
const OPEN_SEEN = 4;
const NONE_SEEN = 8;
const ODD = 16;
const EVEN_SEEN = 32;
/** What `noteNumber` knows of a cell. */
const PROVES_MARK = 1;
const DIGITS_ALONE = 2;

interface NotedReader {
	readonly column: number;
	readonly kind: 'number' | 'date';
	readonly isOfFilter: boolean;
	/** Whether another reader of the same column notes its forms. */
	readonly isSilent: boolean;
	shown: MutableEvidence;
}

/** How many records a source has. */
interface RecordCounts {
	/** Of the right structure. */
	readonly records: number;
	readonly filteredRows: number;
}

export const countRecords = (kernel: KernelExports): RecordCounts => ({
	records: kernel.countRows() - kernel.countStructural(),
	filteredRows: kernel.countFiltered(),
});

/** What is there of the kernel that asks. */
interface AskingKernel {
	/** One character per byte. */
	readonly text: (address: number, length: number) => string;
	readonly bytes: () => Uint8Array;
	readonly counts: () => RecordCounts;
}

export class KernelForms {
	#program: Program = {lanes: [], analyses: []};
	#numbers: readonly NotedReader[] = [];
	#dates: readonly NotedReader[] = [];
	/** Whether anything has been noted since the file began. */
	#isNoted = false;

	/** What the kernel asks, see assembly/host.ts. */
	imports({text, bytes, counts}: AskingKernel): Readonly<Record<string, (...numbers: number[]) => number>> {
		return {
			plainNumber: (place = 0, start = 0, length = 0, target = 0) =>
				this.#plainNumber(place, text(start, length), bytes(), target),
			plainDate: (place = 0, start = 0, length = 0, target = 0) =>
				this.#plainDate(place, text(start, length), bytes(), target),
			noteNumber: (place = 0, kind = 0, start = 0, length = 0, line = 0, byteOffset = 0) =>
				this.#noteNumber(place, kind, {line, byteOffset, cell: text(start, length)}),
			noteDate: (place = 0, start = 0, length = 0, line = 0, byteOffset = 0) =>
				this.#noteDate(place, {line, byteOffset, cell: text(start, length)}),
			areFormsRight: () => Number(this.#areRight(counts())),
		};
	}

	load(program: Program): void {
		const readers = new Readers(program);
		this.#program = program;
		const firstOfFilter = readers.numbers.length - readers.ofFilter;
		this.#numbers = readers.numbers.map(({column}, number) => ({
			...{column, kind: 'number', shown: {}},
			isOfFilter: number >= firstOfFilter,
			isSilent: readers.isSilent(number),
		}));
		this.#dates = readers.dates.map(({column}) => ({
			...{column, kind: 'date', shown: {}, isSilent: false},
			isOfFilter: readers.isDateOfFilter(column),
		}));
	}

	/** Begins a file, or a part of one. */
	clear(): void {
		if (!this.#isNoted) return;
		this.#isNoted = false;
		for (const reader of [...this.#numbers, ...this.#dates]) reader.shown = {};
	}

	/** @returns See `plainNumber` of assembly/host.ts. */
	#plainNumber(place: number, cell: string, memory: Uint8Array, target: number): number {
		const {column, shown} = this.#readerAt(this.#numbers, place);
		return writePlain(readNumberAs(this.#program.forms?.get(column)?.number, cell, shown), memory, target);
	}

	#plainDate(place: number, cell: string, memory: Uint8Array, target: number): number {
		const {column, shown} = this.#readerAt(this.#dates, place);
		return writePlain(readDateAs(this.#program.forms?.get(column)?.date, cell, shown), memory, target);
	}

	/** @returns See `noteNumber` of assembly/host.ts. */
	#noteNumber(place: number, kind: number, example: Example): number {
		this.#isNoted = true;
		const {column, shown} = this.#readerAt(this.#numbers, place);
		const mark = this.#program.forms?.get(column)?.number?.mark ?? '.';
		if (kind === PROVES_MARK) noteShown(shown, mark, example);
		if (kind === PROVES_MARK || kind === DIGITS_ALONE) noteShown(shown, 'number', example);
		else noteNumber(shown, example);
		let noted = 0;
		let currencies = 0;
		for (const what of Object.keys(shown)) {
			if (what === mark) noted |= PROVEN;
			else if (what === 'number') noted |= NUMBER_SEEN;
			else if (what === 'open') noted |= OPEN_SEEN + ODD;
			else if (what.startsWith('currency') && ++currencies === 1) continue;
			else noted |= ODD;
		}
		return noted;
	}

	#noteDate(place: number, example: Example): number {
		this.#isNoted = true;
		const {column, shown} = this.#readerAt(this.#dates, place);
		const form = this.#program.forms?.get(column)?.date ?? 'year-first';
		noteDate(shown, example);
		let noted = 0;
		for (const what of Object.keys(shown)) {
			if (what === form) noted |= PROVEN;
			else if (what === 'open') noted |= OPEN_SEEN + ODD;
			else if (what === 'even') noted |= EVEN_SEEN + ODD;
			else if (what === 'none') noted |= NONE_SEEN;
			else noted |= ODD;
		}
		return noted;
	}

	#readerAt(readers: readonly NotedReader[], place: number): NotedReader {
		const reader = readers[place];
		if (reader === undefined) throw new Error(`Expected a reader ${place}`);
		return reader;
	}

	/** What the cells of each column show so far. */
	evidence({records, filteredRows}: RecordCounts): ColumnEvidence[] {
		return [...this.#numbers, ...this.#dates]
			.filter(({isSilent}) => !isSilent)
			.map(({column, kind, isOfFilter, shown}) => ({
				...{column, kind, shown: {...shown}},
				records: isOfFilter ? records : records - filteredRows,
			}));
	}

	/** Whether what the cells show says that the columns are in the forms in which they are read. */
	#areRight(counts: RecordCounts): boolean {
		const {forms = plainForms, forcedForms = {}} = this.#program;
		const decided = decideForms(this.evidence(counts), forms, forcedForms);
		return decided.undecided.length === 0 && areSameForms(decided.forms, forms);
	}
}

function writePlain(read: ReadAs, memory: Uint8Array, target: number): number {
	if (read === 'no-form') return NO_FORM;
	if (read === 'other-form') return OTHER_FORM;
	writeText(memory, target, read.plain);
	return read.plain.length + (read.showsMore ? SHOWS_MORE : 0);
}
