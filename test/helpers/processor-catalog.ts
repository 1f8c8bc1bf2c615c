// Processors for tests of routes: a few names, and modules that export nothing but a name.
import {basename} from 'node:path';
import {type ProcessorCatalog, ProcessorModuleError, type SettingFault} from '../../source/pipeline/catalog.ts';
import type {JsonObject} from '../../source/pipeline/pipeline.ts';

/** `analyze` takes an analysis, which is a text or a list of some; the others take anything. */
function checkAnalyze({analysis}: JsonObject): SettingFault[] {
	if (analysis === undefined || typeof analysis === 'string') return [];
	if (!Array.isArray(analysis)) return [{path: ['analysis'], sentence: 'takes a text.'}];
	return analysis.flatMap((item: unknown, index) =>
		typeof item === 'string' ? [] : [{path: ['analysis', index], sentence: 'takes a text.'}],
	);
}

/** @param modules - The names of the processors that modules export, by their file names; others are not there. */
export const catalogOf = (modules: Readonly<Record<string, string>> = {}): ProcessorCatalog => ({
	names: ['analyze', 'convert', 'command', 'simple', 'stateful'],
	check: async (processor, settings) => (processor === 'analyze' ? checkAnalyze(settings) : []),
	async loadModule(path) {
		const name = modules[basename(path)];
		if (name === undefined) throw new ProcessorModuleError('there is no such file', null);
		return {path, name, version: 1, isStateful: false, digest: name};
	},
	digestOf: async processor => basename(processor),
});
