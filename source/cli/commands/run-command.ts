// `fileproc-tui <path…>`: plans, runs, shows and saves, and returns an exit code for the result.

import {setTimeout} from 'node:timers/promises';
import {isAnalysisName, namesOf} from '../../analysis/registry.ts';
import type {OpenCluster} from '../../cluster/open-cluster.ts';
import {type BatchSettings, readSettingsOf, startBatch} from '../../engine/batch.ts';
import type {Plan} from '../../engine/plan/plan.ts';
import type {Run} from '../../engine/run/run-options.ts';
import {digestOfReading, digestOfSettings} from '../../engine/settings-digest.ts';
import {Turns} from '../../engine/shared/turns.ts';
import {findUnknownAlias, findUnknownColumn} from '../../engine/unknown-column.ts';
import type {RunResults} from '../../ledger/save-run.ts';
import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {CompleteTable} from '../../model/complete-table.ts';
import type {RunEvent} from '../../model/events.ts';
import type {Report} from '../../model/report.ts';
import type {RunControl} from '../../model/run-control.ts';
import type {Drift} from '../../model/run-diff.ts';
import {createReportCollector, type ReportCollector} from '../../report/collect-report.ts';
import {judge} from '../../report/verdict.ts';
import type {Sharing} from '../../share/share-run.ts';
import {isRemotePath} from '../../text/shown-url.ts';
import type {RunCommand} from '../arguments/options.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {assertAllKept} from '../outputs/assert-all-kept.ts';
import {chooseOutput} from '../outputs/choose-output.ts';
import {followRun} from '../outputs/followed-run.ts';
import type {OpenLedger} from '../outputs/open-ledger.ts';
import type {OpenLog} from '../outputs/open-log.ts';
import type {OpenRecording} from '../outputs/open-recording.ts';
import {createOutputStream, type OutputStream} from '../outputs/output-stream.ts';
import type {OpenSpool} from '../outputs/rejects/open-spool.ts';
import {startSpool} from '../outputs/rejects/start-spool.ts';
import type {RunOutput} from '../outputs/run-output.ts';
import {showProgress} from '../outputs/show-progress.ts';
import {askQuestion} from '../own-analyses/ask-question.ts';
import {type Interruption, listenForInterruption} from '../process/interruption.ts';
import {batchSettingsOf} from './batch-settings.ts';
import {exitCodeOf, exitCodes} from './exit-codes.ts';
import {planRun} from './plan-run.ts';

