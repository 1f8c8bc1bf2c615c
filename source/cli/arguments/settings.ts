// The settings of a run, merged from layers: the defaults below, then configuration files, the environment, and flags. Each
// setting records the layer that it came from.
import {extname} from 'node:path';
import {type ColumnMap, type OwnAliases, parseColumnMap} from '../../analysis/column-map.ts';
import {type AnalysisChoice, combineAnalyses, isAnalysisName, namesOf} from '../../analysis/registry.ts';
import type {NamedDialect} from '../../engine/plan/dialect-rules.ts';
import type {ReadLimits} from '../../engine/shared/limits.ts';
import type {Percentage} from '../../engine/shared/percentage.ts';
import {type EncodingLabel, parseEncoding} from '../../input/encodings/encoding-labels.ts';
import {isModulePath} from '../../text/module-path.ts';
import type {KeyOverrides} from '../../ui/commands/keymap.ts';
import {unknownAnalysis} from '../own-analyses/unknown-analysis.ts';
import {splitAnalyses} from './analysis-list.ts';
import {
	type DefaultOf,
	FLAGS,
	type FlagName,
	type FlagValue,
	type FlagValues,
	getDefault,
	isFlagOf,
	toCamelCase,
} from './flags.ts';
import {KEYS_VARIABLE} from './read-variables.ts';
import {quoted, UsageError} from './usage-error.ts';

export interface LookSettings {
	readonly color: 'auto' | 'always' | 'never';
	/** `undefined`: decided by the locale. */
	readonly ascii: boolean | undefined;
	readonly theme: FlagValue<'theme'>;
	/** The background of the terminal; `auto`: as the terminal reports it. */
	readonly background: FlagValue<'background'>;
	/** Maximum frames per second; `null`: decided by the connection. */
	readonly fps: number | null;
	readonly altScreen: boolean;
	readonly mouse: boolean;
	/** The title of the terminal's window, and the progress that some terminals show beside it. */
	readonly title: boolean;
	readonly notify: FlagValue<'notify'>;
	/** `undefined`: decided by the environment. */
	readonly screenReader: boolean | undefined;
	/** The initial filter of the dashboard's list; it does not change what is processed. `null`: all files. */
	readonly filter: string | null;
	/** Custom keys for actions of the dashboard; `null`: none. */
	readonly keys: KeyOverrides | null;
}

export type ReportFormat = 'json' | 'csv' | 'md' | 'html';

export interface ReportTarget {
	readonly path: string;
	readonly format: ReportFormat;
}

