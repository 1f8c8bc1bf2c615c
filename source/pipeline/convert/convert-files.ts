// The files of one output -> its bytes. Several are read at a time; they are written one after the other, in the order of the plan.
import type {TextEncoding} from '../../analysis/text-encoding.ts';
import type {PlanEntry} from '../../engine/plan/plan.ts';
import type {TableThreads} from '../../engine/pool/table-threads.ts';
import {addKinds, type ColumnKind, kindOf, type ShownKinds} from '../../engine/shared/column-kinds.ts';
import type {ReadSettings} from '../../engine/shared/protocol.ts';
import {canReadAgain, withFound} from '../../engine/shared/source-location.ts';
import type {TableReply, TableWork} from '../../engine/shared/table-protocol.ts';
import type {ErrorReport} from '../../model/report.ts';
import type {ColumnChoice} from './column-choice.ts';
import {FileReading, type FileReply} from './file-reading.ts';
import {createNoFormat, type OutputFormat} from './output-format.ts';

export type InputFile = Extract<PlanEntry, {type: 'file'}>;

/** A file that nobody named says so, because rejected records that were found beside the data are no data. */
const sourceOf = ({source, isFound}: InputFile): InputFile['source'] => withFound(source, isFound === true);

/** What became of a file. */
export type Outcome = {readonly file: string} & Reply;

type Reply = Extract<TableReply, {type: 'completed' | 'failed'}>;

export interface Converting {
	readonly settings: ReadSettings;
	readonly signal: AbortSignal;
	readonly work: TableWork;
	readonly threads: TableThreads;
	/** So many files are read, or wait to be written, at a time. */
	readonly filesAhead: number;
	/** Gives what the output begins with: it may be begun more than once. */
	readonly createFormat: () => OutputFormat;
	readonly createChoice: () => ColumnChoice;
}

export interface Output {
	/** The bytes are there until it resolves. */
	readonly write: (bytes: Uint8Array) => Promise<void>;
	/** Takes back what was written behind a place; `null` where that cannot be done. */
	readonly truncate: ((position: number) => Promise<void>) | null;
}

/**
Writes the records of all files. A file that fails leaves nothing behind.

@throws {AbortedError} When the signal says so.
@throws {HeadingMismatch} When two files have not the same columns: who wants them in one output must say what that is to be.
@throws Whatever the output throws.
*/
export async function convertFiles(
	files: readonly InputFile[],
	output: Output,
	converting: Converting,
): Promise<readonly Outcome[]> {
	const known: Known = {failed: new Map(), encodings: new Map()};
	for (;;) {
		const attempt = new Attempt(output, converting, known);
		const ended = await attempt.run(files.filter(input => !known.failed.has(input)));
		if (ended === 'anew') {
			if (attempt.position > 0) await output.truncate?.(0);
			continue;
		}
		return files.map(input => {
			const outcome: Reply = ended.get(input) ?? {
				type: 'failed',
				error: known.failed.get(input) ?? notReached,
				bytesRead: 0,
			};
			return {...outcome, file: input.file};
		});
	}
}

/** What the columns of the output are, of all cells of all files. */
export async function findKinds(
	files: readonly InputFile[],
	converting: Omit<Converting, 'createFormat'>,
): Promise<readonly ColumnKind[]> {
	const nowhere: Output = {write: async () => {}, truncate: async () => {}};
	const work = {...converting.work, as: 'kinds'} as const;
	const outcomes = await convertFiles(files, nowhere, {...converting, work, createFormat: createNoFormat});
	const shown = outcomes.flatMap(outcome => (outcome.type === 'completed' ? [outcome.shown ?? []] : []));
	const none: ShownKinds = {kinds: 0, digits: 0, scale: 0};
	const columns = Math.max(0, ...shown.map(({length}) => length));
	return Array.from({length: columns}, (_, index) =>
		kindOf(shown.map(ofFile => ofFile[index] ?? none).reduce(addKinds, none)),
	);
}

/** What earlier attempts have shown. */
interface Known {
	readonly failed: Map<InputFile, ErrorReport>;
	readonly encodings: Map<InputFile, TextEncoding>;
}

