// A run with threads of its own and the defaults of the product: what the command and the library both start.

import {availableParallelism} from 'node:os';
import type {ColumnMap, OwnAliases} from '../analysis/column-map.ts';
import type {AnalysisDeclaration} from '../analysis/declaration.ts';
import {
	type AnalysisChoice,
	areCombined,
	combineAnalyses,
	describeAnalyses,
	detectedNames,
	knownNames,
	namesOf,
	registerAnalyses,
	registeredAnalyses,
} from '../analysis/registry.ts';
import {type EncodingLabel, encodingLabels, parseEncoding} from '../input/encodings/encoding-labels.ts';
import type {ContentHashName} from '../kernel/content-hash.ts';
import type {RunEvent} from '../model/events.ts';
import type {JobBackend} from './backend/job-backend.ts';
import {keepResults, type ResultStore} from './backend/keep-results.ts';
import {type DialectSettings, dialectRules, forceDialect, forceForms, type NamedDialect} from './plan/dialect-rules.ts';
import type {Plan} from './plan/plan.ts';
import {OwnThreads} from './pool/own-threads.ts';
import {errorLimits} from './run/job-settings.ts';
import {startRun} from './run/run.ts';
import type {Run, RunOptions} from './run/run-options.ts';
import type {NamedState} from './shared/consolidation.ts';
import {type ReadLimits, withDefaults} from './shared/limits.ts';
import type {Percentage} from './shared/percentage.ts';
import type {ReadSettings} from './shared/protocol.ts';
import type {RejectSpoolSettings} from './shared/spooled-rejects.ts';
import {findUnknownAlias, findUnknownColumn} from './unknown-column.ts';
import {findUserPatternFault} from './user-pattern-fault.ts';
import {version} from './version.ts';

/** What files may ask for before they fail; see the ranges in `limits.ts`. */
export type LimitSettings = {readonly [Name in keyof ReadLimits]?: number | undefined};

/** How a batch is processed; every setting has a default. */
export interface BatchSettings extends LimitSettings {
	/** Files in flight, at most; each is read by a worker thread of its own, so never more than `threads`. Default 3. */
	readonly concurrency?: number | undefined;
	/** Worker threads, at most. Default: the available cores, or one for each file in flight where these are more. */
	readonly threads?: number | undefined;
	/**
	The name of the analysis for all files, or several to choose from by each header. By default all of them are tried. With
	`{allOf: ['transactions', 'sales']}` all of those that its header fits are made of a file in one pass; see `FileReport.results`.
	*/
	readonly analysis?: string | readonly string[] | {readonly allOf: readonly string[]} | undefined;
	/**
	For the analysis `quality`: the name of the column whose values should be different ones. By default it is one that is called like an id
	of transactions.
	*/
	readonly keyColumn?: string | undefined;
	/**
	The encoding that all files are in, by its name: `windows-1251`, `shift_jis`. What is not valid in it fails the file. By default each file's
	bytes say: UTF-16 and UTF-32 are recognised, UTF-8 is what fits it, and anything else is taken as `windows-1252`.
	*/
	readonly encoding?: string | undefined;
	/** How all files are written; what is left out is found in each. */
	readonly dialect?: DialectSettings | undefined;
	/** The same of files by patterns of their names: `{'*.txt': {delimiter: '|'}}`. What is said of all files comes first. */
	readonly dialects?: Readonly<Record<string, NamedDialect['settings']>> | undefined;
	/** The decimal mark of all columns of numbers. By default the cells of each column decide. */
	readonly decimal?: '.' | ',' | undefined;
	/** The only sign that may stand between groups of digits; `''`: none. By default any that fits the decimal mark. */
	readonly thousands?: '.' | ',' | ' ' | "'" | '' | undefined;
	/** How all dates are written: `'d/m/y'`, `'m/d/y'`, `'y-m-d'` and so on. By default the cells of each column decide. */
	readonly dateFormat?: string | undefined;
	/** Analyses beside the built-in ones; where a header fits both equally well, these count. */
	readonly analyses?: readonly AnalysisDeclaration[] | undefined;
	/**
	Only records that fit this condition count, as in `amount > 100 and category = "fuel"`; others are counted as `filtered`. By default
	all count.
	*/
	readonly where?: string | undefined;
	/** Whether the report of each table has its `structure`. Default: no. */
	readonly tellsStructure?: boolean | undefined;
	/** Only the records within so many bytes from the beginning of each file are read. */
	readonly headBytes?: number | undefined;
	/**
	How the bytes of files are hashed while they are read, for the `content_hash` of their reports: `'xxh3'`, which finds what changed by accident
	at next to no price, or `'sha256'`, which finds what somebody forged, too, and takes as long as reading. Default: `'xxh3'` where the run is
	saved to a ledger, else not at all.
	*/
	readonly hash?: ContentHashName | undefined;
	/** Further attempts after an error that may pass. Default 2. */
	readonly retries?: number | undefined;
	/** A file that makes no progress for this number of milliseconds fails. Default 60,000. */
	readonly timeoutMs?: number | undefined;
	/**
	This number of rejected records fails a file; as `'5%'`, this share of its records, once all of it has been read. Without it,
	rejected records fail no file.
	*/
	readonly maxErrors?: number | Percentage | undefined;
	/** The headings of columns, as in `{amount: 'Betrag'}`; other columns are found by their usual names. */
	readonly map?: ColumnMap | undefined;
	/** Further names of columns, in front of the usual ones, as in `{amount: ['Zahlbetrag']}`. */
	readonly aliases?: OwnAliases | undefined;
	/** Whether fields that a record lacks at its end count as empty ones. By default it is rejected. */
	readonly fill?: boolean | undefined;
	/** Where the user stands in lines of text, as in `user=([\\w.@-]+)`. By default, known forms of logs are tried. */
	readonly userPattern?: string | undefined;
	/** Who the user of a line of an access log is; by default who is logged in, or the client where nobody is in the first lines. */
	readonly user?: 'login' | 'client' | undefined;
	/** Wait this number of milliseconds after every 100 records. Default 0. */
	readonly simulateIoMs?: number | undefined;
	/** Bytes per read; results do not depend on it. Default 262,144. */
	readonly chunkBytes?: number | undefined;
	/** What reads the files. Results do not depend on it, but `reference`, which is csv-parse, takes fifty times as long. Default `kernel`. */
	readonly reader?: 'kernel' | 'reference' | undefined;
}

