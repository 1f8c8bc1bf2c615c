// A module, or one of our own -> a processor that this process can run. It evaluates a module once.
import {
	findProcessorFault,
	type ProcessorContext,
	type ProcessorDeclaration,
} from '../../../engine/shared/define-processor.ts';
import {ImportError, importModule} from '../../../engine/shared/import-module.ts';
import {messageOf} from '../../../text/system-error.ts';
import {type ProcessorModule, ProcessorModuleError} from '../../catalog.ts';
import {type JsonObject, StepError} from '../../pipeline.ts';
import type {IsolatedBuiltIn, NamedProcessor} from '../protocol.ts';
import type {OutputFile} from '../write-output.ts';
import type {StepFile} from './step-file.ts';

/** Our own ones are told more of a file, and may write more than one result. */
export type BuiltInDeclaration = Omit<ProcessorDeclaration<JsonObject>, 'create'> & {
	readonly create: (settings: JsonObject) => {
		readonly process: (file: StepFile, context: BuiltInContext) => unknown;
	};
};

export interface BuiltInContext extends ProcessorContext {
	/** Begins a result with that ending. What becomes of it is returned as `outputs`. */
	readonly openOutput: (ending: string) => Promise<OutputFile>;
	/** See `CleanTable`. */
	readonly isNormalised: boolean;
}

export interface LoadedProcessor {
	readonly declaration: ProcessorDeclaration<JsonObject> | BuiltInDeclaration;
	/** Of a module. */
	readonly module: ProcessorModule | null;
}

/** @throws {ProcessorModuleError} */
export async function loadModule(path: string): Promise<LoadedProcessor & {readonly module: ProcessorModule}> {
	try {
		const {exported, path: realPath, digest} = await importModule(path);
		if (exported === undefined)
			throw new ProcessorModuleError(
				'expected the default export to be a processor, but there is none: export default defineProcessor({…})',
				null,
			);
		const fault = findProcessorFault(exported);
		if (fault !== null)
			throw new ProcessorModuleError(`expected a processor, as defineProcessor makes one; ${fault}`, null);
		const declaration = exported as ProcessorDeclaration<JsonObject>;
		const {name, version} = declaration;
		const module = {path: realPath, name, version, isStateful: isStateful(declaration), digest};
		return {declaration, module};
	} catch (error) {
		if (error instanceof ProcessorModuleError) throw error;
		if (error instanceof ImportError) throw new ProcessorModuleError(error.message, error.line);
		// Of an accessor of the module.
		throw new ProcessorModuleError(messageOf(error), null);
	}
}

export const isStateful = ({state}: {readonly state?: unknown}): boolean => state !== undefined;

const builtIns: Readonly<Record<IsolatedBuiltIn, () => Promise<BuiltInDeclaration>>> = {
	simple: async () => (await import('./simple.ts')).simple,
	stateful: async () => (await import('./stateful.ts')).stateful,
	validate: async () => (await import('./validate.ts')).validate,
};

/**
@throws {ProcessorModuleError}
@throws {StepError} When the module is not what it was when the configuration was read.
*/
export async function loadProcessor(processor: NamedProcessor): Promise<LoadedProcessor> {
	if (processor.kind === 'built-in') return {declaration: await builtIns[processor.name](), module: null};
	const loaded = await loadModule(processor.path);
	if (processor.digest !== null && loaded.module.digest !== processor.digest)
		throw new StepError(
			'PROCESSOR_FAILED',
			`The module ${processor.path} was changed since the configuration was read. Have it read again, and all files take the new one`,
			{mayPass: true},
		);
	return loaded;
}
