// The step that makes analyses of a file, with the threads of one run that stays open for all of them.
import {ExpressionError} from '../analysis/question/tokens.ts';
import {analysisNames, findCombinationFault, isAnalysisName} from '../analysis/registry.ts';
import {parseWhere} from '../analysis/where/parse-where.ts';
import type {ResultStore} from '../engine/backend/keep-results.ts';
import {type BatchOptions, type BatchSettings, startBatch} from '../engine/batch.ts';
import {isRetryable} from '../engine/jobs/retry-policy.ts';
import type {PlanEntry} from '../engine/plan/plan.ts';
import type {Run} from '../engine/run/run-options.ts';
import type {NamedState} from '../engine/shared/consolidation.ts';
import type {NamedPartial} from '../engine/shared/protocol.ts';
import type {RunEvent} from '../model/events.ts';
import {keyOf} from '../model/file-address.ts';
import type {ErrorReport, FileReport} from '../model/report.ts';
import type {AnalysisResults} from '../model/results.ts';
import {findClosestMatch} from '../text/closest-match.ts';
import {displayPath} from '../text/path-text.ts';
import type {SettingFault} from './catalog.ts';
import {entriesOf} from './entries-of.ts';
import {tooManyFiles} from './inspect-file.ts';
import {
	type CleanTable,
	type JsonObject,
	type PipelineFile,
	type Processor,
	StepError,
	type StepInput,
	type StepOutcome,
} from './pipeline.ts';
import type {BuiltIn} from './processors/built-in.ts';
import {fieldsOf, kindOf, listOf, optional, refined, text} from './processors/settings-reader.ts';

export interface AnalyzerOptions {
	/** How files are read, where a step says nothing else. */
	readonly settings: BatchSettings;
	/** See `BatchOptions.workers`. */
	readonly workers?: BatchOptions['workers'];
	/** See `BatchOptions.maxThreads`. */
	readonly maxThreads?: number | undefined;
	/**
	Where checkpoints of large files are kept; nowhere by default.

	@param reading - Names how files are read: what is known of a file that is read otherwise is of no use.
	*/
	readonly checkpointsOf?: (reading: string) => ResultStore;
	/** Whether somebody asks for `results`. */
	readonly keepsResults: boolean;
	/**
	Takes what each file of a claim came to, complete, and is waited for; then no results of all files are kept.

	@param place - Of the file in its archive; 0 where it is none.
	@param encode - Gives its partials.
	*/
	readonly takePartials?: (
		claim: string,
		place: number,
		report: FileReport,
		encode: () => readonly NamedPartial[],
	) => Promise<void>;
	/** See `BatchOptions.isUnattended`. */
	readonly isUnattended?: boolean;
	/** An archive with more files fails. Default: as many as any archive may have. */
	readonly maxMembers?: number;
	/** Of an archive, so many files are read, the first ones. Default: all. */
	readonly maxRead?: number;
	/** Whether what is read is hashed, to be sure of what it was. Default: yes. */
	readonly hashes?: boolean;
	/** What happens to the file of a claim while it is read: `file-started`, `file-progressed` and `file-retrying`. */
	readonly onEvent: (claim: string, event: RunEvent) => void;
}

/** Of an archive. */
const MEMBERS_AT_A_TIME = 512;
/** Then the threads end until there is work again. */
const IDLE_MS = 30_000;
/** Each has threads of its own, and files may be read in any number of ways. */
const MAX_IDLE_RUNS = 4;

interface OpenRun {
	readonly run: Run;
	/** By how its events name them. */
	readonly waiting: Map<string | number, WaitingFile>;
	idleTimer: NodeJS.Timeout | null;
}

interface WaitingFile {
	readonly claim: string;
	readonly resolve: (read: ReadFile) => void;
	encode: ReadFile['encode'];
}

interface ReadFile {
	readonly report: FileReport;
	/** Gives its partials; `null` where there are none. */
	readonly encode: (() => readonly NamedPartial[]) | null;
}

export class Analyzer implements Processor {
	readonly name = 'analyze';
	readonly version = 1;
	readonly isStateful = false;
	readonly #options: AnalyzerOptions;
	/** By how their files are read. */
	readonly #runs = new Map<string, OpenRun>();
	readonly #ending = new Set<Promise<void>>();
	/** What all files have come to so far that were read in the same way, whose run is over. */
	readonly #earlier = new Map<string, readonly NamedState[]>();
	readonly #results = new Map<string, AnalysisResults>();

	constructor(options: AnalyzerOptions) {
		this.#options = options;
	}

