// `fileproc-tui watch <dir>`: takes what is dropped into the folder, and shows it; returns an exit code for the result.

import {closeSync, existsSync, openSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {resolve} from 'node:path';
import {describeAnalyses} from '../../analysis/registry.ts';
import {readSettingsOf} from '../../engine/batch.ts';
import {version} from '../../engine/version.ts';
import {LedgerError} from '../../ledger/ledger-error.ts';
import type {RunEvent} from '../../model/events.ts';
import type {CommandHandlers} from '../../model/run-command.ts';
import {performWith} from '../../model/run-command.ts';
import {PipelineError} from '../../pipeline/routes/pipeline-error.ts';
import type {ClassicSettings} from '../../pipeline/routes/written.ts';
import {createReportCollector} from '../../report/collect-report.ts';
import {judge} from '../../report/verdict.ts';
import {quantity} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {messageOf} from '../../text/system-error.ts';
import {watchFolders} from '../../watch/folders.ts';
import type {Recovered} from '../../watch/recover.ts';
import {readWatchStatus} from '../../watch/status.ts';
import {WatchError} from '../../watch/watch-error.ts';
import {Watcher} from '../../watch/watcher.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {WatchCommand} from '../arguments/options.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {chooseOutput} from '../outputs/choose-output.ts';
import type {LogOptions, OpenLog} from '../outputs/open-log.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {limitHeapsOfService} from '../process/limit-young-generation.ts';
import {batchSettingsOf, withoutOutputs} from './batch-settings.ts';
import {exitCodes} from './exit-codes.ts';
import {loadWatchPipeline, type WatchPipeline} from './watch/load-watch-pipeline.ts';
import {keepStatusFile, type StatusFile} from './watch/status-file.ts';

/** What its sentences on standard error begin with. */
const NOTICE = 'fileproc-tui: ';

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

async function watch({directory, options, settings}: WatchCommand): Promise<number> {
	await limitHeapsOfService();
	const batchSettings = batchSettingsOf(withoutOutputs(settings));
	const {analysis} = readSettingsOf(batchSettings);
	let reload = (): boolean => false;
	const hadTerminal = hasTerminal();
	const interruption = listenForInterruption(() => reload());
	const stream = createOutputStream(process.stdout, interruption.signal);
	const collector = createReportCollector();
	let deliver = (_event: RunEvent): void => {};
	let log: OpenLog | null = null;
	let statusFile: StatusFile | null = null;
	const notice = (text: string): void => {
		log?.log('warn', text, {});
		process.stderr.write(`${NOTICE}${text.split('\n').map(safe).join('\n')}\n`);
	};
	const routes = options.routes ?? (options.isClassic && existsSync(CLASSIC_ROUTES) ? CLASSIC_ROUTES : null);
	const load = (): Promise<WatchPipeline> =>
		loadWatchPipeline(routes, {
			...{
				settings: batchSettings,
				maxTextBytes: options.maxTextBytes,
				onEvent: (claim, event) => watcher.onReading(claim, event),
			},
			onLog: (message, fields) => log?.log('debug', message, fields),
		});
	let loaded = await load();
	const {classic} = loaded;
	const root = resolve(directory ?? classic?.watchDir ?? noFolder(routes));
	if (classic?.dashboard) notice(DASHBOARD_ELSEWHERE);
	const watcher = await Watcher.open({
		...{root, loaded, version, settings: batchSettings, analyses: describeAnalyses(analysis), ...options},
		concurrency: settings.concurrency,
		threads: settings.threads ?? availableParallelism(),
		recoveryIntervalMs: options.recoveryIntervalMs ?? recoveryIntervalOf(classic),
		results: () => loaded.results(),
		onEvent(event) {
			if (options.isOnce || event.type === 'run-started' || event.type === 'run-completed') collector.handle(event);
			log?.handle(event);
			deliver(event);
		},
		onNotice: notice,
		onRecovered: recovered => tellRecovered(recovered, notice),
	});
	// With `once` it is a batch.
	const watched = options.isOnce ? undefined : {look: () => watcher.look(), tags: () => watcher.tags};
	try {
		const {isDashboard, loadOutput} = await chooseOutput(
			{files: {entries: [], unmatched: []}, paths: [root]},
			settings,
			{
				stream,
				interruption,
				collector,
				// Notices of ours are in the log already.
				onMessage(line) {
					if (!line.startsWith(NOTICE)) log?.log('warn', 'A message was written to standard error', {text: line});
				},
				findDrift: () => null,
				ledgerId: () => null,
				watched,
			},
		);
		log = await startLog(settings, isDashboard, {
			signal: interruption.signal,
			run: watcher.runId,
			isService: !options.isOnce,
		});
		const output = await loadOutput();
		deliver = output.handle;
		if (options.statusFile !== null) statusFile = keepStatusFile(options.statusFile, () => watcher.status(), notice);
		interruption.signal.addEventListener('abort', () => watcher.stop(), {once: true});
		if (interruption.signal.aborted) watcher.stop();
		reload = () => {
			// The terminal is gone, and whoever has started it with it.
			if (hadTerminal && !hasTerminal()) return false;
			log?.reopen();
			void load().then(
				async next => {
					notice(`The routes were read again: ${quantity(next.pipeline.routes.length, 'route')}.`);
					loaded = next;
					await watcher.replacePipeline(next);
				},
				error => notice(`The routes are as before, because the new ones cannot be used:\n${messageOf(error)}`),
			);
			return true;
		};
		const running = watcher.run();
		const failure = running.then(() => new Promise<never>(() => {}));
		failure.catch(() => {});
		const finalReport = () => running.then(() => collector.report());
		const control = {perform: performWith(handlersOf(watcher))};
		await Promise.all([running, output.show({control, now: watcher.now, finalReport, failure})]);
		if (options.isOnce) {
			if (watcher.leftCount > 0) return exitCodes.environment;
			return interruption.exitCode() ?? judge(collector.report(), settings.failOn)?.exitCode ?? exitCodes.ok;
		}
		return exitCodes.ok;
	} finally {
		await loaded.close();
		statusFile?.finish(readWatchStatus(watchFolders(root), {said: options, otherwise: options}));
		await log?.finish();
		interruption.dispose();
	}
}

/** The file that the system that `watch` replaces reads without being told. */
const CLASSIC_ROUTES = 'log_processor_config.json';
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

function noFolder(routes: string | null): never {
	const expectation = 'Say which folder to watch, for example: fileproc-tui watch ./inbox';
	throw new UsageError(routes === null ? `${expectation}.` : `${expectation} --routes ${safe(routes)}.`);
}

/** Whether it was started in a terminal that is still there. */
function hasTerminal(): boolean {
	try {
		closeSync(openSync('/dev/tty', 'r'));
		return true;
	} catch {
		return false;
	}
}

function tellRecovered({resumed, moved, adopted, withdrawn}: Recovered, notice: (text: string) => void): void {
	if (resumed.length + moved + withdrawn === 0) return;
	notice(
		`Recovered: ${quantity(resumed.length - adopted, 'file')} to be gone on with, ${adopted} adopted, ${moved} moved, ${withdrawn} not taken.`,
	);
}

const handlersOf = (watcher: Watcher): CommandHandlers => ({
	pause: () => watcher.pause(),
	resume: () => watcher.resume(),
	stop: () => watcher.stop(),
	'pause-file': () => {},
	'resume-file': () => {},
	'cancel-file': () => {},
	'retry-files': () => ({fileCount: 0}),
	'retry-claims': async ({claims, tag}) => ({fileCount: await watcher.retry(claims, tag)}),
	'set-concurrency': ({concurrency}) => ({concurrency}),
});

async function startLog(
	settings: WatchCommand['settings'],
	isDashboard: boolean,
	options: LogOptions,
): Promise<OpenLog | null> {
	if (settings.logFile === null && settings.logLevel === 'info') return null;
	const {openLog} = await import('../outputs/open-log.ts');
	return openLog(settings, isDashboard, options);
}
