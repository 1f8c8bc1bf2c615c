// A pipeline for watched folders of tests, and one that watches such a folder in this process: each file fails on its route or does not, as its
// text says.
import {readFileSync} from 'node:fs';
import type {RunEvent} from '../../source/model/events.ts';
import {type Processor, type Route, StepError} from '../../source/pipeline/pipeline.ts';
import type {LoadedPipeline} from '../../source/watch/loaded-pipeline.ts';
import {Watcher} from '../../source/watch/watcher.ts';
import type {WatcherOptions} from '../../source/watch/watcher-options.ts';

const route = (tag: string): Route => ({tag, match: 'any', steps: [{processor: 'read', with: {}, tags: {}}]});

export interface PipelineOptions {
	/** Which files fail on which route. */
	readonly fails?: (text: string, tag: string) => boolean;
	readonly tags?: readonly string[];
	/** Awaited by each step. */
	readonly hold?: (text: string) => Promise<void>;
}

/** Files that say `bad` fail on the first route, and nothing else does. */
const failsOnFirst = (text: string, tag: string): boolean => text.includes('bad') && tag === 'first';

export function createPipeline({
	fails = failsOnFirst,
	tags = ['first', 'second'],
	hold = async () => {},
}: PipelineOptions = {}): LoadedPipeline {
	const routes = tags.map(route);
	const processor: Processor = {
		...{name: 'read', version: 1, isStateful: false, close: async () => {}},
		async run({file, tag, signal}) {
			const text = readFileSync(file.path, 'utf8');
			await Promise.race([hold(text), new Promise(resolve => signal.addEventListener('abort', resolve))]);
			if (fails(text, tag)) throw new StepError('BAD', `It says bad on ${tag}.`);
			return {said: null, metadata: {}, outputs: [], data: null, report: null, state: null};
		},
	};
	return {
		pipeline: {routes, digest: '0'.repeat(32)},
		processor: async () => processor,
		chooseRoute: async () => routes[0] ?? null,
		close: async () => {},
	};
}

export interface Watching {
	readonly watcher: Watcher;
	readonly events: RunEvent[];
	readonly notices: string[];
}

/** Opens a folder for watching; `run` of the watcher begins it. */
export async function openWatching(root: string, options: Partial<WatcherOptions> = {}): Promise<Watching> {
	const events: RunEvent[] = [];
	const notices: string[] = [];
	const {isOnce = true} = options;
	const watcher = await Watcher.open({
		...{root, isOnce, settleMs: 10, recoveryIntervalMs: 60_000, graceMs: 5000, isRecursive: false},
		...{needsMarker: false, allowsNetworkDrive: true, loaded: createPipeline(), settings: {}, version: '0.0.0'},
		...{analyses: [], concurrency: 3, threads: 2, results: async () => ({}), onRecovered() {}},
		onEvent: event => void events.push(event),
		onNotice: notice => void notices.push(notice),
		// With `once` nothing waits for it, but it is how long files that are still being written are waited for.
		pollMs: isOnce ? 10_000 : 20,
		...options,
	});
	return {watcher, events, notices};
}

/** Works off what is there. */
export async function watchOnce(root: string, options: Partial<WatcherOptions> = {}): Promise<Watching> {
	const watching = await openWatching(root, options);
	await watching.watcher.run();
	return watching;
}