	/** What all files have come to, for each way to read them. There once it is closed. */
	get results(): readonly AnalysisResults[] {
		return [...this.#results.values()];
	}

	async run({file, step, signal}: StepInput): Promise<StepOutcome> {
		const settings = {
			...(file.table !== undefined && settingsOfTable(file.table, this.#options.settings)),
			...settingsOfStep(step.with),
		};
		const report = await this.analyze(file, settings, signal);
		return {said: null, metadata: {}, outputs: [], data: null, report, state: null};
	}

	/**
	@param own - How this file is read, where that differs from all others.
	@returns The report of a file that has completed.
	@throws {StepError} @throws The reason of the signal.
	*/
	async analyze(file: PipelineFile, own: BatchSettings, signal: AbortSignal): Promise<FileReport> {
		signal.throwIfAborted();
		const {hashes = true, maxRead} = this.#options;
		const settings = {...this.#options.settings, ...own, ...(hashes && {hash: 'sha256' as const})};
		const reports: FileReport[] = [];
		const entries = (await entriesOf(file, settings)).slice(0, maxRead);
		const {maxMembers = entries.length} = this.#options;
		if (entries.length > maxMembers) {
			const {code, message} = tooManyFiles(entries.length, maxMembers);
			throw new StepError(code, message);
		}
		// Some at a time: who ends them all must not wait for as many as an archive may have.
		for (let start = 0; start < entries.length; start += MEMBERS_AT_A_TIME) {
			signal.throwIfAborted();
			const some = entries.slice(start, start + MEMBERS_AT_A_TIME);
			const read = some.map(async (entry, index) => {
				const {report, encode} = await this.#read(file.claim, entry, settings, signal);
				if (encode !== null) await this.#options.takePartials?.(file.claim, start + index, report, encode);
				return report;
			});
			reports.push(...(await Promise.all(read)));
		}
		const report = reports.length === 1 ? reports[0] : joinReports(displayPath(file.name), file.bytes, reports);
		if (report === undefined) throw new Error('Expected a report of the file');
		const {content_hash: readHash} = report;
		if (file.contentHash !== undefined && readHash !== undefined && readHash !== file.contentHash)
			throw new StepError('CHANGED_WHILE_READING', OTHER_BYTES, {mayPass: true});
		if (report.status === 'completed') return report;
		const {code, message} = report.error ?? NOT_DATA;
		throw new StepError(code, message, {mayPass: isRetryable(code), report});
	}

	/** @returns When the threads have ended. */
	async close(): Promise<void> {
		for (const [key, open] of this.#runs) this.#end(key, open);
		await Promise.all(this.#ending);
	}

	#read(claim: string, entry: PlanEntry, settings: BatchSettings, signal: AbortSignal): Promise<ReadFile> {
		const open = this.#open(settings);
		const {promise, resolve} = Promise.withResolvers<ReadFile>();
		if (open.idleTimer !== null) clearTimeout(open.idleTimer);
		open.idleTimer = null;
		// Files of an archive that cannot be read have ended before their name is known.
		const ended = new Map<string | number, FileReport>();
		this.#endedEarly = ended;
		const address = open.run.addFile(entry);
		this.#endedEarly = null;
		if (address === null) throw new Error('Expected the run to take files until it is closed');
		const key = keyOf(address);
		const report = ended.get(key);
		if (report !== undefined) resolve({report, encode: null});
		else {
			open.waiting.set(key, {claim, resolve, encode: null});
			const cancel = (): void => {
				open.run.perform({type: 'cancel-file', ...address});
			};
			signal.addEventListener('abort', cancel, {once: true});
			void promise.then(() => signal.removeEventListener('abort', cancel));
		}
		return promise;
	}

	#endedEarly: Map<string | number, FileReport> | null = null;

	#open(settings: BatchSettings): OpenRun {
		const key = JSON.stringify(settings);
		const known = this.#runs.get(key);
		if (known !== undefined) return known;
		const waiting: OpenRun['waiting'] = new Map();
		const {checkpointsOf, takePartials} = this.#options;
		const run = startBatch({
			plan: {entries: [], unmatched: []},
			paths: [],
			settings,
			staysOpen: true,
			maxThreads: this.#options.maxThreads,
			workers: this.#options.workers,
			results: checkpointsOf?.(key),
			isUnattended: this.#options.isUnattended,
			forgetsEnded: true,
			earlier: this.#earlier.get(key),
			...(takePartials !== undefined && {
				onPartials(address, encode) {
					const file = waiting.get(keyOf(address));
					if (file !== undefined) file.encode = encode;
				},
			}),
			onEvent: event => this.#handle(key, waiting, event),
		});
		const open: OpenRun = {run, waiting, idleTimer: null};
		this.#earlier.delete(key);
		this.#runs.set(key, open);
		return open;
	}

	#end(key: string, open: OpenRun): void {
		this.#runs.delete(key);
		if (open.idleTimer !== null) clearTimeout(open.idleTimer);
		open.run.close();
		// With no file left it is over at once, and another one may take over.
		if (this.#options.keepsResults && open.waiting.size === 0) this.#earlier.set(key, open.run.takeStates());
		const ended = open.run.done.finally(() => this.#ending.delete(ended));
		this.#ending.add(ended);
	}

	#handle(run: string, waiting: OpenRun['waiting'], event: RunEvent): void {
		if (event.type === 'run-completed' && this.#options.keepsResults) this.#results.set(run, event.analyses);
		if (!('file' in event)) return;
		const key = keyOf(event);
		const file = waiting.get(key);
		if (!('report' in event)) {
			if (file !== undefined && event.type !== 'file-queued') this.#options.onEvent(file.claim, event);
			return;
		}
		if (file === undefined) this.#endedEarly?.set(key, event.report);
		waiting.delete(key);
		file?.resolve({report: event.report, encode: file.encode});
		const open = this.#runs.get(run);
		if (open === undefined || open.waiting.size > 0) return;
		open.idleTimer = setTimeout(() => this.#end(run, open), IDLE_MS).unref();
		// In the order in which they were opened.
		const idle = Array.from(this.#runs).filter(([, {idleTimer}]) => idleTimer !== null);
		for (const [key, each] of idle.slice(0, -MAX_IDLE_RUNS)) this.#end(key, each);
	}
}

const OTHER_BYTES = 'The bytes that were read are not those that were hashed before: somebody writes to the file.';
const NOT_DATA = {code: 'NOT_DATA', message: 'Expected a file of data.'} satisfies Pick<
	ErrorReport,
	'code' | 'message'
>;

const analysisName = kindOf({anyOf: [{enum: analysisNames}, text.schema]}, (value, fault) => text(value, fault));

/** Of the step. */
export const analyzeSettings = refined(
	fieldsOf({
		analysis: optional(listOf(analysisName, {mayBeSingle: true}), 'One analysis, or several in one pass'),
		where: optional(text, 'Which records count, as --where has it'),
	}),
	(value, fault) => {
		const {analysis, where} = value;
		const faults = [
			...(analysis === undefined ? [] : findAnalysisFaults(analysis)),
			...(where === undefined ? [] : findWhereFaults(where)),
		];
		for (const {path, sentence} of faults) fault(sentence, path);
		return faults.length === 0 ? value : undefined;
	},
);

function findAnalysisFaults(names: readonly string[]): readonly SettingFault[] {
	const unknown = names.find(name => !isAnalysisName(name));
	if (unknown !== undefined) {
		const closest = findClosestMatch(unknown, analysisNames);
		const hint = closest === undefined ? `known are ${analysisNames.join(', ')}` : `did you mean ${closest}?`;
		return [{path: ['analysis'], sentence: `there is no analysis ${JSON.stringify(unknown)}: ${hint}`}];
	}
	const fault = names.length > 1 ? findCombinationFault(names, []) : undefined;
	return fault === undefined ? [] : [{path: ['analysis'], sentence: fault}];
}

function findWhereFaults(where: string): readonly SettingFault[] {
	try {
		parseWhere(where);
		return [];
	} catch (error) {
		if (!(error instanceof ExpressionError)) throw error;
		return [{path: ['where'], sentence: `cannot be used at character ${error.start + 1}: ${error.message}`}];
	}
}

/** How a file is read by the settings of its step. */
export function settingsOfStep({analysis, where}: JsonObject): Pick<BatchSettings, 'analysis' | 'where'> {
	return {
		...(typeof analysis === 'string' && {analysis}),
		...(Array.isArray(analysis) && {
			analysis: analysis.length === 1 ? String(analysis[0]) : {allOf: analysis.map(String)},
		}),
		...(typeof where === 'string' && {where}),
	};
}

/** Nothing of it is to be found out. */
const settingsOfTable = ({hasHeader, isNormalised}: CleanTable, {dialect}: BatchSettings): BatchSettings => ({
	...{encoding: undefined, dialects: {}},
	dialect: {
		...{delimiter: ',', quote: '"', escape: 'doubled', header: hasHeader, skipLines: 0, skipFooter: 0},
		...{comment: undefined, null: dialect?.null},
	},
	...(isNormalised && ({decimal: '.', thousands: '', dateFormat: 'y-m-d'} as const)),
});

/** What the members of an archive came to, as one report that names each. */
function joinReports(file: string, bytes: number, members: readonly FileReport[]): FileReport {
	const sum = (of: (report: FileReport) => number): number => members.reduce((total, each) => total + of(each), 0);
	const failed = members.find(({status}) => status === 'failed' || status === 'cancelled');
	const isNothing = members.every(({status}) => status === 'skipped');
	const fault = failed ?? (isNothing ? members[0] : undefined);
	return {
		file,
		status: fault === undefined ? 'completed' : 'failed',
		analysis: null,
		attempts: Math.max(1, ...members.map(({attempts}) => attempts)),
		bytes,
		rows: sum(({rows}) => rows),
		rejected_rows: sum(each => each.rejected_rows),
		processing_time: sum(each => each.processing_time),
		error:
			fault === undefined
				? null
				: {
						...(fault.error ?? {...NOT_DATA, line: null, byte_offset: null}),
						message: `${fault.file}: ${fault.error?.message ?? NOT_DATA.message}`,
					},
		dialect: null,
		result: null,
		rejects: [],
		members,
	};
}

/** As a step names it. */
export const analyzeStep = (analyzer: Analyzer): BuiltIn => ({
	name: analyzer.name,
	version: analyzer.version,
	settings: analyzeSettings,
	open: () => analyzer,
});
