// What becomes of a file that comes in: routes, chosen by what the file is, each a list of steps, each with a processor. A step may send the
// file to another route. Who reads a configuration, who chooses, who runs the steps: all speak of these types.
import type {FileReport} from '../model/report.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
	readonly [name: string]: Json;
}

/** The routes of a configuration, checked: tags exist, and every way ends. */
export interface Pipeline {
	/** In the order in which they are tried. */
	readonly routes: readonly Route[];
	/** Names of all that a file can come to by it, and how: two pipelines with the same digest give the same results. 32 hexadecimal digits. */
	readonly digest: string;
}

export interface Route {
	/** Its name, and the state that a file is in while it is on it. */
	readonly tag: string;
	/** Which files take it; `null`: only those that a step sends here. */
	readonly match: Match | 'any' | null;
	readonly steps: readonly Step[];
}

/** All terms that are there must hold. */
export interface Match {
	/** Patterns of the name, without its folders, as in a shell: one of them must fit. */
	readonly name?: readonly string[];
	/** Bytes, both ends included. */
	readonly size?: {readonly min?: number; readonly max?: number};
	/** A pattern of the folder below the watched one; the empty text for the folder itself. */
	readonly folder?: readonly string[];
	/** Columns that the header must have, by names as analyses compare them. */
	readonly columns?: readonly string[];
	/** What the reader finds: delimiter, encoding, header, compression. */
	readonly dialect?: JsonObject;
	/** The first bytes of the file, as they lie on the disk. */
	readonly firstBytes?: Uint8Array;
	/** A text that stands somewhere in the unpacked text. */
	readonly contains?: string;
	/** A regular expression that fits somewhere in the unpacked text, line by line. */
	readonly matches?: string;
}

export interface Step {
	/** The name of a processor that is built in, or the absolute path of a module that exports one. */
	readonly processor: string;
	/** Its settings, as in the configuration; the processor has checked them. */
	readonly with: JsonObject;
	/** Where the file goes on for what the processor says: its tags → tags of routes. */
	readonly tags: Readonly<Record<string, string>>;
}

/** More than any real way of a file takes. */
export const MAX_STEPS = 32;

/** A file on its way. */
export interface PipelineFile {
	/** What the claim of the file is known by; names of its outputs begin with it. */
	readonly claim: string;
	/** Its name as it came, with its folder below the watched one, as a text of `text/path-text.ts`. */
	readonly name: string;
	/** Where the bytes lie that the next step reads: the file itself, or what an earlier step has made of it. As `name`. */
	readonly path: string;
	readonly bytes: number;
	/** What these bytes are known by, as in `FileReport`: whoever has read others has read another version. Missing where it is not known. */
	readonly contentHash?: string | undefined;
	/** See `StepOutput.table`. */
	readonly table?: CleanTable | undefined;
}

/**
A table that a step has written: clean CSV in UTF-8, with commas, double quotes and LF. It is read as that, whatever is said of files that
come, or might be found in its cells.
*/
export interface CleanTable {
	readonly hasHeader: boolean;
	/** Whether its numbers have points and its dates are YYYY-MM-DD; else its cells are as they came. */
	readonly isNormalised: boolean;
}

/** What a step works with. */
export interface StepInput {
	readonly file: PipelineFile;
	/** The tag of the route. */
	readonly tag: string;
	readonly step: Step;
	/** What the steps before have said of the file. */
	readonly metadata: JsonObject;
	/** The folder for what it writes: names of files there begin with `outputPrefix`. They are results once the claim is decided. */
	readonly outputFolder: string;
	/** `<claim>__<name>.` */
	readonly outputPrefix: string;
	/** What the processor has kept of the files before, where it keeps anything; `null` for the first one. */
	readonly state: Uint8Array | null;
	/** Waits for another program somewhere else: other files have their turn meanwhile. */
	readonly aside: <Value>(wait: () => Promise<Value>) => Promise<Value>;
	/** Aborting it ends the step: it rejects with the reason. */
	readonly signal: AbortSignal;
}

/** What a step came to. */
export interface StepOutcome {
	/** What it says of the file, where it says anything: a key of `Step.tags`, which has the tag of the route that the file goes on by. */
	readonly said: string | null;
	readonly metadata: JsonObject;
	/** Files that it has written to the output folder. */
	readonly outputs: readonly StepOutput[];
	/** What the next step reads instead of what this one has read, one of `outputs`; `null`: the same. */
	readonly data: StepOutput | null;
	/** The report of `analyze` and of those that read records; `null` for any other. */
	readonly report: FileReport | null;
	/** What is to be kept for the next file; `null`: as before. */
	readonly state: Uint8Array | null;
}

export interface StepOutput {
	/** Its name in the output folder, as a text of `text/path-text.ts`. */
	readonly name: string;
	readonly bytes: number;
	/** There where it is a table that the program itself has written. */
	readonly table?: CleanTable | undefined;
}

/** A processor that is ready to work. */
export interface Processor {
	readonly name: string;
	/** A change of it makes results of the same content others. */
	readonly version: number;
	/** Whether it keeps something from file to file: then files come to it one after the other. */
	readonly isStateful: boolean;
	/** @throws {StepError} When the file fails; anything else is a fault of this program. */
	readonly run: (input: StepInput) => Promise<StepOutcome>;
	readonly close: () => Promise<void>;
}

/** A step fails its file. */
export class StepError extends Error {
	override readonly name = 'StepError';
	/** A stable upper-case word: `PROCESSOR_FAILED`, `COMMAND_FAILED` … */
	readonly code: string;
	/** Whether the same may go well later: then the file is tried again. */
	readonly mayPass: boolean;
	/** Whether the step itself has tried again for as long as it is to: then the file is not, but the same content may be. */
	readonly wasRetried: boolean;
	/** Of a file that was read: what it came to. */
	readonly report: FileReport | null;

	constructor(
		code: string,
		message: string,
		{mayPass = false, wasRetried = false, report = null, ...options}: StepErrorOptions = {},
	) {
		super(message, options);
		this.code = code;
		this.wasRetried = wasRetried;
		this.mayPass = mayPass;
		this.report = report;
	}
}

export interface StepErrorOptions extends ErrorOptions {
	readonly mayPass?: boolean;
	readonly wasRetried?: boolean;
	readonly report?: FileReport | null;
}
