// A folder that is watched beside a server, as `watch` does it.
import {availableParallelism} from 'node:os';
import {describeAnalyses} from '../../../analysis/registry.ts';
import {type BatchSettings, defaultConcurrency} from '../../../engine/batch.ts';
import {version} from '../../../engine/version.ts';
import type {ServedInbox} from '../../../server/served-inbox.ts';
import {watchFolders} from '../../../watch/folders.ts';
import {Watcher} from '../../../watch/watcher.ts';
import type {WatchFlags} from '../../arguments/read-watch-flags.ts';
import {loadWatchPipeline} from '../watch/load-watch-pipeline.ts';
import {refuseMovesInto} from '../watch/refuse-moves-into.ts';
import {tellRecovered} from '../watch/tell-recovered.ts';

export interface OpenInbox {
	readonly served: ServedInbox;
	/** Rejects when it cannot go on. */
	readonly running: Promise<void>;
	/** Takes no further file, and resolves when those that were taken are done or given back. */
	readonly close: () => Promise<void>;
}

const RECOVERY_MS = 60_000;

/** @param root - An absolute path. @throws {WatchError} @throws {LedgerError} @throws {PipelineError} */
export async function openInbox(
	root: string,
	flags: WatchFlags,
	settings: BatchSettings,
	say: (sentence: string) => void,
): Promise<OpenInbox> {
	const loaded = await loadWatchPipeline(flags.routes, {
		...{settings, maxTextBytes: flags.maxTextBytes},
		onEvent: (claim, event) => watcher.onReading(claim, event),
		onLog() {},
	});
	let watcher: Watcher;
	try {
		refuseMovesInto(root, loaded.pipeline, flags.routes);
		watcher = await Watcher.open({
			...{...flags, root, loaded, version, settings, analyses: describeAnalyses(null), isOnce: false},
			concurrency: defaultConcurrency,
			threads: settings.threads ?? availableParallelism(),
			recoveryIntervalMs: flags.recoveryIntervalMs ?? RECOVERY_MS,
			results: () => loaded.results(),
			onEvent() {},
			onNotice: say,
			onRecovered: recovered => tellRecovered(recovered, say),
		});
	} catch (error) {
		await loaded.close();
		throw error;
	}
	const running = watcher.run();
	running.catch(() => {});
	return {
		served: {
			look: () => watcher.look(),
			unprocessed: watchFolders(root).unprocessed,
			needsMarker: flags.needsMarker,
			tags: () => watcher.tags,
			retry: (claims, {tag, isDryRun}) => watcher.requestRetry(claims, {route: tag, isDryRun}),
			pause: () => watcher.pause(),
			resume: () => watcher.resume(),
		},
		running,
		async close() {
			watcher.stop();
			// Whoever waits for it is told what went wrong.
			await running.catch(() => {});
			await loaded.close();
		},
	};
}
