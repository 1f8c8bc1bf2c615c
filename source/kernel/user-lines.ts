// The host of the kernel's reader of log lines (assembly/user-lines.ts): it makes records of them, which the kernel reads as those of a table.
import type {AnalysisFigures} from '../analysis/figures.ts';
import {compileProgram} from '../analysis/program.ts';
import type {StateLayout} from '../analysis/state-layout.ts';
import type {KernelExports} from './exports.ts';
import type {KernelInput} from './input.ts';
import type {KernelSpec} from './spec.ts';

/** By their numbers in assembly/user-lines.ts. */
export const kernelUserForms = ['login', 'client', 'pairs'] as const;
export type KernelUserForm = (typeof kernelUserForms)[number];

/** Of the records that are read at a time. A line with more is left to the host. */
const RECORD_BYTES = 256 * 1024;
/** Lines are read 16 bytes at a time, from their ends backwards, too. */
const PADDING_BYTES = 64;
/** A record is what assembly/user-lines.ts writes; none is rejected, and none too long. */
const SEPARATOR = '\x1f';
const MAX_BYTES = 1024 * 1024;
const columns = {timestamp: 0, user: 1} as const;

/** What reads the records: the kernel itself. */
interface RecordsOfUsers {
	readonly input: KernelInput;
	readonly begin: (spec: KernelSpec, line: number) => void;
	readonly consume: (isLast: boolean) => string;
	readonly readFigures: () => readonly AnalysisFigures[];
	readonly rows: number;
}

/** Reads the lines of one log. */
export class UserLinesOfKernel {
	readonly #kernel: KernelExports;
	readonly #input: KernelInput;
	readonly #reader: RecordsOfUsers;
	readonly #form: number;
	#block = 0;
	#blockBytes = 0;
	/** Addresses of the lines that have not been taken. */
	#start = 0;
	#end = 0;
	/** All that have been taken. */
	lines = 0;

	constructor(kernel: KernelExports, reader: RecordsOfUsers, {declaration, caps}: StateLayout, form: KernelUserForm) {
		this.#kernel = kernel;
		this.#input = reader.input;
		this.#reader = reader;
		this.#form = kernelUserForms.indexOf(form);
		this.#input.begin(0);
		const spec: KernelSpec = {
			program: compileProgram([{declaration, indexes: columns}], caps),
			...{delimiter: SEPARATOR, quote: '', columnCount: 2, header: null},
			...{maxRecordBytes: MAX_BYTES, maxFieldBytes: MAX_BYTES},
			...{rejectLimit: null, rejectLimitPerMillion: null, maxRejects: 1},
		};
		reader.begin(spec, 1);
	}

	/** How many bytes have been given to it that belong to lines it has not taken. */
	get length(): number {
		return this.#end - this.#start;
	}

	get records(): number {
		return this.#reader.rows;
	}

	/** Adds the next bytes. */
	push(bytes: Uint8Array): void {
		this.#makeRoom(bytes.length);
		this.#input.bytes.set(bytes, this.#end);
		this.#end += bytes.length;
	}

	/**
	Takes lines until there are none that are whole.

	@param leave - Is given each line that is for the host, with its line end.
	*/
	take(leave: (line: Uint8Array) => void): void {
		const kernel = this.#kernel;
		const input = this.#input;
		for (;;) {
			input.space(RECORD_BYTES);
			const target = input.end;
			const next = kernel.takeUserLines(this.#start, this.#end, this.#form, target, target + RECORD_BYTES);
			const isStuck = next === this.#start;
			this.#start = next;
			this.lines += kernel.userLinesTaken();
			const left = kernel.userLineLeft();
			input.extend(kernel.userRecordsEnd() - target);
			if (input.length > 0) this.#consume();
			if (left > 0) {
				leave(input.bytes.slice(next, left));
				this.#start = left;
			} else if (isStuck) return;
		}
	}

	#consume(): void {
		const outcome = this.#reader.consume(false);
		if (outcome !== 'needs-more') throw new Error(`The kernel stopped with ${outcome}`);
	}

	/** Gives away what is left, which is no whole line. */
	takeRest(): Uint8Array {
		const rest = this.#input.bytes.slice(this.#start, this.#end);
		this.#start = this.#end;
		return rest;
	}

	/** What the lines came to so far. */
	readFigures(): AnalysisFigures {
		const [figures] = this.#reader.readFigures();
		if (figures === undefined) throw new Error('Expected figures of an analysis');
		return {...figures, lines: this.lines};
	}

	/** Gives the memory back. */
	release(): void {
		if (this.#blockBytes > 0) this.#kernel.release(this.#block, this.#blockBytes);
		this.#blockBytes = 0;
	}

	#makeRoom(bytes: number): void {
		const {length} = this;
		const neededBytes = length + bytes + 2 * PADDING_BYTES;
		const old = {block: this.#block, bytes: this.#blockBytes};
		if (neededBytes > old.bytes) {
			this.#blockBytes = 2 * neededBytes;
			this.#block = this.#kernel.allocate(this.#blockBytes);
		}
		const first = this.#block + PADDING_BYTES;
		this.#input.bytes.copyWithin(first, this.#start, this.#end);
		this.#start = first;
		this.#end = first + length;
		if (old.bytes > 0 && old.block !== this.#block) this.#kernel.release(old.block, old.bytes);
	}
}