export interface RunSettings extends LookSettings, ReadLimits {
	readonly concurrency: number;
	/** `null`: as many as there are cores, or files in flight where these are more. */
	readonly threads: number | null;
	/** `null`: detected for each file. With paths of modules until they are loaded, which gives the names of their analyses. */
	readonly analysis: AnalysisChoice;
	/** Modules of the user's own analyses, which are tried beside the built-in ones where they are detected. */
	readonly analysisModules: readonly string[];
	/** Which records count; `null`: all. */
	readonly where: string | null;
	/** The column whose values should be different ones, for the analysis of quality; `null`: it is found by its name. */
	readonly keyColumn: string | null;
	/** The headings of columns that the user has named; `null` for none. */
	readonly map: ColumnMap | null;
	/** What headers call columns of analyses. */
	readonly aliases: OwnAliases;
	/** `null`: as the bytes of each file say. */
	readonly encoding: EncodingLabel | null;
	/** What is said of how all files are written; `null`: it is found in each. */
	readonly delimiter: string | null;
	readonly quote: string | null;
	readonly escape: string | null;
	readonly header: boolean | null;
	readonly skipLines: number | null;
	readonly skipFooter: number | null;
	readonly comment: string | null;
	readonly nullText: string | null;
	/** The same of files by their names. */
	readonly namedDialects: readonly NamedDialect[];
	/** The decimal mark of numbers, the sign between groups of digits ('' for none), and how dates are written; `null`: the cells decide. */
	readonly decimal: '.' | ',' | null;
	readonly thousands: '.' | ',' | ' ' | "'" | '' | null;
	readonly dateFormat: string | null;
	/** What is asked instead of an analysis. */
	readonly groupBy: string | null;
	readonly sum: readonly string[];
	readonly mean: readonly string[];
	readonly min: readonly string[];
	readonly max: readonly string[];
	readonly distinct: readonly string[];
	readonly orderBy: string | null;
	readonly limit: number | null;
	/** Where the user stands in lines of text; `null`: known forms of logs are tried. */
	readonly userPattern: string | null;
	/** Who the user of an access log is; `null`: the lines say. */
	readonly user: 'login' | 'client' | null;
	/** A list of paths to read; `-` is standard input. */
	readonly filesFrom: string | null;
	/** Whether links to folders are followed. */
	readonly follow: boolean;
	readonly retries: number;
	readonly timeoutMs: number;
	readonly strict: boolean;
	/** Whether fields that a record lacks at its end count as empty ones. */
	readonly fill: boolean;
	/** This number of rejected records, or this share of all, fails a file; `null`: no limit. 1 where `strict` is on. */
	readonly maxErrors: number | Percentage | null;
	/** `auto`: the dashboard on a terminal, plain lines elsewhere. */
	readonly output: 'auto' | 'json' | 'jsonl' | 'plain';
	/** Whether standard error shows the progress of the run, where standard output does not. */
	readonly progress: FlagValue<'progress'>;
	readonly reports: readonly ReportTarget[];
	/** The folder for complete tables; `null`: none are written. */
	readonly exportFolder: string | null;
	/** The file for all rejected records; `null`: none is written. */
	readonly rejects: string | null;
	/** It lists no more of them. */
	readonly maxRejects: number;
	readonly failOn: FlagValue<'fail-on'>;
	readonly simulateIoMs: number;
	readonly logFile: string | null;
	readonly logFormat: FlagValue<'log-format'>;
	/** When the log is put aside, where it is: before it is so large, or when its first line is so old. */
	readonly logMaxSize: number | null;
	readonly logMaxAge: string | null;
	/** How many are kept that were put aside. */
	readonly logKeep: number;
	readonly logLevel: 'info' | 'debug' | 'trace';
	/** The file that the events of the run are recorded to. */
	readonly record: string | null;
	/** The file that the run is saved to; `null`: none, or the own one. */
	readonly ledger: string | null;
	/** Whether it is saved to the ledger of one's own where no other is named. */
	readonly save: boolean;
	/** How files are hashed as they are read; `null`: as a ledger needs it. */
	readonly hash: FlagValue<'hash'> | null;
	/** Whether files are not read again whose results are in the ledger. */
	readonly resume: boolean;
	/** Whether such files are hashed first. */
	readonly verifyContent: boolean;
	/** The queue that other machines take files from; `null`: this one reads. It may have a password in it. */
	readonly queue: string | null;
	readonly queueSecret: string | null;
	readonly queueSecretFile: string | null;
	/** Whether files that this program did not write may be overwritten. */
	readonly force: boolean;
	/** Whether configuration files are read. */
	readonly config: boolean;
}

export interface SettingSource {
	readonly kind: 'flag' | 'environment' | 'config' | 'default';
	/** The name that the user wrote: `--concurrency`, `FILEPROC_CONCURRENCY`, the path of a file; `default`. */
	readonly name: string;
}

export type SettingSources = {readonly [Key in keyof RunSettings]: SettingSource};

export interface ResolvedSettings {
	readonly settings: RunSettings;
	readonly sources: SettingSources;
}

/** Settings that no flag has, but configuration files; keys have a variable, too. */
export type FileSettings = Partial<Pick<RunSettings, 'keys' | 'analysisModules' | 'namedDialects' | 'aliases'>>;

/** Values of flags that were all given in one place. */
export interface SettingsLayer {
	readonly kind: 'flag' | 'environment' | 'config';
	readonly values: FlagValues;
	readonly ofFile?: FileSettings;
	/** Whether routes of watched folders stand in it. */
	readonly hasRoutes?: boolean;
	/** The spelling of a flag in that place. */
	readonly labelOf: (name: FlagName) => string;
}

