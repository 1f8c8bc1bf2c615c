// Parses the command line into a command. It has no effects: it reads configuration files through a function that it is
// given, and never ends the process.
import meow from 'meow';
import type {KeptTimes} from '../../server/retention.ts';
import {joinWords} from '../../text/join-words.ts';
import type {HowWatched} from '../../watch/intake-file.ts';
import type {GenerateOptions} from '../commands/generate/generate.ts';
import type {ConfigFile} from '../config-file/read-configs.ts';
import {assertOneUseOfStandardInput} from '../process/standard-input.ts';
import {translateClassicWords} from './classic-words.ts';
import {isOfServer} from './flags/definition.ts';
import type {RecipeName} from './flags/recipe-names.ts';
import type {TopicName} from './flags/topic-names.ts';
import type {CommandName, FlagDefinition, FlagName, FlagValues, Shell} from './flags.ts';
import {COMMANDS, findFlag, getDefault, isFlagOf, toCamelCase, wordOf} from './flags.ts';
import {type AuditCommand, readAccountWords, type TokenCommand, type UsersCommand} from './read-account-words.ts';
import {type BackupCommand, type RestoreCommand, readBackupWords} from './read-backup-words.ts';
import {
	assertNoServer,
	type ClientCommand,
	isClientWord,
	isServerAddress,
	readClientWords,
} from './read-client-words.ts';
import {type ConvertOptions, readConvertOptions} from './read-convert-options.ts';
import {type InitCommand, readInitWords} from './read-init-words.ts';
import {readOperand, readOwnPath} from './read-operand.ts';
import {readKeptTimes, readServeWords, type ServeCommand} from './read-serve-flags.ts';
import {type AttachCommand, readAttachFlags, readShareFlags, type ShareFlags} from './read-share-flags.ts';
import {readTopic, topicOf} from './read-topic.ts';
import {readValue} from './read-value.ts';
import {findUnknownVariables, readKeysVariable, readVariables} from './read-variables.ts';
import {
	type CleanFlags,
	type RetryFailedWords,
	readCleanFlags,
	readHowWatched,
	readRetryFailedWords,
	type WatchFlags,
} from './read-watch-flags.ts';
import {readRoutesWords, readWatchWords} from './read-watch-words.ts';
import {forWorkers, readWorkerWords, type WorkerCommand} from './read-worker-flags.ts';
import type {ScannedArguments} from './scan-arguments.ts';
import {hasFlagWord, scanArguments} from './scan-arguments.ts';
import type {LookSettings, ResolvedSettings, RunSettings, SettingSources, SettingsLayer} from './settings.ts';
import {pickLook, resolveSettings} from './settings.ts';
import {quoted, UsageError} from './usage-error.ts';

/** Options of `generate`, except for the folder. */
export type GenerateFlags = Pick<
	GenerateOptions,
	'fileCount' | 'rowsPerFile' | 'seed' | 'kind' | 'malformedFraction' | 'isForced'
>;

export type Command =
	| RunCommand
	| {readonly name: 'generate'; readonly directory: string; readonly options: GenerateFlags}
	| {readonly name: 'replay'; readonly file: string; readonly speed: number; readonly look: LookSettings}
	| InitCommand
	| SniffCommand
	| ConvertCommand
	| RoutesCommand
	| HistoryCommand
	| VerifyCommand
	| DoctorCommand
	| StatusCommand
	| CleanCommand
	| RetryFailedCommand
	| WatchCommand
	| AttachCommand
	| ServeCommand
	| WorkerCommand
	| BackupCommand
	| RestoreCommand
	| UsersCommand
	| TokenCommand
	| AuditCommand
	| ClientCommand
	| ConfigCommand
	| {readonly name: 'schema'}
	| {readonly name: 'man'}
	| {readonly name: 'completions'; readonly shell: Shell}
	/** `null`: how to begin. */
	| {readonly name: 'help'; readonly topic: CommandName | RecipeName | TopicName | 'all' | null}
	| {readonly name: 'version'};

export interface RunCommand {
	readonly name: 'run';
	readonly paths: readonly string[];
	readonly settings: RunSettings;
	/** Those that were read. */
	readonly configFiles: readonly string[];
	/** There where others follow it, or it leaves the terminal. */
	readonly sharing?: ShareFlags;
}

export interface SniffCommand extends Omit<RunCommand, 'name'> {
	readonly name: 'sniff';
	/** Whether only the beginning of each file is read. */
	readonly isQuick: boolean;
}

export interface ConvertCommand extends Omit<RunCommand, 'name'> {
	readonly name: 'convert';
	readonly options: ConvertOptions;
}

