// `fileproc-tui watch <dir>`: takes what is dropped into the folder, and shows it; returns an exit code for the result.

import {availableParallelism} from 'node:os';
import {resolve} from 'node:path';
import {describeAnalyses} from '../../analysis/registry.ts';
import type {OpenCluster} from '../../cluster/open-cluster.ts';
import {readSettingsOf} from '../../engine/batch.ts';
import {version} from '../../engine/version.ts';
import {LedgerError} from '../../ledger/ledger-error.ts';
import {PipelineError} from '../../pipeline/routes/pipeline-error.ts';
import type {ClassicSettings} from '../../pipeline/routes/written.ts';
import {safe} from '../../text/safe.ts';
import {WatchError} from '../../watch/watch-error.ts';
import {Watcher} from '../../watch/watcher.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {WatchCommand} from '../arguments/options.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {exists} from '../process/exists.ts';
import {batchSettingsOf, withoutOutputs} from './batch-settings.ts';
import {exitCodes} from './exit-codes.ts';
import {WatchDisplay} from './watch/show-watch.ts';
import {tellRecovered} from './watch/tell-recovered.ts';
import {WatchRoutes} from './watch/watch-routes.ts';

export async function watchCommand(command: WatchCommand): Promise<number> {
	const {options, settings} = command;
	try {
		if (options.input !== null) {
			const {takeOneFile} = await import('./watch/take-one-file.ts');
			return await takeOneFile(command);
		}
		if (settings.output === 'json' && !options.isOnce)
			throw new UsageError(
				'--json prints one report at the end, so with watch it needs --once; --jsonl prints events as they happen.',
			);
		return await watch(command);
	} catch (error) {
		if (error instanceof WatchError || error instanceof LedgerError || error instanceof PipelineError)
			throw new EnvironmentError(error.message);
		throw error;
	}
}

/** Whatever is opened is closed, in the opposite order, wherever it fails. */
async function watch(command: WatchCommand): Promise<number> {
	const settings = batchSettingsOf(withoutOutputs(command.settings));
	readSettingsOf(settings);
	const display = new WatchDisplay(command);
	let watched: string | null = null;
	let cluster: OpenCluster | null = null;
	try {
		cluster = await startCluster(command.settings, display);
		let watcher: Watcher | null = null;
		const routes = await WatchRoutes.load(command, {
			...{settings, workers: cluster?.backend, maxTextBytes: command.options.maxTextBytes, onLog: display.logDetail},
			onEvent: (claim, event) => watcher?.onReading(claim, event),
		});
		try {
			const root = rootOf(command, routes);
			routes.keepOutOf(root);
			if (routes.loaded.classic?.dashboard) display.notice(DASHBOARD_ELSEWHERE);
			const isNew = !exists(root);
			watcher = await openWatcher(command, root, routes, display);
			watched = root;
			try {
				const exitCode = await display.show(watcher, root, routes, cluster?.workers);
				// More likely its name is written in another way than that nothing was to be done.
				return isNew && command.options.isOnce && exitCode === exitCodes.ok && display.fileCount === 0
					? exitCodes.nothingMatched
					: exitCode;
			} finally {
				await watcher.close();
			}
		} finally {
			await routes.close();
		}
	} finally {
		await cluster?.close();
		await display.close(watched);
	}
}

async function startCluster(settings: WatchCommand['settings'], {notice}: WatchDisplay): Promise<OpenCluster | null> {
	if (settings.queue === null) return null;
	const {openRunCluster} = await import('./cluster/open-run-cluster.ts');
	return openRunCluster(settings, notice);
}

function openWatcher(
	{options, settings}: WatchCommand,
	root: string,
	routes: WatchRoutes,
	{handle, notice}: WatchDisplay,
): Promise<Watcher> {
	const batchSettings = batchSettingsOf(withoutOutputs(settings));
	const {analysis} = readSettingsOf(batchSettings);
	return Watcher.open({
		...{root, version, settings: batchSettings, analyses: describeAnalyses(analysis), ...options},
		...{loaded: routes.loaded, results: routes.results, onEvent: handle, onNotice: notice},
		concurrency: settings.concurrency,
		threads: settings.threads ?? availableParallelism(),
		recoveryIntervalMs: options.recoveryIntervalMs ?? recoveryIntervalOf(routes.loaded.classic),
		onRecovered: recovered => tellRecovered(recovered, notice),
	});
}

const DASHBOARD_ELSEWHERE = 'The "dashboard" of the configuration is not used: watch shows one in the terminal.';
const DEFAULT_RECOVERY_MS = 60_000;
/** As long as no process lives. */
const NEVER_MS = 2 ** 31;

/** In seconds there, as it stands. */
function recoveryIntervalOf(classic: ClassicSettings | null): number {
	if (classic?.recovery == null) return DEFAULT_RECOVERY_MS;
	const {enabled, checkInterval} = classic.recovery;
	return enabled ? (checkInterval ?? DEFAULT_RECOVERY_MS / 1000) * 1000 : NEVER_MS;
}

function rootOf({directory}: WatchCommand, {file, loaded}: WatchRoutes): string {
	const named = directory ?? loaded.classic?.watchDir ?? null;
	if (named !== null) return resolve(named);
	const expectation = 'Say which folder to watch, for example: fileproc-tui watch ./inbox';
	throw new UsageError(file === null ? `${expectation}.` : `${expectation} --routes ${safe(file)}.`);
}
