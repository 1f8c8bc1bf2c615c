// Analyses of the user's own: modules that --analysis or the user's own configuration file names. They are checked like any data from
// outside, and then known to this thread; others receive them with the settings of a run.
import {checkDeclaration} from '../../analysis/check-declaration.ts';
import type {AnalysisDeclaration} from '../../analysis/declaration.ts';
import {type AnalysisChoice, analysisNames, registerAnalyses} from '../../analysis/registry.ts';
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
	const refuse = (...sentences: readonly string[]): never => {
		throw new ModuleError(
			path,
			sentences.map(sentence => ({line: null, sentence})),
		);
	};
	const found = await importModule(path);
	if (found === undefined)
		return refuse(
			'expected the default export to be an analysis or a list of them, but there is none: export default defineAnalysis({…})',
		);
	const list: readonly unknown[] = Array.isArray(found) ? found : [found];
	if (list.length === 0 || list.length > MAX_ANALYSES)
		return refuse(`expected 1 to ${MAX_ANALYSES} analyses, but found ${list.length}`);
	const faults = list.flatMap((each, index) =>
		checkDeclaration(each).map(fault => {
			const place = [...(Array.isArray(found) ? [`[${index}]`] : []), fault.path].filter(part => part !== '').join('.');
			return place === '' ? fault.sentence : `${place}: ${fault.sentence}`;
		}),
	);
	if (faults.length > 0) return refuse(...faults.slice(0, MAX_FAULTS));
	try {
		// What other threads receive: without accessors, prototypes and whatever else a module can make.
		const declarations = structuredClone(list) as readonly AnalysisDeclaration[];
		registerAnalyses(declarations);
		return declarations.map(({name}) => name);
	} catch (error) {
		return refuse(error instanceof RangeError ? error.message : 'expected plain data, but it cannot be copied');
	}
}

const MAX_FAULTS = 10;
