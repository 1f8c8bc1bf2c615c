// What a module declares a processor with: a step that files of a watched folder go through. The functions of a module run in processes of their
// own, see pipeline/processors/worker.

/** What JSON can say. */
export type JsonValue =
	| null
	| boolean
	| number
	| string
	| readonly JsonValue[]
	| {readonly [name: string]: JsonValue | undefined};

/** A record by the names of its columns, all of them texts. Where two columns have the same name, the second is `amount_2`. */
export type ProcessedRecord = Readonly<Record<string, string>>;

/** A file that is processed. Its streams may be read more than once, and one after the other; none holds all of it in memory. */
export interface ProcessorFile {
	/** As it came, without folders. */
	readonly name: string;
	/** Its size; of what the step before has made of it, where that has made anything. */
	readonly size: number;
	/** All of its text, unpacked and decoded. One of more than 64 MiB, or `--max-text`, fails the file: `lines()` has no such limit. */
	readonly text: () => Promise<string>;
	/** Its lines, unpacked and decoded, without their ends. */
	readonly lines: () => AsyncIterable<string>;
	/** The records of a table: in any dialect, encoding and packing that is read elsewhere. Malformed ones are left out, and reported. */
	readonly records: () => AsyncIterable<ProcessedRecord>;
	/** Its bytes as they lie on the disk. Each piece is there until the next one is asked for. */
	readonly bytes: () => AsyncIterable<Uint8Array>;
}

export interface ProcessorContext<State = JsonValue> {
	/** What the steps before have said of the file. */
	readonly metadata: {readonly [name: string]: JsonValue | undefined};
	/** Of the route that the file is on. */
	readonly tag: string;
	/** What this processing of the file is known by; another one for each file. */
	readonly claim: string;
	/** What `process` has returned for the file before; at first what the declaration says. A copy: only what is returned is kept. */
	readonly state: State;
	/** Aborted when the file is given up, shortly before the process is ended. */
	readonly signal: AbortSignal;
	/** Writes a line into the log. */
	readonly log: (message: string) => void;
}

type DataPiece = string | Uint8Array;
/** Text, bytes, or pieces of these as they come. */
export type ProcessorData = DataPiece | Iterable<DataPiece> | AsyncIterable<DataPiece>;

/** All of it may be left out. */
export interface ProcessorResult<State = JsonValue> {
	/** Becomes a file of the results, and what the next step reads. */
	readonly data?: ProcessorData | null | undefined;
	/** The same. */
	readonly output?: ProcessorData | null | undefined;
	/** The ending of that file: `json`. By default that of the file that came. */
	readonly ending?: string | undefined;
	/** Becomes a part of the file's result: at most 256 KiB of JSON. */
	readonly metadata?: {readonly [name: string]: unknown} | null | undefined;
	/** Where the file goes on: one of `tags` of the step. */
	readonly tag?: string | null | undefined;
	/** The same. */
	readonly nextTag?: string | null | undefined;
	/** What is kept for the next file, of a processor with a state: at most 16 MiB of JSON. As it was where it is left out. */
	readonly state?: State | undefined;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a function without a return statement gives it.
type Returned<State> = ProcessorResult<State> | null | undefined | void;

export interface ProcessorInstance<State = JsonValue> {
	/** Called for each file, one after the other; what it throws fails the file. */
	process(file: ProcessorFile, context: ProcessorContext<State>): Returned<State> | Promise<Returned<State>>;
}

export interface ProcessorDeclaration<Config = unknown, State = JsonValue> {
	/** Lower-case letters, digits and hyphens: `uppercase`. */
	readonly name: string;
	/** A whole number from 1: raise it when the same file comes to something else. */
	readonly version: number;
	/**
	There for one that keeps something from file to file: what the first file is given, as JSON. Then files come one after the other, and what is
	returned for one is saved together with its result, so that it counts once, whatever happens.
	*/
	readonly state?: State;
	/**
	Called once in each process, and when a configuration is checked.

	@param config - `with` of the step. @throws Whatever is wrong with it.
	*/
	create(config: Config): ProcessorInstance<State>;
}

/** Names become parts of names of files. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/**
Declares a processor, for the default export of a module that a route names.

@example
export default defineProcessor({
	name: 'uppercase', version: 1,
	create: () => ({
		async process(file) {
			const text = await file.text();
			return {data: text.toUpperCase(), metadata: {characters: text.length}};
		},
	}),
});

@throws {TypeError} When it cannot be used, with what is wrong.
*/
// biome-ignore lint/suspicious/noExplicitAny: whoever declares a processor says what its settings are.
export function defineProcessor<Config = any, State = JsonValue>(
	declaration: ProcessorDeclaration<Config, State>,
): ProcessorDeclaration<Config, State> {
	const fault = findProcessorFault(declaration);
	if (fault !== null) throw new TypeError(`The processor cannot be used: ${fault}`);
	return declaration;
}

/** What is wrong with what a module declares; `null` where nothing is. */
export function findProcessorFault(declaration: unknown): string | null {
	if (typeof declaration !== 'object' || declaration === null || Array.isArray(declaration))
		return 'expected name, version and create';
	const {name, version, create, state} = declaration as Readonly<Record<string, unknown>>;
	if (typeof name !== 'string' || !NAME.test(name))
		return `name: expected up to 40 lower-case letters, digits and hyphens, with a letter first, but found ${shown(name)}`;
	if (!Number.isSafeInteger(version) || (version as number) < 1)
		return `version: expected a whole number from 1, but found ${shown(version)}`;
	if (typeof create !== 'function')
		return `create: expected a function that gives an object with process(file, context), but found ${shown(create)}`;
	if ('state' in declaration && jsonOf(state) === undefined)
		return `state: expected what JSON can say, but found ${shown(state)}`;
	return null;
}

/** The JSON of a value; `undefined` where it has none. */
export function jsonOf(value: unknown): string | undefined {
	try {
		return JSON.stringify(value) as string | undefined;
	} catch {
		return undefined;
	}
}

/** More of a value would hide the sentence. */
const SHOWN_LENGTH = 60;

export function shown(value: unknown): string {
	if (typeof value === 'function') return 'a function';
	const text = jsonOf(value) ?? typeof value;
	return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
