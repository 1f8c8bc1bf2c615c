// Processors for tests of routes: a few names, and modules that export nothing but a name.
import {basename} from 'node:path';
import {ImportError} from '../../source/engine/shared/import-module.ts';
import type {ProcessorCatalog, ProcessorInfo, SettingFault} from '../../source/pipeline/routes/processor-catalog.ts';

const info = (name: string, check: ProcessorInfo['check'] = () => []): ProcessorInfo => ({
	name,
	version: 1,
	digest: '',
	check,
});

/** `analyze` takes an analysis, which is a text or a list of some; the others take anything. */
function checkAnalyze({analysis}: Parameters<ProcessorInfo['check']>[0]): SettingFault[] {
	if (analysis === undefined || typeof analysis === 'string') return [];
	if (!Array.isArray(analysis)) return [{path: ['analysis'], sentence: 'takes a text.'}];
	return analysis.flatMap((item: unknown, index) =>
		typeof item === 'string' ? [] : [{path: ['analysis', index], sentence: 'takes a text.'}],
	);
}

/** @param modules - The names of the processors that modules export, by their file names; others are not there. */
export const catalogOf = (modules: Readonly<Record<string, string>> = {}): ProcessorCatalog => ({
	builtIn: [info('analyze', checkAnalyze), ...['convert', 'command', 'simple', 'stateful'].map(name => info(name))],
	async loadModule(path) {
		const name = modules[basename(path)];
		if (name === undefined) throw new ImportError('there is no such file', null);
		return info(name);
	},
});
