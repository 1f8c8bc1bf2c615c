// The routes of a watched folder, ready to work: those of a file, or one route for all that analyzes each.
import {createHash} from 'node:crypto';
import {type BatchSettings, readSettingsOf} from '../../../engine/batch.ts';
import {digestOfSettings} from '../../../engine/settings-digest.ts';
import type {RunEvent} from '../../../model/events.ts';
import type {AnalysisResults} from '../../../model/results.ts';
import {Analyzer} from '../../../pipeline/analyze.ts';
import type {Pipeline} from '../../../pipeline/pipeline.ts';
import type {LoadedPipeline} from '../../../watch/loaded-pipeline.ts';

export interface WatchPipeline extends LoadedPipeline {
	/** Consolidated results of what has been analyzed, once the threads have ended. */
	readonly results: () => Promise<AnalysisResults>;
}

/**
@param onEvent - What happens to the file of a claim while it is read.
*/
export async function loadWatchPipeline(
	routes: string | null,
	settings: BatchSettings,
	onEvent: (claim: string, event: RunEvent) => void,
): Promise<WatchPipeline> {
	const analyzer = new Analyzer({settings, onEvent});
	if (routes !== null) throw new Error('not yet');
	const pipeline: Pipeline = {
		routes: [{tag: 'all', match: 'any', steps: [{processor: 'analyze', with: {}, tags: {}}]}],
		digest: digestOf(settings, ''),
	};
	return {
		pipeline,
		processor: async () => analyzer,
		chooseRoute: async () => pipeline.routes[0] ?? null,
		close: () => analyzer.close(),
		async results() {
			await analyzer.close();
			return mergeResults(analyzer.results);
		},
	};
}

/** What files come to depends on how they are read as well. */
const digestOf = (settings: BatchSettings, routes: string): string =>
	createHash('sha256')
		.update(JSON.stringify([digestOfSettings(readSettingsOf(settings)), routes]))
		.digest('hex')
		.slice(0, 32);

/** Of several runs; a name that two of them have has no result of all files. */
function mergeResults(results: readonly AnalysisResults[]): AnalysisResults {
	const merged = new Map<string, AnalysisResults[keyof AnalysisResults] | null>();
	for (const [name, result] of results.flatMap(each => Object.entries(each))) {
		merged.set(name, merged.has(name) ? null : result);
	}
	return Object.fromEntries(Array.from(merged).filter(([, result]) => result !== null)) as AnalysisResults;
}