export interface HistoryCommand {
	readonly name: 'history';
	/** `prune`, the id of a run, or terms to search by. */
	readonly words: readonly string[];
	/** `null`: the ledger of one's own. */
	readonly ledger: string | null;
	readonly isJson: boolean;
	readonly limit: number | null;
	readonly keepDays: number | null;
	readonly keepSizeBytes: number | null;
	readonly look: LookSettings;
}

export interface VerifyCommand {
	readonly name: 'verify';
	/** Files and folders; all of the ledger without any. */
	readonly paths: readonly string[];
	/** `null`: the ledger of one's own. */
	readonly ledger: string | null;
	/** `null`: each file as the newest run that has it. */
	readonly run: string | null;
	readonly isJson: boolean;
}

export interface DoctorCommand {
	readonly name: 'doctor';
	/** A watched folder, or that of a server; `null`: this machine and the ledger. */
	readonly directory: string | null;
	readonly watch: HowWatched;
	/** Of a server. */
	readonly kept: KeptTimes;
	readonly look: LookSettings;
	/** `null`: the ledger of one's own. */
	readonly ledger: string | null;
	readonly isJson: boolean;
}

export interface StatusCommand {
	readonly name: 'status';
	readonly directory: string;
	readonly watch: HowWatched;
	readonly isJson: boolean;
	readonly look: LookSettings;
}

export interface CleanCommand extends CleanFlags {
	readonly name: 'clean';
	readonly directory: string;
	readonly isJson: boolean;
}

export interface RetryFailedCommand extends RetryFailedWords {
	readonly name: 'retry-failed';
	readonly isJson: boolean;
}

export interface RoutesCommand {
	readonly name: 'routes';
	/** With the routes. */
	readonly file: string;
	/** Files to say the route of. */
	readonly paths: readonly string[];
	readonly settings: RunSettings;
}

export interface WatchCommand {
	readonly name: 'watch';
	/** `null`: that of the file of routes, or none for a single file. */
	readonly directory: string | null;
	readonly settings: RunSettings;
	readonly options: WatchFlags;
}

export interface ConfigCommand {
	readonly name: 'config';
	readonly settings: RunSettings;
	readonly sources: SettingSources;
	/** All candidate configuration files, lowest priority first. */
	readonly files: readonly ConfigFile[];
	/** Variables with our prefix that do not exist: a misspelled one would otherwise be ignored silently. */
	readonly unknownVariables: readonly string[];
}

export interface ArgumentEnvironment {
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly packageJson: {readonly name: string; readonly version: string};
	/** Reads the configuration files for data in these paths. Without it no files are read. */
	readonly readConfigs?: (paths: readonly string[]) => readonly ConfigFile[];
}

