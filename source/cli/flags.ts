// The one table of everything that can be said on the command line. Parsing, the help, the completions, the environment
// variables and `fileproc-tui config` are all made from it: a new flag is a new entry here, and its line in settings.ts.
import {analysisNames} from '../analysis/registry.ts';
import {THEME_NAMES} from '../ui/theme.ts';

/** What a flag may be given to. `run` is the command without a word: `fileproc-tui ./data`. */
export type CommandName = 'run' | 'config' | 'completions' | 'replay' | 'generate';

export interface CommandDefinition {
	readonly name: Exclude<CommandName, 'run'>;
	readonly argument: string;
	readonly description: string;
	/** What may stand for the argument, where that is a closed list. */
	readonly choices?: readonly string[];
	readonly completes?: 'file' | 'directory';
}

/** The commands that have a word. As a path such a word is written `./config`. */
export const COMMANDS = [
	{name: 'config', argument: '', description: 'Show every setting, its value and where it came from'},
	{
		name: 'completions',
		argument: '<shell>',
		description: 'Print a completion script: bash, zsh or fish',
		choices: ['bash', 'zsh', 'fish'],
	},
	{name: 'replay', argument: '<file>', description: 'Play a recorded run in the dashboard', completes: 'file'},
	{name: 'generate', argument: '<dir>', description: 'Write sample files', completes: 'directory'},
] as const satisfies readonly CommandDefinition[];

export type Shell = (typeof COMMANDS)[1]['choices'][number];

export type FlagGroup =
	| 'Work'
	| 'Bad data and failures'
	| 'Output'
	| 'Look'
	| 'Log'
	| 'Generate'
	| 'Replay'
	| 'General';

interface FlagBase {
	/** As it is typed, without the leading `--`. */
	readonly name: string;
	readonly shortFlag?: string;
	readonly group: FlagGroup;
	readonly description: string;
	/** The commands it may be given to; all of them where this is missing. */
	readonly commands?: readonly CommandName[];
	/** The environment variable that sets it, where there is one. */
	readonly env?: `FILEPROC_${string}`;
	/** In no help and no completion, but understood. */
	readonly isHidden?: true;
	/** How the help tells a default that is no constant. */
	readonly defaultText?: string;
}

export interface BooleanFlag extends FlagBase {
	readonly type: 'boolean';
	/** `null`: decided when the program runs. */
	readonly default: boolean | null;
}

export interface NumberFlag extends FlagBase {
	readonly type: 'integer' | 'number';
	readonly default: number | null;
	readonly placeholder: string;
	readonly minimum: number;
	readonly maximum: number;
	/** After a number in messages: “a number of seconds …”. */
	readonly unit?: string;
}

export interface StringFlag extends FlagBase {
	readonly type: 'string';
	readonly default: string | null;
	readonly placeholder: string;
	readonly choices?: readonly string[];
	/** May be given more than once; otherwise the last one counts, so that a shell alias can be overruled. */
	readonly isMultiple?: true;
	readonly completes?: 'file';
}

export type FlagDefinition = BooleanFlag | NumberFlag | StringFlag;

const RUN = ['run', 'config'] as const;
const LOOK = ['run', 'config', 'replay'] as const;

