// Processing files, as the library does it. Reading ledgers stands in `saved-runs.ts`, because the command shares a chunk with this, and most
// runs have no ledger.
import {fileURLToPath} from 'node:url';
import {checkDeclaration} from './analysis/check-declaration.ts';
import type {AnalysisDeclaration} from './analysis/declaration.ts';
import {ExpressionError} from './analysis/question/tokens.ts';
import {analysisNames, areCombined, findCombinationFault, namesOf} from './analysis/registry.ts';
import {parseWhere} from './analysis/where/parse-where.ts';
import {type BatchSettings, readSettingsOf, startBatch} from './engine/batch.ts';
import type {Plan} from './engine/plan/plan.ts';
import {planFile, planFiles} from './engine/plan/plan-files.ts';
import {digestOfReading, digestOfSettings} from './engine/settings-digest.ts';
import {limitNames, limitRanges} from './engine/shared/limits.ts';
import {isPercentage} from './engine/shared/percentage.ts';
import {LedgerError} from './ledger/ledger-error.ts';
import type {SavedRun, SavingOptions} from './ledger/save-run.ts';
import type {RunEvent} from './model/events.ts';
import type {FileReport, Report} from './model/report.ts';
import {createReportCollector} from './report/collect-report.ts';
import {withoutSecrets} from './text/shown-url.ts';

export interface ProcessOptions extends Omit<BatchSettings, 'analyses'> {
	/**
	Analyses of your own beside the built-in ones: declarations, and paths of modules that export some by default. Threads load functions from
	their module, so a declaration that has any is given by its path. Where a header fits both equally well, yours counts. A name means the
	same analysis for the rest of the process.
	*/
	readonly analyses?: readonly (AnalysisDeclaration | string | URL)[] | undefined;
	/** Whether links to folders that are found are followed; by default they are skipped. */
	readonly follow?: boolean | undefined;
	/**
	Stops the work when aborted: files that run or wait become `cancelled`, and the promise resolves with a report that
	says so. It does not reject, because what was done until then is worth having.
	*/
	readonly signal?: AbortSignal | undefined;
	/**
	The file of a ledger that the run is saved to; it is made where there is none, its folder must exist. The run does not wait for it.
	Reports of files have a `content_hash` then. See `openLedger`.
	*/
	readonly ledger?: string | undefined;
	/**
	Whether files that have not changed since a run in the ledger read them in the same way are taken from there: their reports have
	`source: 'ledger'`. Large files go on where such a run was cut. Not with analyses that have functions. Default: no.
	*/
	readonly resume?: boolean | undefined;
	/** Whether such files are hashed first, instead of trusting their size, times and inode. Default: no. */
	readonly verifyContent?: boolean | undefined;
	/** Called with everything that happens, in order, from `run-started` to `run-completed`. What it throws stops the run and rejects. */
	readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** None of the paths led to a file. */
export class NothingMatchedError extends Error {
	override readonly name = 'NothingMatchedError';
	readonly code = 'NOTHING_MATCHED';
	/** A sentence for each path that led to nothing. */
	readonly unmatched: readonly string[];

