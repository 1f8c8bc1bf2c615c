// Lets a watcher work, and shows it: the output, the log, the status file, and what signals do meanwhile.
import {closeSync, openSync} from 'node:fs';
import type {RunEvent} from '../../../model/events.ts';
import type {FileReport} from '../../../model/report.ts';
import {type CommandHandlers, performWith} from '../../../model/run-command.ts';
import type {RunControl} from '../../../model/run-control.ts';
import {createReportCollector} from '../../../report/collect-report.ts';
import {judge} from '../../../report/verdict.ts';
import {isRemarkable} from '../../../store/findings.ts';
import {safe} from '../../../text/safe.ts';
import {watchFolders} from '../../../watch/folders.ts';
import {readWatchStatus} from '../../../watch/status.ts';
import type {Watcher} from '../../../watch/watcher.ts';
import type {WatchCommand} from '../../arguments/options.ts';
import {chooseOutput} from '../../outputs/choose-output.ts';
import type {LogOptions, OpenLog} from '../../outputs/open-log.ts';
import {createOutputStream, type OutputStream} from '../../outputs/output-stream.ts';
import {type Interruption, listenForInterruption} from '../../process/interruption.ts';
import {exitCodes} from '../exit-codes.ts';
import {keepStatusFile, type StatusFile} from './status-file.ts';
import type {WatchRoutes} from './watch-routes.ts';

/** What its sentences on standard error begin with. */
const NOTICE = 'fileproc-tui: ';

export class WatchDisplay {
	readonly #command: WatchCommand;
	readonly #hadTerminal = hasTerminal();
	readonly #interruption: Interruption;
	readonly #stream: OutputStream;
	readonly #collector = createReportCollector((report, index) => this.#keeps(report, index));
	#log: OpenLog | null = null;
	#statusFile: StatusFile | null = null;
	#deliver = (_event: RunEvent): void => {};
	#reload = (): void => {};
	#keepsAll = true;

	constructor(command: WatchCommand) {
		this.#command = command;
		this.#interruption = listenForInterruption(() => this.#onHangUp());
		this.#stream = createOutputStream(process.stdout, this.#interruption.signal);
	}

	readonly notice = (text: string): void => {
		this.#log?.log('warn', text, {});
		process.stderr.write(`${NOTICE}${text.split('\n').map(safe).join('\n')}\n`);
	};

	readonly logDetail = (message: string, fields: Readonly<Record<string, unknown>>): void =>
		this.#log?.log('debug', message, fields);

	readonly handle = (event: RunEvent): void => {
		// Nobody asks for a report of files that come as long as it runs.
		if (this.#command.options.isOnce || event.type === 'run-started' || event.type === 'run-completed')
			this.#collector.handle(event);
		this.#log?.handle(event);
		this.#deliver(event);
	};

	/** So many have been taken. */
	get fileCount(): number {
		return this.#collector.report().totals.files;
	}

	/** @param workers - Those on other machines, where these read. @returns The exit code, when the watcher has ended. */
	async show(watcher: Watcher, root: string, routes: WatchRoutes, workers: RunControl['workers']): Promise<number> {
		const {options, settings} = this.#command;
		const [stream, interruption, collector] = [this.#stream, this.#interruption, this.#collector];
		const {isDashboard, loadOutput} = await chooseOutput(
			{files: {entries: [], unmatched: []}, paths: [root]},
			settings,
			{
				...{stream, interruption, collector, findDrift: () => null, ledgerId: () => null},
				folder: {root, isOnce: options.isOnce, look: () => watcher.look(), tags: () => watcher.tags},
				// Notices of ours are in the log already.
				onMessage: line => {
					if (line.startsWith(NOTICE)) return;
					this.#log?.log('warn', 'A message was written to standard error', {text: line});
				},
			},
		);
		this.#keepsAll = isDashboard || settings.output === 'json';
		this.#log = await startLog(settings, isDashboard, {
			...{signal: interruption.signal, run: watcher.runId, isService: !options.isOnce},
		});
		const output = await loadOutput();
		this.#deliver = output.handle;
		if (options.statusFile !== null)
			this.#statusFile = keepStatusFile(options.statusFile, () => watcher.status(), this.notice);
		interruption.signal.addEventListener('abort', () => watcher.stop(), {once: true});
		if (interruption.signal.aborted) watcher.stop();
		this.#reload = () => void routes.reload(watcher, this.notice);
		const running = watcher.run();
		const failure = running.then(() => new Promise<never>(() => {}));
		failure.catch(() => {});
		const finalReport = () => running.then(() => collector.report());
		const control = {perform: performWith(handlersOf(watcher)), ...(workers !== undefined && {workers})};
		await Promise.all([running, output.show({control, now: watcher.now, finalReport, failure})]);
		if (!options.isOnce) return interruption.exitCode() ?? exitCodes.ok;
		if (watcher.leftCount > 0) return exitCodes.environment;
		return interruption.exitCode() ?? judge(collector.report(), settings.failOn)?.exitCode ?? exitCodes.ok;
	}

	/** @param root - Of the folder that was watched; `null`: none was. */
	async close(root: string | null): Promise<void> {
		const {options} = this.#command;
		if (root !== null)
			this.#statusFile?.finish(readWatchStatus(watchFolders(root), {said: options, otherwise: options}));
		await this.#log?.finish();
		this.#interruption.dispose();
	}

	/** All of them are in a report in JSON and in the list of the dashboard; a summary is the same without most. */
	#keeps(report: FileReport, index: number): boolean {
		return this.#keepsAll || isRemarkable(report, index);
	}

	/** @returns Whether it goes on. */
	#onHangUp(): boolean {
		// The terminal is gone, and whoever has started it with it.
		if (this.#hadTerminal && !hasTerminal()) return false;
		this.#log?.reopen();
		this.#reload();
		return true;
	}
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
	const {openLog} = await import('../../outputs/open-log.ts');
	return openLog(settings, isDashboard, options);
}