/** Processes the files; resolves with the exit code. */
export async function runCommand(command: RunCommand): Promise<number> {
	const settings = await withAnalyses(command.settings);
	assertColumns(settings);
	// Planning may block this thread on a folder of a drive that does not answer, and then no signal handler could run.
	// Nothing has been written yet, so no handler is installed, and the system itself ends the program on a signal.
	const planned = await planRun({...command, settings});
	if (planned === null) return exitCodes.nothingMatched;
	const cluster = await startCluster(settings);
	const interruption = listenForInterruption();
	const stream = createOutputStream(process.stdout, interruption.signal);
	try {
		const {files, paths} = planned;
		const collector = createReportCollector();
		let onMessage = (_line: string): void => {};
		let findDrift = (): Drift => null;
		let ledgerId: string | null = null;
		const {isDashboard, loadOutput} = await chooseOutput(planned, settings, {
			...{stream, interruption, collector},
			onMessage: line => onMessage(line),
			findDrift: () => findDrift(),
			workers: cluster?.workers,
			ledgerId: () => ledgerId,
		});
		const batchSettings = batchSettingsOf(settings);
		const ledger = await startLedger(settings, batchSettings, collector);
		if (settings.resume && ledger?.results != null) await tellNewBeginnings(files, ledger.results);
		const log = await startLog(settings, isDashboard, interruption, ledger?.id ?? null);
		onMessage = line => log?.log('warn', 'A message was written to standard error', {text: line});
		const spool = await startSpool(settings);
		let control: RunControl | null = null;
		const sharing = await startSharing(command.sharing, paths, () => control);
		const recording = await startRecording(settings, interruption);
		findDrift = () => ledger?.drift() ?? null;
		ledgerId = ledger?.id ?? null;
		// When the reader of the events leaves, the run stops, unless it also has something to save.
		if (settings.output === 'jsonl' && !hasReports(settings) && recording === null && ledger === null)
			stream.onClosed(() => void run.perform({type: 'stop'}));
		const progress = await showProgress(settings, () => run.now());
		const closeProgress = (): void => progress?.close();
		// The threads work while the output is loaded; it receives the buffered events afterwards.
		const bufferedEvents: RunEvent[] = [];
		let deliver = (event: RunEvent): void => {
			bufferedEvents.push(event);
		};
		let untilRoom = (): Promise<void> | null => null;
		const run = startBatch({
			plan: files,
			paths,
			settings: ledger === null ? batchSettings : {...batchSettings, hash: batchSettings.hash ?? 'xxh3'},
			rejectSpool: spool?.settings,
			results: ledger?.results ?? undefined,
			workers: cluster?.backend,
			queue: cluster?.shown,
			signal: interruption.signal,
			onLog(message, fields) {
				log?.log('debug', message, fields);
			},
			onEvent(event: RunEvent) {
				for (const each of [collector, log, progress, recording, ledger, sharing]) each?.handle(event);
				if (event.type === 'file-progressed') spool?.expect(event.rejectedRows);
				deliver(event);
			},
			untilRoom: () => untilRoom(),
		});
		// Registered first, so that the progress line is gone before other listeners handle the end.
		run.done.then(closeProgress, closeProgress);
		const followedRun = followRun(
			withWorkers(run, cluster),
			collector.report,
			async () => ledger?.kept(),
			async report => {
				await save(report, collector.analyses(), run.tables, settings, spool);
			},
		);
		control = followedRun.control;
		try {
			const load = async (): Promise<RunOutput> => {
				// Simulated waits are meant to be watched, so the dashboard is not deferred.
				if (isDashboard && settings.simulateIoMs === 0) {
					const {deferDashboard} = await import('../outputs/defer-dashboard.ts');
					await deferDashboard({now: run.now, saved: followedRun.saved(), events: bufferedEvents, sleep});
				}
				return loadOutput();
			};
			const runOutput = await load().catch(error => {
				// Without an output the run is stopped.
				run.perform({type: 'stop'});
				throw error;
			});
			// The run waits meanwhile: otherwise it could emit events faster than the output handles those of 100,000 files.
			const delivered = deliverInTurns(bufferedEvents, runOutput);
			untilRoom = () => delivered;
			await delivered;
			deliver = runOutput.handle;
			untilRoom = runOutput.untilRoom ?? (() => null);
			const {control, finalReport, failure} = followedRun;
			await Promise.all([finalReport(), runOutput.show({control, now: run.now, finalReport, failure})]);
			const report = await finalReport();
			return interruption.exitCode() ?? exitCodeOfReport(report, settings, stream);
		} finally {
			// If the output ended early, the run still continues to its end.
			await Promise.allSettled([followedRun.finalReport()]);
			await sharing?.close();
			await assertAllKept([followedRun.saved(), recording?.finish(), log?.finish(), ledger?.finish()]);
		}
	} catch (error) {
		// Interrupted before there was anything to report.
		const exitCode = interruption.exitCode();
		if (exitCode !== null && error === interruption.signal.reason) return exitCode;
		throw error;
	} finally {
		await cluster?.close();
		interruption.dispose();
	}
}

/** Events may be added while other tasks have their turn. */
async function deliverInTurns(events: RunEvent[], runOutput: RunOutput): Promise<void> {
	const turns = new Turns();
	for (const event of events) {
		runOutput.handle(event);
		if (turns.isOver()) await turns.next();
	}
	events.length = 0;
}

const hasReports = ({reports, exportFolder, rejects}: RunSettings): boolean =>
	reports.length > 0 || exportFolder !== null || rejects !== null;

const sleep = (durationMs: number): Promise<void> => setTimeout(durationMs, undefined, {ref: false});

// Most runs write no file and have no analyses of the user's own, so these modules are loaded on demand.

async function withAnalyses(settings: RunSettings): Promise<RunSettings> {
	const asking = askQuestion(settings);
	if (asking !== null) return asking;
	const {analysis, analysisModules} = settings;
	const isNamed = analysis === null ? analysisModules.length === 0 : namesOf(analysis).every(isAnalysisName);
	if (isNamed) return settings;
	const {loadAnalyses} = await import('../own-analyses/load-analyses.ts');
	return {...settings, analysis: await loadAnalyses(settings)};
}