export const FLAGS = [
	{
		name: 'concurrency',
		shortFlag: 'j',
		type: 'integer',
		default: 3,
		minimum: 1,
		maximum: 1024,
		placeholder: '<n>',
		group: 'Work',
		description: 'Files in flight, one on each worker thread',
		commands: RUN,
		env: 'FILEPROC_CONCURRENCY',
	},
	{
		name: 'threads',
		type: 'integer',
		default: null,
		defaultText: 'available cores',
		minimum: 1,
		maximum: 1024,
		placeholder: '<n>',
		group: 'Work',
		description: 'Worker threads',
		commands: RUN,
		env: 'FILEPROC_THREADS',
	},
	{
		name: 'analysis',
		type: 'string',
		default: 'detect',
		choices: ['detect', ...analysisNames],
		placeholder: '<name>',
		group: 'Work',
		description: 'Use this analysis for all files instead of detecting it',
		commands: RUN,
		env: 'FILEPROC_ANALYSIS',
	},
	{
		name: 'files-from',
		type: 'string',
		default: null,
		placeholder: '<file>',
		completes: 'file',
		group: 'Work',
		description: 'Read paths from a list, one a line; - reads them from stdin',
		commands: RUN,
		env: 'FILEPROC_FILES_FROM',
	},
	{
		name: 'simulate-io',
		type: 'integer',
		default: 0,
		minimum: 0,
		maximum: 60_000,
		unit: 'milliseconds',
		placeholder: '<ms>',
		group: 'Work',
		description: 'Wait so long after every 100 records, to show the dashboard on small files',
		commands: RUN,
		env: 'FILEPROC_SIMULATE_IO',
	},
	{
		name: 'retries',
		type: 'integer',
		default: 2,
		minimum: 0,
		maximum: 100,
		placeholder: '<n>',
		group: 'Bad data and failures',
		description: 'Further attempts after an error that may pass, with growing waits',
		commands: RUN,
		env: 'FILEPROC_RETRIES',
	},
	{
		name: 'timeout',
		type: 'number',
		default: 60,
		minimum: 0.1,
		maximum: 86_400,
		unit: 'seconds',
		placeholder: '<s>',
		group: 'Bad data and failures',
		description: 'A file that makes no progress for so many seconds fails',
		commands: RUN,
		env: 'FILEPROC_TIMEOUT',
	},
	{
		name: 'strict',
		type: 'boolean',
		default: false,
		group: 'Bad data and failures',
		description: 'One bad record fails its file',
		commands: RUN,
		env: 'FILEPROC_STRICT',
	},
	{
		name: 'max-errors',
		type: 'integer',
		default: null,
		defaultText: 'no limit',
		minimum: 1,
		maximum: 1_000_000_000,
		placeholder: '<n>',
		group: 'Bad data and failures',
		description: 'So many bad records fail their file',
		commands: RUN,
		env: 'FILEPROC_MAX_ERRORS',
	},
	{
		name: 'fail-on',
		type: 'string',
		default: 'any',
		choices: ['any', 'all', 'never'],
		placeholder: '<when>',
		group: 'Bad data and failures',
		description: 'When failed files make the exit code 1: any, all or never',
		commands: RUN,
		env: 'FILEPROC_FAIL_ON',
	},
	{
		name: 'json',
		type: 'boolean',
		default: false,
		group: 'Output',
		description: 'No dashboard; one JSON report on stdout when done',
		commands: RUN,
		env: 'FILEPROC_JSON',
	},
	{
		name: 'jsonl',
		type: 'boolean',
		default: false,
		group: 'Output',
		description: 'No dashboard; every event as one JSON line on stdout',
		commands: RUN,
		env: 'FILEPROC_JSONL',
	},
	{
		name: 'plain',
		type: 'boolean',
		default: false,
		defaultText: 'off a terminal, in CI, with TERM=dumb',
		group: 'Output',
		description: 'No dashboard; plain lines of progress, and each file as it ends',
		commands: RUN,
		env: 'FILEPROC_PLAIN',
	},
	{
		name: 'report',
		type: 'string',
		default: null,
		isMultiple: true,
		placeholder: '<file>',
		completes: 'file',
		group: 'Output',
		description: 'Also write the report, as .json, .csv or .md; may be given more than once',
		commands: RUN,
		env: 'FILEPROC_REPORT',
	},
	{
		name: 'color',
		type: 'string',
		default: 'auto',
		choices: ['auto', 'always', 'never'],
		placeholder: '<when>',
		group: 'Look',
		description: 'Colours: auto, always or never',
		commands: LOOK,
		env: 'FILEPROC_COLOR',
	},
	{
		name: 'ascii',
		type: 'boolean',
		default: null,
		defaultText: 'by locale',
		group: 'Look',
		description: 'No box drawing, no braille',
		commands: LOOK,
		env: 'FILEPROC_ASCII',
	},
	{
		name: 'theme',
		type: 'string',
		default: 'default',
		choices: THEME_NAMES,
		placeholder: '<name>',
		group: 'Look',
		description: 'default, high-contrast, colour-blind or mono',
		commands: LOOK,
		env: 'FILEPROC_THEME',
	},
	{
		name: 'fps',
		type: 'integer',
		default: null,
		defaultText: '10, over SSH 4',
		minimum: 1,
		maximum: 60,
		placeholder: '<n>',
		group: 'Look',
		description: 'Frames a second, at most',
		commands: LOOK,
		env: 'FILEPROC_FPS',
	},
	{
		name: 'alt-screen',
		type: 'boolean',
		default: true,
		group: 'Look',
		description: 'Draw below the prompt instead of on a screen of its own',
		commands: LOOK,
		env: 'FILEPROC_ALT_SCREEN',
	},
	{
		name: 'log-file',
		type: 'string',
		default: null,
		defaultText: 'off',
		placeholder: '<file>',
		completes: 'file',
		group: 'Log',
		description: 'Write a structured log, one JSON object a line',
		commands: RUN,
		env: 'FILEPROC_LOG_FILE',
	},
	{
		name: 'debug',
		type: 'boolean',
		default: false,
		group: 'Log',
		description: 'Log more',
		commands: RUN,
		env: 'FILEPROC_DEBUG',
	},
	{
		name: 'trace',
		type: 'boolean',
		default: false,
		group: 'Log',
		description: 'Log everything',
		commands: RUN,
		env: 'FILEPROC_TRACE',
	},
	{
		name: 'files',
		type: 'integer',
		default: 5,
		minimum: 1,
		maximum: 1_000_000,
		placeholder: '<n>',
		group: 'Generate',
		description: 'How many files to write',
		commands: ['generate'],
	},
	{
		name: 'rows',
		type: 'integer',
		default: 1000,
		minimum: 0,
		maximum: 1_000_000_000,
		placeholder: '<n>',
		group: 'Generate',
		description: 'Records in each file',
		commands: ['generate'],
	},
	{
		name: 'seed',
		type: 'integer',
		default: 1,
		minimum: 0,
		maximum: Number.MAX_SAFE_INTEGER,
		placeholder: '<n>',
		group: 'Generate',
		description: 'The same seed writes the same bytes, on any machine',
		commands: ['generate'],
	},
	{
		name: 'kind',
		type: 'string',
		default: 'transactions',
		choices: ['transactions', 'sales', 'activity'],
		placeholder: '<kind>',
		group: 'Generate',
		description: 'transactions, sales or activity',
		commands: ['generate'],
	},
	{
		name: 'malformed',
		type: 'number',
		default: 0,
		minimum: 0,
		maximum: 1,
		placeholder: '<part>',
		group: 'Generate',
		description: 'The part of the records that is broken, 0 to 1',
		commands: ['generate'],
	},
	{
		name: 'speed',
		type: 'number',
		default: 1,
		minimum: 0.01,
		maximum: 10_000,
		placeholder: '<n>',
		group: 'Replay',
		description: 'How many times as fast as it happened',
		commands: ['replay'],
	},
	{
		name: 'help',
		shortFlag: 'h',
		type: 'boolean',
		default: false,
		group: 'General',
		description: 'Show this help',
	},
	{
		name: 'version',
		shortFlag: 'v',
		type: 'boolean',
		default: false,
		group: 'General',
		description: 'Show the version',
	},
] as const satisfies readonly FlagDefinition[];