export const defaultConcurrency = 3;
/** Files in flight are bounded by this where `threads` does not bound them. */
export const MAX_CONCURRENCY = 1024;
export const defaultRetries = 2;
export const defaultTimeoutMs = 60_000;
/** Large enough that a read's fixed cost is nothing, small enough to stay in the second-level cache. */
const defaultChunkBytes = 256 * 1024;

export interface BatchOptions {
	readonly plan: Plan;
	/** What was asked for, as given. */
	readonly paths: readonly string[];
	readonly settings: BatchSettings;
	readonly signal?: AbortSignal | undefined;
	/** See `RunOptions.runId`. */
	readonly runId?: string | undefined;
	/** See `RunOptions`. */
	readonly staysOpen?: boolean | undefined;
	readonly forgetsEnded?: boolean | undefined;
	readonly earlier?: readonly NamedState[] | undefined;
	readonly onEvent: (event: RunEvent) => void;
	/**
	Asked after each event: `null` while subscribers can take more, which is the usual case, or a promise that resolves when they
	can. Until then everything is held, as in a pause, but without an event.
	*/
	readonly untilRoom?: (() => Promise<void> | null) | undefined;
	/** Where all rejected records are written to, see engine/shared/spooled-rejects.ts; nowhere by default. */
	readonly rejectSpool?: RejectSpoolSettings | undefined;
	/** Worker threads, at most, where `settings.threads` are not enough for each file in flight to get on. Default: `settings.threads`. */
	readonly maxThreads?: number | undefined;
	/** See `RunOptions`. */
	readonly onPartials?: RunOptions['onPartials'];
	/** See `ClientOptions`. */
	readonly isUnattended?: boolean | undefined;
	/** What reads files beside the threads, which are for what it cannot read; by default they read all. */
	readonly workers?: ((threads: JobBackend) => JobBackend) | undefined;
	/** Where they take them from, as it may be shown. */
	readonly queue?: string | undefined;
	/** Keeps what files come to, and knows what earlier runs have kept; nowhere by default. */
	readonly results?: ResultStore | undefined;
	/** Called when threads start and end. */
	readonly onLog?: ((message: string, fields: Readonly<Record<string, unknown>>) => void) | undefined;
}

function forcedForms({decimal, thousands, dateFormat}: BatchSettings): Pick<ReadSettings, 'forms'> {
	if (decimal === undefined && thousands === undefined && dateFormat === undefined) return {};
	return {forms: {forced: forceForms({decimal, thousands, dateFormat})}};
}

