// Analyses of the user's own: modules that --analysis or the user's own configuration file names. They are checked like any data from
// outside, and then known to this thread; others receive them with the settings of a run.
import {checkDeclaration} from '../../analysis/check-declaration.ts';
import type {AnalysisDeclaration} from '../../analysis/declaration.ts';
import {type AnalysisChoice, analysisNames, registerAnalyses} from '../../analysis/registry.ts';
import {messageOf} from '../../text/system-error.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {importModule} from './import-module.ts';
import {ModuleError} from './module-error.ts';
import {isModulePath} from './module-path.ts';

/** More would not fit into a recording. */
const MAX_ANALYSES = 50;

/**
Loads the modules that the settings name.

@returns The analyses to choose from, by their names.
@throws {ModuleError} When a module cannot be used.
*/
export async function loadAnalyses({analysis, analysisModules}: RunSettings): Promise<AnalysisChoice> {
	if (typeof analysis === 'string' && isModulePath(analysis)) return loadModule(analysis);
	if (analysis !== null) return analysis;
	const own: string[] = [];
	for (const path of analysisModules) own.push(...(await loadModule(path)));
	return own.length === 0 ? null : [...own, ...analysisNames];
}

/** @returns The names of its analyses. */
async function loadModule(path: string): Promise<readonly string[]> {
	const found = await importModule(path);
	const refuse = (...sentences: readonly string[]): never => {
		throw new ModuleError(
			path,
			sentences.map(sentence => ({line: null, sentence})),
		);
	};
	try {
		const faults = findFaults(found);
		if (faults.length > 0) return refuse(...faults.slice(0, MAX_FAULTS));
		// What other threads receive: without accessors, prototypes and whatever else a module can make.
		const declarations = structuredClone(Array.isArray(found) ? found : [found]) as readonly AnalysisDeclaration[];
		registerAnalyses(declarations);
		return declarations.map(({name}) => name);
	} catch (error) {
		// Of a name that belongs to another analysis, or of an accessor of the module.
		if (error instanceof ModuleError) throw error;
		return refuse(messageOf(error));
	}
}

/** What is wrong with the default export of a module, in sentences. */
function findFaults(found: unknown): readonly string[] {
	if (found === undefined)
		return [
			'expected the default export to be an analysis or a list of them, but there is none: export default defineAnalysis({…})',
		];
	if (!Array.isArray(found)) return checkDeclaration(found).map(fault => sentenceOf(fault.path, fault.sentence));
	if (found.length === 0 || found.length > MAX_ANALYSES)
		return [`expected 1 to ${MAX_ANALYSES} analyses, but found ${found.length}`];
	return Array.from(found, (each: unknown, index) =>
		checkDeclaration(each).map(({path, sentence}) =>
			sentenceOf(path === '' ? `[${index}]` : `[${index}].${path}`, sentence),
		),
	).flat();
}

const sentenceOf = (path: string, sentence: string): string => (path === '' ? sentence : `${path}: ${sentence}`);

const MAX_FAULTS = 10;
