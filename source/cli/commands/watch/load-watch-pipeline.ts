// The routes of a watched folder, ready to work: those of a file, or one route for all that analyzes each.
import {createHash} from 'node:crypto';
import {resolve} from 'node:path';
import {type BatchOptions, type BatchSettings, readSettingsOf} from '../../../engine/batch.ts';
import {digestOfSettings} from '../../../engine/settings-digest.ts';
import type {RunEvent} from '../../../model/events.ts';
import type {AnalysisResults} from '../../../model/results.ts';
import {Analyzer, analyzeStep} from '../../../pipeline/analyze.ts';
import type {Pipeline} from '../../../pipeline/pipeline.ts';
import {createProcessors} from '../../../pipeline/processors/processors.ts';
import {createRouteChooser} from '../../../pipeline/routes/choose/choose-route.ts';
import {loadPipeline} from '../../../pipeline/routes/load-pipeline.ts';
import type {ClassicSettings} from '../../../pipeline/routes/written.ts';
import type {LoadedPipeline} from '../../../watch/loaded-pipeline.ts';
import {namesBesideRoutes} from '../../config-file/names-beside-routes.ts';

export interface WatchPipeline extends LoadedPipeline {
	/** Consolidated results of what has been analyzed. Asked for when nothing more is: the threads end with it. */
	readonly results: () => Promise<AnalysisResults>;
	/** What a file of the system that this one replaces says beside its steps; `null` for any other. */
	readonly classic: ClassicSettings | null;
}

export interface WatchPipelineOptions {
	/** How files are read. */
	readonly settings: BatchSettings;
	/** See `BatchOptions`. */
	readonly workers?: BatchOptions['workers'];
	/** See `ProcessorLimits`. */
	readonly maxTextBytes: number;
	/** What happens to the file of a claim while it is read. */
	readonly onEvent: (claim: string, event: RunEvent) => void;
	readonly onLog: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/**
@param routes - The file of the routes; `null`: every file is analyzed.
@throws {PipelineError} With all that is wrong with it.
*/
export async function loadWatchPipeline(
	routes: string | null,
	{settings, workers, maxTextBytes, onEvent, onLog}: WatchPipelineOptions,
): Promise<WatchPipeline> {
	const analyzer = new Analyzer({settings, workers, keepsResults: true, isUnattended: true, onEvent});
	const processors = createProcessors({
		...{reading: settings, threads: settings.threads, builtIns: [analyzeStep(analyzer)], onLog},
		limits: {maxTextBytes},
	});
	try {
		const {pipeline, classic} =
			routes === null
				? {pipeline: ANALYZE_ALL, classic: null}
				: await loadPipeline(resolve(routes), processors, namesBesideRoutes(routes));
		const chooser = createRouteChooser(pipeline.routes, readSettingsOf(settings));
		return {
			...{classic, pipeline: {...pipeline, digest: digestOf(settings, pipeline.digest)}},
			processor: processors.open,
			chooseRoute: async file => (await chooser({claim: '', ...file})).route,
			close: processors.close,
			async results() {
				await analyzer.close();
				return mergeResults(analyzer.results);
			},
		};
	} catch (error) {
		await processors.close();
		throw error;
	}
}

const ANALYZE_ALL: Pipeline = {
	routes: [{tag: 'all', match: 'any', steps: [{processor: 'analyze', with: {}, tags: {}}]}],
	digest: '',
};

/** What files come to depends on how they are read as well. */
const digestOf = (settings: BatchSettings, routes: string): string =>
	createHash('sha256')
		.update(JSON.stringify([digestOfSettings(readSettingsOf(settings)), routes]))
		.digest('hex')
		.slice(0, 32);

/** Of files that were read in several ways: a name that two of them have has no result of all files. */
function mergeResults(results: readonly AnalysisResults[]): AnalysisResults {
	const merged = new Map<string, AnalysisResults[keyof AnalysisResults] | null>();
	for (const [name, result] of results.flatMap(each => Object.entries(each))) {
		merged.set(name, merged.has(name) ? null : result);
	}
	return Object.fromEntries(Array.from(merged).filter(([, result]) => result !== null)) as AnalysisResults;
}
