// From the command line to the files of a run, with all checks that precede reading and writing.
import type {Plan, PlanWatcher} from '../../engine/plan/plan.ts';
import {planFiles} from '../../engine/plan/plan-files.ts';
import {describeOtherFiles} from '../../report/wording.ts';
import {findClosestMatch} from '../../text/closest-match.ts';
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {isRemotePath, withoutSecrets} from '../../text/shown-url.ts';
import {COMMANDS, getDefault, wordOf} from '../arguments/flags.ts';
import type {RunCommand} from '../arguments/options.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {quoted, UsageError} from '../arguments/usage-error.ts';
import {ListingProgress} from '../outputs/listing-progress.ts';
import {OutputFiles} from '../outputs/output-files.ts';
import {hasOutputs} from '../outputs/standard-streams.ts';
import {exists} from '../process/exists.ts';
import {PrestartedThreads} from '../process/prestart-threads.ts';
import {assertOneUseOfStandardInput} from '../process/standard-input.ts';
import {assertReachable, changeFromRemovedFolder} from '../process/working-folder.ts';
import {readFileList} from './read-file-list.ts';

export interface PlannedRun {
	readonly files: Plan;
	/** The paths as people read them. */
	readonly paths: readonly string[];
}

/** Finds the files of a run; prints a message and returns `null` where there are none. */
export async function planRun({
	paths: givenPaths,
	settings,
	configFiles,
}: Omit<RunCommand, 'name'>): Promise<PlannedRun | null> {
	const {filesFrom, reports, exportFolder, rejects, record, ledger, logFile, follow} = settings;
	assertReachable([
		...givenPaths,
		filesFrom,
		exportFolder,
		rejects,
		record,
		ledger,
		logFile,
		...reports.map(({path}) => path),
	]);
	assertNoMisspelledCommand(givenPaths);
	const outputs = await checkOutputs(settings, configFiles);
	const listedPaths = await readListedPaths(settings);
	assertReachable(listedPaths);
	assertOneUseOfStandardInput(listedPaths, filesFrom);
	changeFromRemovedFolder();
	const paths = [...givenPaths, ...listedPaths];
	const early = new PrestartedThreads(settings);
	const listing = new ListingProgress(process.stderr);
	const watcher: PlanWatcher = {
		onCount: count => early.onCount(count),
		onArchiveRead: listing.onArchiveRead,
	};
	const files = await planFiles(paths, {follow, watcher, outputs, limits: settings}).finally(() => listing.clear());
	outputs?.assertHarmless(files);
	early.onPlanned(files);
	void early.onCount(files.entries.length);
	if (files.entries.length === 0) {
		process.stderr.write(`${nothingMatched(files)}\n`);
		return null;
	}
	const isForScripts = settings.output === 'json' || settings.output === 'jsonl';
	const {otherFiles} = files;
	const leftOut = isForScripts && otherFiles !== undefined ? `Left out: ${describeOtherFiles(otherFiles)}` : undefined;
	for (const message of [describeShortage(settings), leftOut]) {
		if (message !== undefined) process.stderr.write(`fileproc-tui: ${message}\n`);
	}
	return {files, paths: paths.map(path => withoutSecrets(displayPath(path)))};
}

async function readListedPaths({filesFrom}: RunSettings): Promise<string[]> {
	if (filesFrom === null) return [];
	try {
		return await readFileList(filesFrom, process.stdin);
	} catch (error) {
		const {cannotRead} = await import('./cannot-read.ts');
		throw cannotRead('The list of files', filesFrom, error);
	}
}

/** Says why `-j` has less effect than requested: each file in flight takes a thread. */
function describeShortage({concurrency, threads, queue}: RunSettings): string | undefined {
	// Threads of other machines do.
	if (queue !== null) return undefined;
	if (threads === null || concurrency <= Math.max(threads, getDefault('concurrency'))) return undefined;
	return `${threads} of ${concurrency} files are processed at a time, one on each thread. For more, set --threads to ${concurrency}.`;
}

/** More would fill the screen. */
const UNMATCHED_SHOWN = 5;

/** Why there is nothing to do, for standard error. */
export function nothingMatched({unmatched, otherFiles}: Plan): string {
	const more = unmatched.length - UNMATCHED_SHOWN;
	const reasons = unmatched.slice(0, UNMATCHED_SHOWN).map(safe).join('; ') + (more > 0 ? `; and ${more} more` : '');
	const verb = otherFiles?.count === 1 ? 'is' : 'are';
	const others = otherFiles === undefined ? '' : ` There ${verb} ${describeOtherFiles(otherFiles)}.`;
	return `fileproc-tui: Nothing to process: ${unmatched.length === 0 ? 'the list of files is empty' : reasons}.${others}`;
}

/** Checks the files that the run will write, before anything is read or written. */
async function checkOutputs(settings: RunSettings, configFiles: readonly string[]): Promise<OutputFiles | undefined> {
	if (!hasOutputs(settings)) return undefined;
	const outputs = new OutputFiles(settings, configFiles);
	if (settings.reports.length > 0) {
		const {assertReportFolders} = await import('../outputs/save-reports.ts');
		await assertReportFolders(settings);
	}
	if (settings.exportFolder !== null) {
		const {assertTableFolder} = await import('../outputs/save-tables.ts');
		await assertTableFolder(settings);
	}
	if (settings.rejects !== null) {
		const {assertRejectsFolder} = await import('../outputs/rejects/open-spool.ts');
		await assertRejectsFolder(settings.rejects, settings.force);
	}
	if (settings.record !== null && isRemotePath(settings.record)) {
		const {assertRecordingReplaceable} = await import('../outputs/open-remote-recording.ts');
		await assertRecordingReplaceable(settings.record, settings.force);
	}
	return outputs;
}

/**
A misspelled command would be read as a path that does not exist, and the rest of its words as data.

@throws {UsageError}
*/
function assertNoMisspelledCommand([first = '']: readonly string[]): void {
	// `./wach` and `wach.csv` are paths, whatever they are like.
	const closest = /^[a-z-]+$/.test(first)
		? findClosestMatch(
				first,
				COMMANDS.map(command => wordOf(command)),
			)
		: undefined;
	if (closest === undefined || exists(first)) return;
	throw new UsageError(
		`There is no command, file or folder ${quoted(first)}. Did you mean fileproc-tui ${closest}? A path that is still to come is written ./${first}.`,
	);
}