	constructor(unmatched: readonly string[]) {
		super(unmatched.length === 0 ? 'No path was given' : unmatched.join('; '));
		this.unmatched = unmatched;
	}
}

/**
Processes files, folders (walked for `.csv .tsv .txt .log` and their `.gz .zst .br`, for `.parquet`, and for `.zip` and `.tar`) and globs, several at a time.

A file that cannot be used is a `failed` file of the report, not an exception.

@param paths - As one would type them; `-` is CSV data on standard input.
@throws {NothingMatchedError} When no path led to a file.
@throws {RangeError} When a setting is out of its range.
@throws {LedgerError} When the run could not be saved; it went on to its end, and the error has its `report`.
@example
const report = await processBatch(['./exports', 'more/*.csv.gz'], {
	onEvent: event => { if (event.type === 'file-failed') console.error(event.report.error?.message); },
});
*/
export async function processBatch(paths: readonly string[], options: ProcessOptions = {}): Promise<Report> {
	const settings = await checkOptions(options);
	const plan = await planFiles(paths, {follow: options.follow, limits: settings});
	if (plan.entries.length === 0) throw new NothingMatchedError(plan.unmatched);
	return runPlan(plan, paths, settings);
}

/**
Processes one file; the name is taken as it is, without globs.

@returns The file's report; `status` and `error` say how it ended.
@throws {RangeError} When a setting is out of its range.
@example
const {result, error} = await processFile('transactions.csv');
*/
export async function processFile(path: string, options: ProcessOptions = {}): Promise<FileReport> {
	const settings = await checkOptions(options);
	const report = await runPlan(await planFile(path), [path], settings);
	const [file] = report.files;
	if (file === undefined) throw new Error(`The run of one file gave no report of ${path}`);
	return file;
}

type CheckedOptions = Omit<ProcessOptions, 'analyses'> & Pick<BatchSettings, 'analyses'>;

async function runPlan(plan: Plan, paths: readonly string[], options: CheckedOptions): Promise<Report> {
	const {signal, onEvent, follow, ledger, resume: isResumed = false, verifyContent = false, ...settings} = options;
	const collector = createReportCollector();
	const saved =
		ledger === undefined ? null : await startSaving(ledger, settings, {isResumed, verifiesContent: verifyContent});
	try {
		await startBatch({
			plan,
			paths: paths.map(withoutSecrets),
			settings: saved === null ? settings : {...settings, hash: settings.hash ?? 'xxh3'},
			results: saved?.results ?? undefined,
			signal,
			onEvent(event) {
				collector.handle(event);
				saved?.handle(event);
				onEvent?.(event);
			},
		}).done;
	} catch (error) {
		// What happened until then is in the ledger; the error of the run is the one to tell.
		await saved?.finish().catch(() => {});
		throw error;
	}
	const report = collector.report();
	try {
		await saved?.finish();
	} catch (error) {
		if (error instanceof LedgerError) error.report = report;
		throw error;
	}
	return report;
}

async function startSaving(
	path: string,
	settings: BatchSettings,
	resuming: Pick<SavingOptions, 'isResumed' | 'verifiesContent'>,
): Promise<SavedRun> {
	const {saveRun} = await import('./ledger/save-run.ts');
	const readSettings = readSettingsOf(settings);
	const digests = {settingsDigest: digestOfSettings(readSettings), reading: digestOfReading(readSettings)};
	const saved = saveRun(path, settings, {...digests, ...resuming});
	await saved.results?.ready;
	return saved;
}

const lowestValues = {
	concurrency: 1,
	threads: 1,
	retries: 0,
	timeoutMs: 1,
	simulateIoMs: 0,
	chunkBytes: 1,
} as const satisfies Partial<Record<keyof BatchSettings, number>>;

/** Modules are loaded where all other settings are right. */
async function checkOptions(options: ProcessOptions): Promise<CheckedOptions> {
	assertSettings(options);
	if (options.resume === true && options.ledger === undefined)
		throw new RangeError('resume needs the ledger of an earlier run');
	const {analyses, ...others} = options;
	const loaded: AnalysisDeclaration[] = [];
	for (const each of analyses ?? []) {
		if (typeof each === 'object' && !(each instanceof URL)) loaded.push(each);
		else loaded.push(...(await loadModule(each instanceof URL ? fileURLToPath(each) : each)));
	}
	assertAnalyses(options.analysis, loaded);
	return {...others, ...(analyses !== undefined && {analyses: loaded})};
}

async function loadModule(path: string): Promise<readonly AnalysisDeclaration[]> {
	const {loadDeclarations, ModuleFaultsError} = await import('./engine/shared/own-modules.ts');
	try {
		return await loadDeclarations(path);
	} catch (error) {
		if (!(error instanceof ModuleFaultsError)) throw error;
		const place = (line: number | null): string => (line === null ? path : `${path}:${line}`);
		throw new RangeError(error.faults.map(({line, sentence}) => `${place(line)}: ${sentence}`).join('\n'));
	}
}

function assertSettings(options: ProcessOptions): void {
	for (const [name, lowest] of Object.entries(lowestValues)) {
		const value = options[name as keyof typeof lowestValues];
		if (value === undefined || (Number.isInteger(value) && value >= lowest)) continue;
		throw new RangeError(`${name} must be a whole number from ${lowest}, but is ${value}`);
	}
	for (const name of limitNames) {
		const value = options[name];
		const {minimum, maximum} = limitRanges[name];
		if (value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum)) continue;
		throw new RangeError(`${name} must be a whole number from ${minimum} to ${maximum}, but is ${value}`);
	}
	const {maxErrors} = options;
	const isRight =
		typeof maxErrors === 'string' ? isPercentage(maxErrors) : (maxErrors ?? 1) >= 1 && Number.isInteger(maxErrors ?? 1);
	if (!isRight)
		throw new RangeError(
			`maxErrors must be a whole number from 1, or a share like '0.5%' of at most 100%, but is ${maxErrors}`,
		);
	assertWhere(options);
	assertDeclarations(options);
}

function assertWhere({where}: ProcessOptions): void {
	if (where === undefined) return;
	try {
		parseWhere(where);
	} catch (error) {
		if (!(error instanceof ExpressionError)) throw error;
		throw new RangeError(`where: ${error.message}, at character ${error.start + 1} of: ${where}`);
	}
}

function assertDeclarations({analyses = []}: ProcessOptions): void {
	const faults = analyses.flatMap((each, index) =>
		typeof each === 'string' || each instanceof URL
			? []
			: checkDeclaration(each).map(
					({path, sentence}) => `${[`analyses[${index}]`, ...(path === '' ? [] : [path])].join('.')}: ${sentence}`,
				),
	);
	if (faults.length > 0) throw new RangeError(faults.join('\n'));
}

function assertAnalyses(analysis: BatchSettings['analysis'] = [], analyses: readonly AnalysisDeclaration[]): void {
	const names = [...analysisNames, ...analyses.map(({name}) => name)];
	const wanted = namesOf(analysis);
	const unknown = wanted.find(name => !names.includes(name));
	if (unknown !== undefined) throw new RangeError(`analysis must be one of ${names.join(', ')}, but is ${unknown}`);
	const fault = areCombined(analysis) && wanted.length !== 1 ? findCombinationFault(wanted, analyses) : undefined;
	if (fault !== undefined) throw new RangeError(fault);
}