type Entry = (typeof FLAGS)[number];
export type FlagName = Entry['name'];

type ValueOf<Flag> = Flag extends {readonly type: 'boolean'}
	? boolean
	: Flag extends {readonly type: 'integer' | 'number'}
		? number
		: Flag extends {readonly isMultiple: true}
			? readonly string[]
			: Flag extends {readonly choices: readonly (infer Choice)[]}
				? Choice
				: string;

/** What a flag has once it is read and checked. */
export type FlagValue<Name extends FlagName> = ValueOf<Extract<Entry, {readonly name: Name}>>;
/** Checked values of the flags that were given in one place. */
export type FlagValues = {readonly [Name in FlagName]?: FlagValue<Name>};

const flagByName: ReadonlyMap<string, FlagDefinition> = new Map(FLAGS.map(flag => [flag.name, flag]));
const nameByShortFlag: ReadonlyMap<string, string> = new Map(
	FLAGS.flatMap(flag => ('shortFlag' in flag ? [[flag.shortFlag, flag.name] as const] : [])),
);

export const findFlag = (name: string): FlagDefinition | undefined => flagByName.get(name);
export const findFlagByLetter = (letter: string): FlagDefinition | undefined =>
	flagByName.get(nameByShortFlag.get(letter) ?? '');

/** The default of a flag, as the table has it; `null` where it is decided when the program runs, or nothing. */
export const getDefault = <Name extends FlagName>(name: Name): DefaultOf<Name> =>
	flagByName.get(name)?.default as DefaultOf<Name>;
type DefaultOf<Name extends FlagName> = Extract<Entry, {readonly name: Name}>['default'];

/** As it is typed to get away from the default: `--no-alt-screen`, not `--alt-screen`. */
export const getTypedName = (flag: FlagDefinition): string =>
	flag.type === 'boolean' && flag.default === true ? `--no-${flag.name}` : `--${flag.name}`;

export const isFlagOf = (flag: FlagDefinition, command: CommandName): boolean =>
	flag.commands?.includes(command) ?? true;