/** At most one of each group may be given in the same layer. */
export const EXCLUSIVE: readonly (readonly FlagName[])[] = [
	['json', 'jsonl', 'plain'],
	['strict', 'max-errors'],
];

const DEFAULT_SOURCE: SettingSource = {kind: 'default', name: 'default'};

type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
	? `${First}${Capitalize<Camel<Rest>>}`
	: Name;
type SettingOf<Name extends FlagName> = Camel<Name> extends keyof RunSettings ? RunSettings[Camel<Name>] : never;
/** Flags whose value is the setting of their name: `skip-lines` is `skipLines`. */
type PlainFlag = Exclude<
	{[Name in FlagName]: [FlagValue<Name>] extends [SettingOf<Name>] ? Name : never}[FlagName],
	keyof typeof OTHER_CHANGES
>;

/** What flags change that are no setting by themselves. */
const OTHER_CHANGES = {
	analysis: analysis => ({analysis: readAnalysis(analysis)}),
	key: keyColumn => ({keyColumn}),
	map: map => ({map: parseColumnMap(map)}),
	encoding: encoding => ({encoding: parseEncoding(encoding)}),
	thousands: sign => ({thousands: sign === 'none' ? '' : sign === 'space' ? ' ' : sign}),
	user: user => ({user: user === 'auto' ? null : user}),
	null: nullText => ({nullText}),
	'simulate-io': simulateIoMs => ({simulateIoMs}),
	timeout: seconds => ({timeoutMs: Math.round(seconds * 1000)}),
	// Both flags end up in `maxErrors`, so reading it alone is enough.
	strict: strict => ({strict, maxErrors: strict ? 1 : null}),
	'max-errors': maxErrors => ({strict: false, maxErrors}),
	json: isOn => ({output: isOn ? 'json' : 'auto'}),
	jsonl: isOn => ({output: isOn ? 'jsonl' : 'auto'}),
	plain: isOn => ({output: isOn ? 'plain' : 'auto'}),
	report: (paths, label) => ({reports: paths.map(path => readReportTarget(path, label))}),
	export: exportFolder => ({exportFolder}),
	debug: isOn => ({logLevel: isOn ? 'debug' : 'info'}),
	trace: isOn => ({logLevel: isOn ? 'trace' : 'info'}),
} as const satisfies {readonly [Name in FlagName]?: (value: FlagValue<Name>, label: string) => Partial<RunSettings>};

type DefaultedFlag = {[Name in PlainFlag]: [DefaultOf<Name>] extends [SettingOf<Name>] ? Name : never}[PlainFlag];

/** Of flags that change a run. */
const SETTING_NAMES = FLAGS.filter(
	flag => isFlagOf(flag, 'run') && flag.group !== 'General' && flag.group !== 'Follow',
).map(({name}) => name);

const plainDefaults = Object.fromEntries(
	SETTING_NAMES.filter(name => !(name in OTHER_CHANGES)).map(name => [toCamelCase(name), getDefault(name)]),
) as Pick<RunSettings, Camel<DefaultedFlag>>;

export const createDefaultSettings = (): RunSettings => ({
	...plainDefaults,
	analysis: null,
	analysisModules: [],
	keyColumn: null,
	map: null,
	aliases: {},
	encoding: null,
	nullText: null,
	namedDialects: [],
	thousands: null,
	sum: [],
	mean: [],
	min: [],
	max: [],
	distinct: [],
	user: null,
	timeoutMs: getDefault('timeout') * 1000,
	strict: getDefault('strict'),
	maxErrors: getDefault('max-errors'),
	output: 'auto',
	reports: [],
	exportFolder: null,
	simulateIoMs: getDefault('simulate-io'),
	ascii: undefined,
	screenReader: undefined,
	keys: null,
	hash: null,
	logLevel: 'info',
});