/** @throws {UsageError} When no analysis has a column that a heading is named for, or that has other names. */
function assertColumns({map, aliases, analysis}: RunSettings): void {
	const fault = map === null ? undefined : findUnknownColumn(map, analysis);
	if (fault !== undefined) throw new UsageError(`--map cannot be used: ${fault}${fault.endsWith('?') ? '' : '.'}`);
	const unknown = findUnknownAlias(aliases);
	if (unknown !== undefined)
		throw new UsageError(`aliases cannot be used: ${unknown}${unknown.endsWith('?') ? '' : '.'}`);
}

async function startLog(
	settings: RunSettings,
	isDashboard: boolean,
	{signal}: Interruption,
	savedRun: string | null,
): Promise<OpenLog | null> {
	if (settings.logFile === null && settings.logLevel === 'info') return null;
	const {openLog} = await import('../outputs/open-log.ts');
	const run = savedRun ?? (await import('../../ledger/save-run.ts')).createRunId(Date.now());
	return openLog(settings, isDashboard, {signal, run});
}

async function startRecording({record, force}: RunSettings, {signal}: Interruption): Promise<OpenRecording | null> {
	if (record === null) return null;
	if (isRemotePath(record)) {
		const {openRemoteRecording} = await import('../outputs/open-remote-recording.ts');
		return openRemoteRecording(record, {isForced: force, signal});
	}
	const {openRecording} = await import('../outputs/open-recording.ts');
	return openRecording(record, {isForced: force, signal});
}

async function startSharing(
	sharing: RunCommand['sharing'],
	paths: readonly string[],
	control: () => RunControl | null,
): Promise<Sharing | null> {
	if (sharing === undefined || sharing.place === null) return null;
	const {openSharing} = await import('../outputs/open-sharing.ts');
	const opened = await openSharing(sharing.place, {mayControl: sharing.mayControl, title: paths.join(' '), control});
	process.stderr.write(`fileproc-tui: Followed by: fileproc-tui attach ${opened.address}\n`);
	return opened;
}

const withWorkers = (run: Run, cluster: OpenCluster | null): Run & Pick<RunControl, 'workers'> =>
	cluster === null ? run : {...run, workers: cluster.workers};

async function startCluster(settings: RunSettings): Promise<OpenCluster | null> {
	if (settings.queue === null) return null;
	const {openRunCluster} = await import('./cluster/open-run-cluster.ts');
	return openRunCluster(settings);
}

async function startLedger(
	{ledger, save: isSaved, resume, verifyContent, rejects}: RunSettings,
	batchSettings: BatchSettings,
	collector: ReportCollector,
): Promise<OpenLedger | null> {
	if (ledger === null && !isSaved) return null;
	const {openLedger} = await import('../outputs/open-ledger.ts');
	// Rejected records that are written elsewhere are not kept.
	const readSettings = readSettingsOf(batchSettings);
	const digest = rejects === null ? digestOfSettings(readSettings) : null;
	const saved = openLedger(
		ledger,
		batchSettings,
		{
			...{settingsDigest: digest, reading: digestOfReading(readSettings)},
			...{isResumed: resume, verifiesContent: verifyContent},
		},
		collector,
	);
	await saved.results?.ready;
	return saved;
}

async function tellNewBeginnings(files: Plan, results: RunResults): Promise<void> {
	const {describeNewBeginnings} = await import('../outputs/tell-cut-files.ts');
	const sentence = describeNewBeginnings(files, results);
	if (sentence !== null) process.stderr.write(`fileproc-tui: ${sentence}\n`);
}

async function save(
	report: Report,
	analyses: readonly AnalysisInfo[],
	tables: () => readonly CompleteTable[],
	settings: RunSettings,
	spool: OpenSpool | null,
): Promise<void> {
	const {reports, exportFolder, force} = settings;
	const attempts: Promise<void>[] = [];
	if (reports.length > 0) {
		const {saveReports} = await import('../outputs/save-reports.ts');
		attempts.push(saveReports(report, analyses, settings));
	}
	if (exportFolder !== null) {
		const {saveTables} = await import('../outputs/save-tables.ts');
		attempts.push(saveTables(tables(), exportFolder, force));
	}
	if (spool !== null) attempts.push(spool.save(report.files));
	await assertAllKept(attempts);
}

function exitCodeOfReport(report: Report, {failOn}: RunSettings, stream: OutputStream): number {
	// Either stopped by a key, which counts as Ctrl+C, or because the reader of the events left, which is not an error.
	if (report.status === 'cancelled') return stream.isClosed() ? exitCodes.ok : exitCodeOf('SIGINT');
	return judge(report, failOn)?.exitCode ?? exitCodes.ok;
}
