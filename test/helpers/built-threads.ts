// Lets threads and processes that the sources start run their bundle, as users have it, while no source is newer: to find, read and
// link a hundred modules takes a thread 120 ms, which is longer than most tests need it for.
import childProcess from 'node:child_process';
import {globSync, statSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {basename, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import workerThreads from 'node:worker_threads';

const root = join(import.meta.dirname, '../..');
const sources = pathToFileURL(join(root, 'source/')).href;
const newest = (pattern: string): number =>
	Math.max(...globSync(pattern, {cwd: root}).map(path => statSync(join(root, path)).mtimeMs));

/** By the names of their sources; none where the build is older than something it is made of. */
function findBundles(): ReadonlyMap<string, string> {
	const paths = globSync('dist/chunks/*/*-{entry,thread,process}.cjs', {cwd: root});
	const builtAt = Math.min(...paths.map(path => statSync(join(root, path)).mtimeMs));
	const isStale =
		newest('source/**/*.{ts,tsx}') > builtAt || newest('{rolldown.config.ts,package-lock.json}') > builtAt;
	return new Map(isStale ? [] : paths.map(path => [basename(path, '.cjs'), join(root, path)]));
}

/** @returns The bundle of a source that starts a thread or a process; else what was given. */
function bundleOf<Entry extends string | URL>(bundles: ReadonlyMap<string, string>, entry: Entry): Entry | string {
	const {href} = entry instanceof URL ? entry : URL.canParse(entry) ? new URL(entry) : pathToFileURL(entry);
	return (href.startsWith(sources) ? bundles.get(basename(href, '.ts')) : undefined) ?? entry;
}

export function startBuiltThreads(): void {
	const bundles = findBundles();
	const {Worker} = workerThreads;
	workerThreads.Worker = class extends Worker {
		constructor(entry: string | URL, options?: workerThreads.WorkerOptions) {
			super(options?.eval === true ? entry : bundleOf(bundles, entry), options);
		}
	};
	const {fork} = childProcess;
	childProcess.fork = ((entry: string | URL, ...rest: []) => fork(bundleOf(bundles, entry), ...rest)) as typeof fork;
	syncBuiltinESMExports();
}
