// What is known of processors by those who read a configuration, and by those who run its steps.
import type {JsonObject, Processor, Step} from './pipeline.ts';

/** What is wrong with the settings of a step. */
export interface SettingFault {
	/** Of the value within `with`: keys, and places in lists from 0; none for all of it. Of a key that should not be there, the key itself. */
	readonly path: readonly (string | number)[];
	/** What was expected and what was found. */
	readonly sentence: string;
}

/** A module that exports a processor by default. */
export interface ProcessorModule {
	/** Absolute, without links. */
	readonly path: string;
	readonly name: string;
	readonly version: number;
	readonly isStateful: boolean;
	/** Of the texts of all files that it is made of. */
	readonly digest: string;
}

/** A module that was named cannot be used. */
export class ProcessorModuleError extends Error {
	override readonly name = 'ProcessorModuleError';
	/** In the module, 1-based; `null` where it cannot be known. */
	readonly line: number | null;

	constructor(message: string, line: number | null) {
		super(message);
		this.line = line;
	}
}

/** For a configuration. A processor is named as in `Step.processor`: by its name, or by the absolute path of its module. */
export interface ProcessorCatalog {
	/** Of those that are built in. */
	readonly names: readonly string[];
	/**
	Says what is wrong with settings; nothing where they can be used. Of a module it asks what `create` says to them.

	@throws {ProcessorModuleError}
	*/
	readonly check: (processor: string, settings: JsonObject) => Promise<readonly SettingFault[]>;
	/** Evaluates a module, in a process of its own. @throws {ProcessorModuleError} */
	readonly loadModule: (path: string) => Promise<ProcessorModule>;
	/** A text that changes when the processor does: a part of `Pipeline.digest`. @throws {ProcessorModuleError} */
	readonly digestOf: (processor: string) => Promise<string>;
}

/** For the steps of a configuration that has been checked. */
export interface Processors extends ProcessorCatalog {
	/** Steps that are the same share what they need. @throws {ProcessorModuleError} */
	readonly open: (step: Step) => Promise<Processor>;
	/** Ends all threads and processes that are left. */
	readonly close: () => Promise<void>;
}