/** Starts a run. Its `done` resolves when the run is over and its threads are gone. */
export function startBatch(batch: BatchOptions): Run {
	const {
		plan,
		paths,
		settings,
		rejectSpool,
		results,
		onLog,
		maxThreads: allowedThreads,
		workers = each => each,
		isUnattended,
		...options
	} = batch;
	const {concurrency = defaultConcurrency} = settings;
	const threads = settings.threads ?? availableParallelism();
	const readSettings = {
		...readSettingsOf(settings),
		...(rejectSpool !== undefined && {rejectSpool}),
		...(results?.keepResults !== undefined && {hash: settings.hash ?? 'xxh3', keepsFiles: true}),
		...(options.onPartials !== undefined && {keepsFiles: true}),
	};
	const {analysis} = readSettings;
	const maxThreads = allowedThreads ?? settings.threads ?? MAX_CONCURRENCY;
	const ownThreads = new OwnThreads(
		{threads, maxThreads, isUnattended, onLog: onLog ?? (() => {})},
		{filesInFlight: concurrency},
	);
	const backend = workers(ownThreads);
	return startRun({
		plan,
		paths,
		version,
		analyses: describeAnalyses(analysis),
		concurrency,
		maxConcurrency: batch.workers === undefined ? maxThreads : MAX_CONCURRENCY,
		threads,
		retries: settings.retries ?? defaultRetries,
		timeoutMs: settings.timeoutMs ?? defaultTimeoutMs,
		readSettings,
		backend: results === undefined ? backend : keepResults(backend, results, version),
		releaseThreads: ownThreads.close,
		...options,
	});
}

/** @throws {RangeError} */
function readDialects({dialect = {}, dialects = {}}: BatchSettings): Pick<ReadSettings, 'forced' | 'dialectRules'> {
	const isSaid = Object.values(dialect).some(part => part !== undefined);
	const rules = Object.entries(dialects).flatMap(([pattern, settings]) => dialectRules({pattern, settings}));
	return {...(isSaid && {forced: forceDialect(dialect)}), ...(rules.length > 0 && {dialectRules: rules})};
}

/** @throws {RangeError} */
function readEncoding(name: string | undefined): EncodingLabel | undefined {
	if (name === undefined) return undefined;
	const label = parseEncoding(name);
	if (label === null) throw new RangeError(`encoding must be one of ${encodingLabels.join(', ')}, but got ${name}`);
	return label;
}

/**
How files are read with such settings.

@throws {RangeError} When a setting cannot be used.
*/
export function readSettingsOf(settings: BatchSettings): ReadSettings {
	const analysis = chooseAnalyses(settings);
	assertUserPattern(settings.userPattern);
	assertColumns(settings, analysis);
	const encoding = readEncoding(settings.encoding);
	const registered = registeredAnalyses().map(each =>
		each.code === undefined ? each : {name: each.name, code: each.code},
	);
	return {
		analysis,
		...(registered.length > 0 && {registered}),
		...(settings.userPattern !== undefined && {userPattern: settings.userPattern}),
		...(settings.user !== undefined && {user: settings.user}),
		...(settings.where !== undefined && {where: settings.where}),
		...(settings.map !== undefined && {map: settings.map}),
		...(settings.aliases !== undefined && Object.keys(settings.aliases).length > 0 && {aliases: settings.aliases}),
		...(settings.keyColumn !== undefined && {keyColumn: settings.keyColumn}),
		...(encoding !== undefined && {encoding}),
		...readDialects(settings),
		...forcedForms(settings),
		...(settings.tellsStructure !== undefined && {tellsStructure: settings.tellsStructure}),
		...(settings.headBytes !== undefined && {headBytes: settings.headBytes}),
		...(settings.hash !== undefined && {hash: settings.hash}),
		...(settings.fill === true && {fillsMissing: true}),
		...errorLimits(settings.maxErrors),
		limits: withDefaults(settings),
		simulateIoMs: settings.simulateIoMs ?? 0,
		chunkBytes: settings.chunkBytes ?? defaultChunkBytes,
		reader: settings.reader ?? 'kernel',
	};
}

/** @throws {RangeError} */
function assertUserPattern(pattern: string | undefined): void {
	const fault = pattern === undefined ? null : findUserPatternFault(pattern);
	if (fault !== null)
		throw new RangeError(`userPattern cannot be used at character ${fault.start + 1}: ${fault.message}`);
}

/** @throws {RangeError} */
function assertColumns(
	{map, aliases, tellsStructure}: Pick<BatchSettings, 'map' | 'aliases' | 'tellsStructure'>,
	analysis: AnalysisChoice,
): void {
	// Then it is told which analyses can be made of a table.
	const fault =
		map === undefined ? undefined : findUnknownColumn(map, tellsStructure === true ? knownNames() : analysis);
	if (fault !== undefined) throw new RangeError(`map cannot be used: ${fault}`);
	const unknown = aliases === undefined ? undefined : findUnknownAlias(aliases);
	if (unknown !== undefined) throw new RangeError(`aliases cannot be used: ${unknown}`);
}

function chooseAnalyses({analysis, analyses = []}: BatchSettings): AnalysisChoice {
	registerAnalyses(analyses);
	if (analysis !== undefined && areCombined(analysis)) return combineAnalyses(namesOf(analysis));
	if (analysis !== undefined || analyses.length === 0) return analysis ?? null;
	return [...analyses.map(({name}) => name), ...detectedNames];
}