/**
Merges the settings of a run.

@param layers - Lowest first: each may override the ones before it.
@throws {UsageError} When flags of one layer exclude each other, or a report has no format.
*/
export function resolveSettings(layers: readonly SettingsLayer[]): ResolvedSettings {
	let settings = createDefaultSettings();
	let sources = mapValues(settings, () => DEFAULT_SOURCE);
	const apply = (change: Partial<RunSettings>, source: SettingSource): void => {
		settings = {...settings, ...change};
		sources = {...sources, ...mapValues(change, () => source)};
	};
	for (const layer of layers) {
		assertCompatible(layer);
		const {kind, values, labelOf, ofFile = {}} = layer;
		const given = SETTING_NAMES.filter(name => values[name] !== undefined);
		// Negations are applied first, so that `--no-plain --json` is JSON in either order.
		given.sort((left, right) => Number(values[left] !== false) - Number(values[right] !== false));
		for (const name of given) {
			const label = labelOf(name);
			apply(changeOf(name, values[name], label), {kind, name: label});
		}
		apply(ofFile, {kind, name: kind === 'environment' ? KEYS_VARIABLE : labelOf('config')});
	}
	const {analysis, analysisModules} = settings;
	const unknown = namesOf(analysis).find(name => !isAnalysisName(name) && !isModulePath(name));
	// Modules that are not loaded yet may have it.
	if (unknown !== undefined && analysisModules.length === 0) throw unknownAnalysis(unknown, sources.analysis.name);
	// In a file or a variable it is for other runs.
	if (sources.keyColumn.kind === 'flag' && !namesOf(analysis).includes('quality'))
		throw new UsageError(
			`${sources.keyColumn.name} is for the analysis quality, which is not made here. Add --analysis quality.`,
		);
	assertResumable(settings);
	return {settings, sources};
}

function assertResumable({resume, verifyContent, ledger, save, rejects}: RunSettings): void {
	if (verifyContent && !resume) throw new UsageError('--verify-content is for files from a ledger. Add --resume.');
	if (!resume) return;
	if (ledger === null && !save)
		throw new UsageError(
			'--resume needs the ledger of an earlier run: add --ledger and its file, or --save for your own.',
		);
	if (rejects !== null)
		throw new UsageError(
			'--resume and --rejects exclude each other: a ledger does not keep the rejected records of files that are not read again.',
		);
}

function changeOf(name: FlagName, value: unknown, label: string): Partial<RunSettings> {
	const change: ((value: never, label: string) => Partial<RunSettings>) | undefined =
		name in OTHER_CHANGES ? OTHER_CHANGES[name as keyof typeof OTHER_CHANGES] : undefined;
	return change === undefined ? {[toCamelCase(name)]: value} : change(value as never, label);
}

function assertCompatible({values, labelOf}: SettingsLayer): void {
	for (const group of EXCLUSIVE) {
		const [first, second] = group.filter(name => values[name] !== undefined && values[name] !== false);
		if (first === undefined || second === undefined) continue;
		throw new UsageError(`${labelOf(first)} and ${labelOf(second)} exclude each other: give one of them.`);
	}
}

/** The settings that concern the look of a run. */
export const pickLook = (settings: LookSettings): LookSettings => {
	const {color, ascii, theme, background, fps, altScreen, mouse, title, notify, screenReader, filter, keys} = settings;
	return {color, ascii, theme, background, fps, altScreen, mouse, title, notify, screenReader, filter, keys};
};

const REPORT_FORMATS: ReadonlyMap<string, ReportFormat> = new Map([
	['.json', 'json'],
	['.csv', 'csv'],
	['.md', 'md'],
	['.html', 'html'],
]);

export const findReportFormat = (path: string): ReportFormat | undefined =>
	REPORT_FORMATS.get(extname(path).toLowerCase());

/** Modules are loaded later. */
function readAnalysis(text: string): AnalysisChoice {
	const list = splitAnalyses(text);
	if (list !== null) return combineAnalyses(list);
	return text === 'detect' ? null : text;
}

function readReportTarget(path: string, label: string): ReportTarget {
	const format = findReportFormat(path);
	if (format === undefined)
		throw new UsageError(`${label} takes a file that ends in .json, .csv, .md or .html, but got ${quoted(path)}.`);
	return {path, format};
}

const mapValues = <Source extends object, Value>(
	source: Source,
	compute: () => Value,
): {readonly [Key in keyof Source]: Value} =>
	Object.fromEntries(Object.keys(source).map(key => [key, compute()])) as {[Key in keyof Source]: Value};
