// The routes of a watched folder, as long as somebody watches it: they are read again when that is asked for.
import {existsSync} from 'node:fs';
import type {AnalysisResults} from '../../../model/results.ts';
import {quantity} from '../../../text/format.ts';
import {messageOf} from '../../../text/system-error.ts';
import type {Watcher} from '../../../watch/watcher.ts';
import type {WatchCommand} from '../../arguments/options.ts';
import {loadWatchPipeline, type WatchPipeline, type WatchPipelineOptions} from './load-watch-pipeline.ts';
import {refuseMovesInto} from './refuse-moves-into.ts';

/** The file that the system that `watch` replaces reads without being told. */
const CLASSIC_ROUTES = 'log_processor_config.json';

export class WatchRoutes {
	/** The file that they are read from; `null`: every file is analyzed. */
	readonly file: string | null;
	readonly #options: WatchPipelineOptions;
	#loaded: WatchPipeline;
	#root: string | null = null;

	/** @throws {PipelineError} With all that is wrong with them. */
	static async load({options}: WatchCommand, loading: WatchPipelineOptions): Promise<WatchRoutes> {
		const file = options.routes ?? (options.isClassic && existsSync(CLASSIC_ROUTES) ? CLASSIC_ROUTES : null);
		return new WatchRoutes(file, loading, await loadWatchPipeline(file, loading));
	}

	private constructor(file: string | null, options: WatchPipelineOptions, loaded: WatchPipeline) {
		this.file = file;
		this.#options = options;
		this.#loaded = loaded;
	}

	/**
	Refuses routes that put files into the watched folder itself, where they would come again without end. It holds for those that are read later, too.

	@throws {PipelineError} Where one does.
	*/
	keepOutOf(root: string): void {
		this.#root = root;
		refuseMovesInto(root, this.#loaded.pipeline, this.file);
	}

	get loaded(): WatchPipeline {
		return this.#loaded;
	}

	readonly results = (): Promise<AnalysisResults> => this.#loaded.results();

	/** Files that are taken from then on go by the new ones, if these can be used. */
	async reload(watcher: Watcher, notice: (text: string) => void): Promise<void> {
		try {
			const next = await this.#loadNext();
			notice(`The routes were read again: ${quantity(next.pipeline.routes.length, 'route')}.`);
			this.#loaded = next;
			await watcher.replacePipeline(next);
		} catch (error) {
			notice(`The routes are as before, because the new ones cannot be used:\n${messageOf(error)}`);
		}
	}

	async #loadNext(): Promise<WatchPipeline> {
		const next = await loadWatchPipeline(this.file, this.#options);
		try {
			if (this.#root !== null) refuseMovesInto(this.#root, next.pipeline, this.file);
			return next;
		} catch (error) {
			await next.close();
			throw error;
		}
	}

	close(): Promise<void> {
		return this.#loaded.close();
	}
}
