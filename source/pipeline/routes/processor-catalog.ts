// What routes need to know of processors before any is made: which there are, and what is wrong with their settings.
import type {JsonObject} from '../pipeline.ts';

export interface ProcessorCatalog {
	/** Those that need no module. */
	readonly builtIn: readonly ProcessorInfo[];
	/**
	Loads the processor that a module exports. Its code is run.

	@param path - Absolute.
	@throws {ImportError} When it cannot be loaded, or exports none; see `engine/shared/import-module.ts`.
	*/
	readonly loadModule: (path: string) => Promise<ProcessorInfo>;
}

export interface ProcessorInfo {
	readonly name: string;
	readonly version: number;
	/** Of the code of a module; empty for what is built in, whose version says it. */
	readonly digest: string;
	/** @returns What is wrong with settings, all of it; empty where they are right. */
	readonly check: (settings: JsonObject) => readonly SettingFault[];
}

export interface SettingFault {
	/** Leads from the settings to what is wrong: `['columns', 0]`. Empty for all of them, or for what is missing. */
	readonly path: readonly (string | number)[];
	/** What is wrong, behind the path: `takes …, but got ….` */
	readonly sentence: string;
}