/**
Reads the command line.

@param words - Without the program itself: `process.argv.slice(2)`.
@throws {UsageError} When it is invalid: one sentence on what was expected, what was found and what to try.
@throws {EnvironmentError} When a configuration file cannot be used.
*/
export function parseArguments(words: readonly string[], environment: ArgumentEnvironment): Command {
	// A request for help is answered even if other words are wrong.
	if (hasFlagWord(words, '--help', '-help', '-h')) return {name: 'help', topic: topicOf(words)};
	if (hasFlagWord(words, '--version', '-v')) return {name: 'version'};
	const scanned = scanArguments(translateClassicWords(words));
	if (scanned.givenFlags.some(flag => flag.name === 'help')) return {name: 'help', topic: topicOf(words)};
	if (scanned.givenFlags.some(flag => flag.name === 'version')) return {name: 'version'};
	const name = findCommand(scanned);
	if (name === 'help') return {name, topic: readTopic(scanned.operands.slice(1))};
	assertFlagsBelong(scanned.givenFlags, name);
	const {values: given, operands} = parseFlags(scanned, environment);
	const values = {...readVariables(environment.env, name, isOfServer), ...given};
	const resolve = (paths: readonly string[]): ResolvedSettings & {readonly files: readonly ConfigFile[]} => {
		const variables = readVariables(environment.env, name);
		const isConfigRead = values.config ?? variables.config ?? getDefault('config');
		const files = isConfigRead ? (environment.readConfigs?.(paths) ?? []) : [];
		const layers: SettingsLayer[] = [
			...files.flatMap(({layer}) => (layer === null ? [] : [layer])),
			{kind: 'environment', values: variables, ofFile: readKeysVariable(environment.env), labelOf: getVariableName},
			{kind: 'flag', values, labelOf: flag => (values[flag] === false ? `--no-${flag}` : `--${flag}`)},
		];
		return {...resolveSettings(layers), files};
	};
	if (name === 'run') {
		const run = createRun(operands, () => forWorkers(resolve(operands)), words.length === 0 ? null : name);
		const sharing = readShareFlags(values);
		return sharing === null ? run : {...run, sharing};
	}
	const rest = operands.slice(1);
	if (isClientWord(name)) return readClientWords(name, rest, {values, settings: resolve([]).settings});
	switch (name) {
		case 'generate': {
			const directory = readOwnPath(rest, 'generate takes the folder to write to', 'generate ./sample');
			assertUtf8(directory, name);
			return {name, directory, options: readGenerateFlags(values)};
		}
		case 'replay': {
			const file = readOperand(rest, 'replay takes the file of a recorded run', 'replay run.jsonl');
			const speed = values.speed ?? getDefault('speed');
			return {name, file, speed, look: pickLook(resolve([]).settings)};
		}
		case 'init':
			return readInitWords(rest, values);
		case 'completions':
			return {name, shell: readShell(rest)};
		case 'sniff':
			return {
				...createRun(rest, () => resolve(rest), 'sniff'),
				name,
				isQuick: values.quick ?? getDefault('quick'),
			};
		case 'convert':
			return {...createRun(rest, () => resolve(rest), name), name, options: readConvertOptions(values)};
		case 'watch': {
			const {settings, files} = forWorkers(resolve([]));
			return {name, ...readWatchWords(rest, values, files, hasFlagWord(words, '--watch')), settings};
		}
		case 'routes':
			return {name, ...readRoutesWords(rest), settings: resolve([]).settings};
		case 'attach':
			return readAttachFlags(rest, values, pickLook(resolve([]).settings));
		case 'serve':
		case 'ssh':
			return readServeWords(name, rest, {values, env: environment.env, ...resolve([])});
		case 'worker':
			return readWorkerWords(rest, values, resolve([]).settings);
		case 'backup':
		case 'restore':
			return readBackupWords(name, rest, values);
		case 'users':
		case 'token':
		case 'audit':
			return readAccountWords(name, rest, values);
		case 'history': {
			const {settings} = resolve([]);
			if (isServerAddress(rest[0])) return readClientWords(name, rest, {values, settings});
			return readHistory(rest, values, settings);
		}
		case 'verify': {
			const {ledger, output} = resolve([]).settings;
			return {name, paths: rest, ledger, run: values.run ?? null, isJson: output === 'json'};
		}
		case 'doctor': {
			const {settings, files} = resolve([]);
			return readDoctor(rest, values, settings, files);
		}
		case 'status': {
			const directory = readOwnPath(rest, 'status takes a watched folder', 'status ./inbox');
			const {settings, files} = resolve([]);
			const isJson = settings.output === 'json';
			return {name, directory, watch: readHowWatched(values, files), isJson, look: pickLook(settings)};
		}
		case 'clean': {
			const directory = readOwnPath(rest, 'clean takes a watched folder', 'clean ./inbox --older-than 7d');
			return {name, directory, ...readCleanFlags(values), isJson: resolve([]).settings.output === 'json'};
		}
		case 'retry-failed':
			return {name, ...readRetryFailedWords(rest, values), isJson: resolve([]).settings.output === 'json'};
		case 'config':
			if (values.schema) return {name: 'schema'};
			return {name, ...resolve(rest), unknownVariables: findUnknownVariables(environment.env)};
		case 'man':
			if (rest.length > 0) throw new UsageError(`man takes nothing, but got ${quoted(rest[0] ?? '')}.`);
			return {name};
	}
}

function readDoctor(
	rest: readonly string[],
	values: FlagValues,
	settings: RunSettings,
	files: readonly ConfigFile[],
): DoctorCommand {
	const expectation = 'doctor takes a watched folder or that of a server, or nothing';
	const directory = rest.length === 0 ? null : readOwnPath(rest, expectation, 'doctor ./inbox');
	return {
		...{name: 'doctor', directory, ledger: settings.ledger, watch: readHowWatched(values, files)},
		...{kept: readKeptTimes(values), isJson: settings.output === 'json', look: pickLook(settings)},
	};
}

/** @throws {UsageError} */
function readShell(words: readonly string[]): Shell {
	const expectation = 'completions takes the name of a shell: bash, zsh or fish';
	const word = readOperand(words, expectation, 'completions bash');
	const shell = COMMANDS[1].choices.find(choice => choice === word);
	if (shell === undefined) throw new UsageError(`${expectation}; but got ${quoted(word)}.`);
	return shell;
}

