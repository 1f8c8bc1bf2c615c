// The files of one output -> its bytes: one file after the other, in the order of the plan.
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import type {ReadSettings} from '../../../engine/shared/protocol.ts';
import {canReadAgain} from '../../../engine/shared/source-location.ts';
import type {TableSink} from '../../../engine/worker/table/fold-into-table.ts';
import {readTable, type TableReply} from '../../../engine/worker/table/read-table.ts';
import type {ErrorReport} from '../../../model/report.ts';
import {type ColumnChoice, HeadingMismatch} from './column-choice.ts';
import type {Normalised, UndecidedColumn} from './normalise.ts';
import type {RecordFormat} from './record-format.ts';
import type {InputFile} from './targets.ts';

/** What became of a file. */
export type Outcome = {readonly file: string; readonly undecided?: readonly UndecidedColumn[]} & Exclude<
	TableReply,
	Late
>;

type Late = Extract<TableReply, {type: 'encoding-found-late'}>;

export interface Converting {
	readonly settings: ReadSettings;
	readonly signal: AbortSignal;
	/** Whether numbers and dates are written in one form. */
	readonly normalises: boolean;
	/** Gives what the output begins with: it may be begun more than once. */
	readonly createFormat: () => RecordFormat;
	readonly createChoice: () => ColumnChoice;
}

export interface Output {
	readonly write: (bytes: Uint8Array) => Promise<void>;
	/** Takes back all that was written; `null` where that cannot be done. */
	readonly rewind: (() => Promise<void>) | null;
}

/**
Writes the records of all files. A file that fails leaves nothing behind: then the output is begun anew without it.

@throws {AbortedError} When the signal says so.
@throws {HeadingMismatch} When two files have not the same columns: who wants them in one output must say what that is to be.
@throws Whatever the output throws.
*/
export async function convertFiles(
	files: readonly InputFile[],
	output: Output,
	converting: Converting,
): Promise<readonly Outcome[]> {
	const failed = new Map<InputFile, ErrorReport>();
	const encodings = new Map<InputFile, TextEncoding>();
	for (;;) {
		const attempt = new Attempt(output, converting);
		const outcomes: Outcome[] = [];
		let isAnew = false;
		for (const input of files) {
			const known = failed.get(input);
			if (known !== undefined) {
				outcomes.push({type: 'failed', file: input.file, error: known, bytesRead: 0});
				continue;
			}
			const written = attempt.bytesWritten;
			const found = await attempt.add(input, encodings.get(input) ?? null);
			if (found.type === 'encoding-found-late') {
				if (canReadAgain(input.source) && output.rewind !== null) encodings.set(input, found.encoding);
				else failed.set(input, mixedEncodings);
				isAnew = true;
			} else {
				outcomes.push(found);
				if (found.type === 'completed') continue;
				failed.set(input, found.error);
				isAnew = attempt.bytesWritten > written;
			}
			if (isAnew) break;
		}
		if (!isAnew) {
			await attempt.end();
			return outcomes;
		}
		// What a reader has received cannot be taken back, so nothing may follow it.
		if (output.rewind === null) return restOf(files, outcomes, failed);
		await output.rewind();
	}
}

const mixedEncodings: ErrorReport = {
	code: 'INVALID_ENCODING',
	message:
		'Expected UTF-8, as the data was in the beginning; found bytes that are not, when a part of it had been written to a pipe. Write to a file instead, from a file',
	line: null,
	byte_offset: null,
};

const onlyOnce: ErrorReport = {
	code: 'NOT_CONVERTED',
	message: 'Expected a file: for --normalise it is read twice, and a pipe can be read once. Save it as a file first',
	line: null,
	byte_offset: null,
};

function restOf(
	files: readonly InputFile[],
	outcomes: readonly Outcome[],
	failed: ReadonlyMap<InputFile, ErrorReport>,
): readonly Outcome[] {
	const ended = outcomes.filter(({type}) => type === 'completed');
	const others = files.slice(ended.length).map((input): Outcome => {
		const error = failed.get(input) ?? notReached;
		return {type: 'failed', file: input.file, error, bytesRead: 0};
	});
	return [...ended, ...others];
}

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
	readonly #format: RecordFormat;
	readonly #choice: ColumnChoice;
	#hasBegun = false;
	bytesWritten = 0;

	constructor(output: Output, converting: Converting) {
		this.#output = output;
		this.#converting = converting;
		this.#format = converting.createFormat();
		this.#choice = converting.createChoice();
	}

	async #write(bytes: Uint8Array): Promise<void> {
		if (bytes.length === 0) return;
		this.bytesWritten += bytes.length;
		await this.#output.write(bytes);
	}

	async add(input: InputFile, known: TextEncoding | null): Promise<Outcome | Late> {
		const {normalises} = this.#converting;
		const found = normalises ? await this.#findForms(input, known) : null;
		if (found !== null && 'type' in found) return found;
		const begin = async (): Promise<void> => {
			if (!this.#hasBegun) await this.#write(this.#format.begin(this.#choice.names));
			this.#hasBegun = true;
		};
		const reply = await this.#read(input, known, {
			begin,
			onRecords: async bytes => this.#write(this.#format.add(found?.normalise(bytes) ?? bytes)),
		});
		return reply.type === 'completed' && found !== null ? {...reply, undecided: found.undecided} : reply;
	}

	/** @returns What became of the file, where it cannot be read a second time. */
	async #findForms(input: InputFile, known: TextEncoding | null): Promise<Normalised | Outcome | Late> {
		if (!canReadAgain(input.source)) return {type: 'failed', file: input.file, error: onlyOnce, bytesRead: 0};
		const {FormFinder} = await import('./normalise.ts');
		let finder = new FormFinder([]);
		const reply = await this.#read(input, known, {
			begin: async () => {
				finder = new FormFinder(this.#choice.names, this.#converting.settings.forms?.forced);
			},
			onRecords: async bytes => finder.add(bytes),
		});
		return reply.type === 'completed' ? finder.finish() : reply;
	}

	async #read(
		{file, source: location}: InputFile,
		known: TextEncoding | null,
		{begin, onRecords}: {readonly begin: () => Promise<void>; readonly onRecords: TableSink['onRecords']},
	): Promise<Outcome | Late> {
		const {settings, signal} = this.#converting;
		const sink: TableSink = {
			onHeader: async names => {
				const places = this.#choice.choose(names, file);
				await begin();
				return places;
			},
			onRecords,
		};
		try {
			const reply = await readTable({location, settings, sink, signal, known});
			return reply.type === 'encoding-found-late' ? reply : {...reply, file};
		} catch (error) {
			if (error instanceof HeadingMismatch && !error.isOfTwoFiles)
				return {type: 'failed', file, error: error.report, bytesRead: 0};
			throw error;
		}
	}

	async end(): Promise<void> {
		await this.#write(this.#format.end());
	}
}
