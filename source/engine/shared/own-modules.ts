// Modules of analyses that people have written → declarations that this thread can use. A module that has functions is loaded by each thread,
// because functions cannot be sent; what it exports must be the same there.
import {checkDeclaration} from '../../analysis/check-declaration.ts';
import type {AnalysisDeclaration, CodeOrigin, Derivation} from '../../analysis/declaration.ts';
import {messageOf} from '../../text/system-error.ts';
import {ImportError, type ImportedModule, importModule} from './import-module.ts';

/** More would not fit into a recording. */
const MAX_ANALYSES = 50;
const MAX_FAULTS = 10;

/** What is wrong with a module of analyses. */
export interface ModuleFault {
	/** 1-based; `null` where it cannot be known. */
	readonly line: number | null;
	readonly sentence: string;
}

/** A module of analyses cannot be used. */
export class ModuleFaultsError extends Error {
	override readonly name = 'ModuleFaultsError';
	readonly faults: readonly ModuleFault[];

	constructor(faults: readonly ModuleFault[]) {
		super(faults.map(({sentence}) => sentence).join('; '));
		this.faults = faults;
	}
}

/**
Loads the analyses that a module exports by default.

@throws {ModuleFaultsError} When it cannot be used.
*/
export async function loadDeclarations(path: string): Promise<readonly AnalysisDeclaration[]> {
	try {
		const module = await importModule(path);
		const faults = findFaults(module.exported);
		if (faults.length > 0) throw withoutLines(faults.slice(0, MAX_FAULTS));
		return declarationsOf(module);
	} catch (error) {
		if (error instanceof ModuleFaultsError) throw error;
		if (error instanceof ImportError) throw new ModuleFaultsError([{line: error.line, sentence: error.message}]);
		// Of an accessor of the module.
		throw withoutLines([messageOf(error)]);
	}
}

const withoutLines = (sentences: readonly string[]): ModuleFaultsError =>
	new ModuleFaultsError(sentences.map(sentence => ({line: null, sentence})));

/**
Loads an analysis whose functions another thread has loaded.

@throws {Error} When it is not the same here.
*/
export async function loadFromOrigin({path, digest, place}: CodeOrigin): Promise<AnalysisDeclaration> {
	const declaration = (await loadDeclarations(path))[place];
	if (declaration?.code?.digest !== digest) throw new Error('it was changed while the run was going on');
	return declaration;
}

function declarationsOf({exported, path, digest}: ImportedModule): readonly AnalysisDeclaration[] {
	const found = (Array.isArray(exported) ? exported : [exported]) as readonly AnalysisDeclaration[];
	return found.map((declaration, place) => {
		const {derive = {}, where, accept} = declaration;
		const hasFunctions =
			where !== undefined || accept !== undefined || Object.values(derive).some(each => 'js' in each);
		return hasFunctions ? copyWithFunctions(declaration, {path, digest, place}) : structuredClone(declaration);
	});
}

/** Its data without accessors, prototypes and whatever else a module can make. */
function copyWithFunctions(
	{derive = {}, where, accept, ...others}: AnalysisDeclaration,
	code: CodeOrigin,
): AnalysisDeclaration {
	const copies = Object.entries(derive).map(([name, derivation]): [string, Derivation<string>] => {
		if (!('js' in derivation)) return [name, structuredClone(derivation)];
		const {js, ...data} = derivation;
		return [name, {...structuredClone(data), js} as Derivation<string>];
	});
	return {
		...structuredClone(others),
		...(copies.length > 0 && {derive: Object.fromEntries(copies)}),
		...(where !== undefined && {where}),
		...(accept !== undefined && {accept}),
		code,
	};
}

/** What is wrong with the default export of a module, in sentences. */
function findFaults(found: unknown): readonly string[] {
	if (found === undefined)
		return [
			'expected the default export to be an analysis or a list of them, but there is none: export default defineAnalysis({…})',
		];
	const check = (each: unknown) => checkDeclaration(each, {mayHaveFunctions: true});
	if (!Array.isArray(found)) return check(found).map(fault => sentenceOf(fault.path, fault.sentence));
	if (found.length === 0 || found.length > MAX_ANALYSES)
		return [`expected 1 to ${MAX_ANALYSES} analyses, but found ${found.length}`];
	return Array.from(found, (each: unknown, index) =>
		check(each).map(({path, sentence}) => sentenceOf(path === '' ? `[${index}]` : `[${index}].${path}`, sentence)),
	).flat();
}

const sentenceOf = (path: string, sentence: string): string => (path === '' ? sentence : `${path}: ${sentence}`);