function findCommand({operands, operandsBeforeEnd}: ScannedArguments): CommandName {
	const first = operandsBeforeEnd > 0 ? operands[0] : undefined;
	return COMMANDS.find(command => wordOf(command) === first)?.name ?? 'run';
}

function assertFlagsBelong(given: readonly FlagDefinition[], command: CommandName): void {
	const stray = given.find(flag => !isFlagOf(flag, command));
	if (stray === undefined) return;
	const owners = (stray.commands ?? []).filter(owner => owner !== 'config');
	const nameOf = (name: CommandName): string =>
		name === 'run'
			? 'a run'
			: quoted(COMMANDS.map(each => [each.name, wordOf(each)] as const).find(([own]) => own === name)?.[1] ?? name);
	const places = owners.map(nameOf);
	const here = nameOf(command);
	throw new UsageError(`--${stray.name} belongs to ${joinWords(places, 'and')}, not to ${here}.`);
}

function parseFlags(scanned: ScannedArguments, {packageJson}: ArgumentEnvironment) {
	const parsed = meow({
		importMeta: import.meta,
		// Without `bin`, meow would set an empty process title.
		pkg: {...packageJson, bin: {[packageJson.name]: ''}},
		argv: [...scanned.flagWords, '--', ...scanned.operands],
		// Help, version and unknown flags are handled here: meow would print and end the process.
		autoHelp: false,
		autoVersion: false,
		allowUnknownFlags: true,
		description: false,
		booleanDefault: undefined,
		// Numbers are read as text, so that a message can show what was typed instead of NaN. Flags that were not given are not
		// declared to meow, because each costs it a tenth of a millisecond at every start.
		flags: Object.fromEntries(
			scanned.givenFlags.map(flag => [
				toCamelCase(flag.name),
				flag.type === 'boolean'
					? {type: 'boolean'}
					: {type: 'string', isMultiple: flag.type === 'string' && flag.isMultiple === true},
			]),
		),
	});
	const values: Record<string, unknown> = {};
	for (const flag of scanned.givenFlags) {
		const value = (parsed.flags as Record<string, unknown>)[toCamelCase(flag.name)];
		const read = (text: unknown) => {
			if (flag.name !== 'files-from') assertUtf8(String(text), `--${flag.name}`);
			return readValue(flag, String(text), `--${flag.name}`);
		};
		values[flag.name] = Array.isArray(value) ? value.map(read) : read(value);
	}
	return {values: values as FlagValues, operands: parsed.input.map(String)};
}

/** Input files may have any name; output files get names that every program can read. */
function assertUtf8(text: string, label: string): void {
	if (!text.isWellFormed()) throw new UsageError(`${label} takes text in UTF-8, but got ${quoted(text)}.`);
}

const getVariableName = (name: FlagName): string => findFlag(name)?.env ?? '';

function readHistory(words: readonly string[], values: FlagValues, settings: RunSettings): HistoryCommand {
	assertNoServer(values, 'history');
	return {
		...{name: 'history', words, ledger: settings.ledger, isJson: settings.output === 'json', limit: settings.limit},
		...{keepDays: values['keep-days'] ?? null, keepSizeBytes: values['keep-size'] ?? null, look: pickLook(settings)},
	};
}

function createRun(
	paths: readonly string[],
	resolve: () => Pick<ConfigCommand, 'settings' | 'files'>,
	/** `null`: nothing at all was typed. */
	name: 'run' | 'sniff' | 'convert' | null,
): RunCommand {
	if (paths.includes(''))
		throw new UsageError('A path is empty text: is a variable of your shell unset? Say which files to read.');
	const {settings, files} = resolve();
	assertOneUseOfStandardInput(paths, settings.filesFrom);
	if (paths.length === 0 && settings.filesFrom === null) {
		throw new UsageError(
			name === null
				? 'To begin, name a folder, files or a glob: fileproc-tui ./data. To try it on sample files: fileproc-tui generate ./sample && fileproc-tui ./sample.'
				: `Say which files to read, for example: fileproc-tui ${name === 'run' ? '' : `${name} `}./data.`,
		);
	}
	const configFiles = files.filter(({layer}) => layer !== null).map(({path}) => path);
	return {name: 'run', paths, settings, configFiles};
}

function readGenerateFlags(values: FlagValues): GenerateFlags {
	return {
		fileCount: values.files ?? getDefault('files'),
		rowsPerFile: values.rows ?? getDefault('rows'),
		seed: values.seed ?? getDefault('seed'),
		kind: values.kind ?? getDefault('kind'),
		malformedFraction: values.malformed ?? getDefault('malformed'),
		isForced: values.force ?? getDefault('force'),
	};
}
