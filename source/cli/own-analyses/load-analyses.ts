// Analyses of the user's own: modules that --analysis or the user's own configuration file names. They are checked like any data from
// outside, and then known to this thread; others receive them with the settings of a run.
import {QUESTION_NAME} from '../../analysis/question/question-name.ts';
import {
	type AnalysisChoice,
	areCombined,
	combineAnalyses,
	detectedNames,
	findCombinationFault,
	isAnalysisName,
	namesOf,
	registerAnalyses,
} from '../../analysis/registry.ts';
import {loadDeclarations, ModuleFaultsError} from '../../engine/shared/own-modules.ts';
import {isModulePath} from '../../text/module-path.ts';
import {messageOf} from '../../text/system-error.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {ModuleError} from './module-error.ts';
import {unknownAnalysis} from './unknown-analysis.ts';

/**
Loads the modules that the settings name.

@returns The analyses to choose from, by their names.
@throws {ModuleError} When a module cannot be used.
@throws {UsageError} When a name is that of no analysis.
*/
export async function loadAnalyses({analysis, analysisModules}: RunSettings): Promise<AnalysisChoice> {
	if (typeof analysis === 'string' && isModulePath(analysis)) return loadModule(analysis);
	const own: string[] = [];
	for (const path of analysisModules) own.push(...(await loadModule(path)));
	if (analysis === null) return own.length === 0 ? null : [...own, ...detectedNames];
	// Of combined analyses, a module stands for all of its own.
	const names: string[] = [];
	for (const item of namesOf(analysis)) names.push(...(isModulePath(item) ? await loadModule(item) : [item]));
	const unknown = names.find(name => !isAnalysisName(name));
	if (unknown !== undefined) throw unknownAnalysis(unknown, '--analysis', own);
	return areCombined(analysis) ? combine(names) : analysis;
}

function combine(names: readonly string[]): AnalysisChoice {
	const fault = findCombinationFault(names);
	if (fault !== undefined) throw new UsageError(`The analyses cannot be combined: ${fault}.`);
	return combineAnalyses(names);
}

/** @returns The names of its analyses. */
async function loadModule(path: string): Promise<readonly string[]> {
	try {
		const declarations = await loadDeclarations(path);
		if (declarations.some(({name}) => name === QUESTION_NAME))
			throw new RangeError(`The name ${QUESTION_NAME} is that of what flags ask, so no analysis can have it`);
		registerAnalyses(declarations);
		return declarations.map(({name}) => name);
	} catch (error) {
		// Otherwise of a name that belongs to another analysis.
		throw new ModuleError(
			path,
			error instanceof ModuleFaultsError ? error.faults : [{line: null, sentence: messageOf(error)}],
		);
	}
}