const mixedEncodings: ErrorReport = {
	code: 'INVALID_ENCODING',
	message:
		'Expected UTF-8, as the data was in the beginning; found bytes that are not, when a part of it had been written to a pipe. Write to a file instead, from a file',
	line: null,
	byte_offset: null,
};

const notReached: ErrorReport = {
	code: 'NOT_CONVERTED',
	message: 'A file in front of it failed when a part of it had been written to a pipe. Write to a file instead',
	line: null,
	byte_offset: null,
};

/** One way from the beginning of an output to its end. */
class Attempt {
	readonly #output: Output;
	readonly #converting: Converting;
	readonly #known: Known;
	readonly #format: OutputFormat;
	readonly #choice: ColumnChoice;
	readonly #stopping = new AbortController();
	readonly #readings: FileReading[] = [];
	#hasBegun = false;
	/** Bytes that have been written. */
	position = 0;

	constructor(output: Output, converting: Converting, known: Known) {
		this.#output = output;
		this.#converting = converting;
		this.#known = known;
		this.#format = converting.createFormat();
		this.#choice = converting.createChoice();
	}

	/** @returns What became of the files, as far as they were reached; `anew` where all of it is to be written once more. */
	async run(files: readonly InputFile[]): Promise<ReadonlyMap<InputFile, Reply> | 'anew'> {
		const outcomes = new Map<InputFile, Reply>();
		try {
			for (const [index, input] of files.entries()) {
				this.#readAhead(files.slice(0, index + this.#converting.filesAhead));
				const before = this.position;
				const undo = this.#format.mark();
				const reply = await this.#readings[index]?.write();
				if (reply === undefined) throw new Error('Expected a file that is read');
				if (reply.type === 'completed') {
					outcomes.set(input, reply);
					if (this.#choice.giver !== null) await this.#begin();
					continue;
				}
				const next = this.#afterFailure(input, reply, this.position > before);
				if (next === 'anew') return 'anew';
				outcomes.set(input, {type: 'failed', error: this.#known.failed.get(input) ?? notReached, bytesRead: 0});
				if (next === 'end') return outcomes;
				if (this.position > before) await this.#output.truncate?.(before);
				this.position = before;
				undo();
			}
			await this.#write(this.#format.end());
			return outcomes;
		} finally {
			this.#stopping.abort();
			await Promise.allSettled(this.#readings.map(({reply}) => reply));
		}
	}

	#readAhead(files: readonly InputFile[]): void {
		const {settings, work, threads, signal} = this.#converting;
		while (this.#readings.length < files.length) {
			const input = files[this.#readings.length];
			if (input === undefined) throw new Error('Expected a file');
			const reading = new FileReading(this.#readings.at(-1) ?? null, {
				choose: (names, areOfFile) => this.#choice.choose(names, input.file, areOfFile),
				write: async piece => {
					await this.#begin();
					await this.#write(this.#format.add(piece));
				},
			});
			const known = this.#known.encodings.get(input) ?? null;
			const ending = AbortSignal.any([signal, this.#stopping.signal]);
			reading.start(threads.read({source: sourceOf(input), settings, work, known}, reading, ending));
			this.#readings.push(reading);
		}
	}

	/** What can be done when a file has failed, or was read in the wrong encoding. */
	#afterFailure(
		input: InputFile,
		reply: Exclude<FileReply, {type: 'completed'}>,
		hasWritten: boolean,
	): 'anew' | 'go-on' | 'end' {
		const canTruncate = this.#output.truncate !== null;
		if (reply.type === 'encoding-found-late' && canReadAgain(input.source) && canTruncate) {
			this.#known.encodings.set(input, reply.encoding);
			return 'anew';
		}
		this.#known.failed.set(input, reply.type === 'failed' ? reply.error : mixedEncodings);
		// What a reader has received cannot be taken back, so nothing may follow it.
		if (hasWritten && !canTruncate) return 'end';
		// Its columns are those of no file that is there.
		return this.#choice.giver === input.file ? 'anew' : 'go-on';
	}

	async #begin(): Promise<void> {
		if (this.#hasBegun) return;
		this.#hasBegun = true;
		await this.#write(this.#format.begin(this.#choice.names, this.#choice.areOfFile));
	}

	async #write(bytes: Uint8Array): Promise<void> {
		if (bytes.length === 0) return;
		this.position += bytes.length;
		await this.#output.write(bytes);
	}
}
