// The one table of all flags. Parsing, the help, the manual page, the completions, the environment variables, configuration
// files with their schema, and `fileproc-tui config` are all derived from it: a new flag is a new entry in one of these lists,
// and a setting of the same name in settings.ts.
import type {Percentage} from '../../engine/shared/percentage.ts';
import {ACCOUNT_FLAGS} from './flags/account-flags.ts';
import {BACKUP_FLAGS} from './flags/backup-flags.ts';
import {CLIENT_FLAGS} from './flags/client-flags.ts';
import {COMMAND_FLAGS} from './flags/command-flags.ts';
import {CONVERT_FLAGS} from './flags/convert-flags.ts';
import type {CommandDefinition, CommandName, FlagDefinition} from './flags/definition.ts';
import {DIALECT_FLAGS} from './flags/dialect-flags.ts';
import {FORM_FLAGS} from './flags/form-flags.ts';
import {LEDGER_FLAGS} from './flags/ledger-flags.ts';
import {LOOK_FLAGS} from './flags/look-flags.ts';
import {QUESTION_FLAGS} from './flags/question-flags.ts';
import {QUEUE_FLAGS} from './flags/queue-flags.ts';
import {RECIPE_NAMES} from './flags/recipe-names.ts';
import {RUN_FLAGS} from './flags/run-flags.ts';
import {SERVE_FLAGS} from './flags/serve-flags.ts';
import {SETUP_NAMES} from './flags/setup-kinds.ts';
import {SHARE_FLAGS} from './flags/share-flags.ts';
import {TOPIC_NAMES} from './flags/topic-names.ts';
import {WATCH_FLAGS} from './flags/watch-flags.ts';

export type {
	BooleanFlag,
	CommandDefinition,
	CommandName,
	FlagDefinition,
	FlagGroup,
	NumberFlag,
	StringFlag,
} from './flags/definition.ts';

/** The commands that have a word. A path with such a name is written `./config`. */
export const COMMANDS = [
	{
		name: 'config',
		argument: '[path...]',
		description: 'Show every setting of such a run, and where it came from',
		completes: 'file',
	},
	{
		name: 'completions',
		argument: '<shell>',
		description: 'Print a completion script: bash, zsh or fish',
		choices: ['bash', 'zsh', 'fish'],
	},
	{name: 'replay', argument: '<file>', description: 'Play a recorded run in the dashboard', completes: 'file'},
	{
		name: 'sniff',
		argument: '<path...>',
		description: 'Say how files are written, what their columns hold, and what is wrong with them',
		completes: 'file',
	},
	{
		name: 'convert',
		argument: '<path...>',
		description:
			'Write the sound records of files anew: as clean CSV, JSON lines or Parquet. Cells stay as they are, also those that an analysis would reject',
		completes: 'file',
	},
	{
		name: 'watch',
		argument: '<dir>',
		description:
			'Process each file that is dropped into dir/unprocessed/, once, and move it to dir/processed/ or dir/failed/',
		completes: 'directory',
	},
	{
		name: 'routes',
		argument: 'check <file> [path...]',
		description: 'Check the routes in a file, explain them, and say which one each path would take, and why',
		completes: 'file',
	},
	{
		name: 'attach',
		argument: '[run]',
		description:
			'Show a run of another terminal in the dashboard: the folder of one that was started with --detach, or the address of one with --listen; or your tasks on a server, by its address',
		completes: 'directory',
	},
	{
		name: 'serve',
		argument: '',
		description: 'Let many users send files in, have them processed, and take the results home, over HTTP',
	},
	{
		name: 'worker',
		argument: '',
		description: 'Read files for runs on other machines, which come through a queue, until it is stopped',
	},
	{
		name: 'ssh',
		argument: '',
		description:
			'The same over SSH alone: ssh -p 2222 <host> shows the dashboard to those whose keys are in the authorized_keys of --data',
	},
	{
		name: 'users',
		argument: '<action> [name] [role]',
		description:
			'Look after the accounts of a server, also while it runs: users add <name>, list, role <name> <role>, disable, enable, reset or reset-2fa <name>',
		choices: ['add', 'list', 'role', 'disable', 'enable', 'reset', 'reset-2fa'],
	},
	{
		name: 'token',
		argument: '<action> [label]',
		description:
			'Look after tokens of programs: token create <label> --account ann, list, which shows them, or revoke <id>',
		choices: ['create', 'list', 'revoke'],
	},
	{
		name: 'audit',
		argument: '<action> [dir]',
		description:
			'Read the audit log of a server, also while it runs: audit export <dir> writes its lines as JSON, audit verify <dir> says whether they are as they were written',
		choices: ['export', 'verify'],
	},
	{
		name: 'backup',
		argument: '<file>',
		description: 'Copy what a server has to a file, also while it runs',
		completes: 'file',
	},
	{
		name: 'restore',
		argument: '<file>',
		description: 'Put a backup back into an empty folder, and check that all of it is there',
		completes: 'file',
	},
	{
		name: 'login',
		argument: '[url]',
		description:
			'Log in to a server, by a password or on another device, and keep the token for this user alone; with one login, the other commands need no address',
	},
	{name: 'logout', argument: '[url]', description: 'End the login to a server'},
	{
		name: 'push',
		argument: '[url] <path...>',
		description:
			'Send files and folders to a server and have them processed there; what is there already is not sent again',
		completes: 'file',
	},
	{
		name: 'start',
		word: 'run',
		argument: '[url] <file-id...>',
		description: 'Have files processed that are on a server already',
	},
	{
		name: 'get',
		argument: '[url] <id>',
		description: 'Fetch what a task came to, as JSON, --csv, --parquet or --rejects, or a file as it was sent',
	},
	{
		name: 'events',
		argument: '[url] [task-id]',
		description: 'Follow what happens on a server, each event as a line of JSON, until it is stopped',
	},
	{name: 'cancel', argument: '[url] <id...>', description: 'End tasks of a server'},
	{
		name: 'retry',
		argument: '[url] <id...>',
		description: 'Try tasks of a server once more',
	},
	{
		name: 'pause',
		argument: '[url] <id...>',
		description: 'Hold tasks of a server',
	},
	{name: 'resume', argument: '[url] <id...>', description: 'Let held tasks go on'},
	{
		name: 'files',
		argument: '[url] [term...]',
		description: 'List the files that one has on a server, or those that fit terms like status:failed or size>1GB',
	},
	{
		name: 'history',
		argument: '[url] [term...]',
		description:
			'List the runs of a ledger, or those that fit terms like since:2026-11-01, status:failed or a name; with the id of a run, show it; history diff <run> <run> compares two, history prune removes old ones. With the address of a server, the tasks there',
	},
	{
		name: 'verify',
		argument: '[path...]',
		description: 'Read the files of a ledger again, and say which of them, or of their figures, are not what they were',
		completes: 'file',
	},
	{
		name: 'doctor',
		argument: '[dir]',
		description:
			'Check this machine and the ledger, or a watched folder and why its files are not processed, and say what to do',
		completes: 'directory',
	},
	{
		name: 'status',
		argument: '<dir>',
		description: 'Say how a watched folder is doing: who watches it, its files, figures and failures',
		completes: 'directory',
	},
	{
		name: 'clean',
		argument: '<dir>',
		description: 'Remove the files of a watched folder that were finished long ago, with counts and sizes first',
		completes: 'directory',
	},
	{
		name: 'retry-failed',
		argument: '<dir> [term...]',
		description:
			'Have failed files of a watched folder tried again: those that fit terms like orders or tag:sales, or --all',
		completes: 'directory',
	},
	{
		name: 'init',
		argument: '[what] [file]',
		description: `Write files to begin with, and say what to run next: ${SETUP_NAMES.join(', ')}`,
		choices: SETUP_NAMES,
	},
	{name: 'generate', argument: '<dir>', description: 'Write sample files', completes: 'directory'},
	{name: 'man', argument: '', description: 'Print the manual page: fileproc-tui man | man -l -'},
	{
		name: 'help',
		argument: '[topic]',
		description: `Show the help of a command, as its --help does, or how to go about something: ${RECIPE_NAMES.join(', ')}; or look something up: ${TOPIC_NAMES.join(', ')}; help all shows all commands and flags`,
	},
] as const satisfies readonly CommandDefinition[];

/** What is typed. */
export const wordOf = ({name, word}: CommandDefinition): string => word ?? name;

export type Shell = (typeof COMMANDS)[1]['choices'][number];

export const FLAGS = [
	...RUN_FLAGS,
	...DIALECT_FLAGS,
	...FORM_FLAGS,
	...QUESTION_FLAGS,
	...LOOK_FLAGS,
	...LEDGER_FLAGS,
	...WATCH_FLAGS,
	...SHARE_FLAGS,
	...QUEUE_FLAGS,
	...SERVE_FLAGS,
	...ACCOUNT_FLAGS,
	...BACKUP_FLAGS,
	...CLIENT_FLAGS,
	...CONVERT_FLAGS,
	...COMMAND_FLAGS,
] as const satisfies readonly FlagDefinition[];

type Entry = (typeof FLAGS)[number];
export type FlagName = Entry['name'];

type ValueOf<Flag> = Flag extends {readonly type: 'boolean'}
	? boolean
	: Flag extends {readonly type: 'integer' | 'number' | 'size'}
		? number | (Flag extends {readonly takesPercentage: true} ? Percentage : never)
		: Flag extends {readonly isMultiple: true}
			? readonly string[]
			: Flag extends {readonly choices: readonly (infer Choice)[]}
				? Choice
				: string;

/** The type of a flag's value after parsing and checking. */
export type FlagValue<Name extends FlagName> = ValueOf<Extract<Entry, {readonly name: Name}>>;
/** Checked values of the flags given in one layer. */
export type FlagValues = {readonly [Name in FlagName]?: FlagValue<Name>};

const flagByName: ReadonlyMap<string, FlagDefinition> = new Map(FLAGS.map(flag => [flag.name, flag]));
const nameByShortFlag: ReadonlyMap<string, string> = new Map(
	FLAGS.flatMap(flag => ('shortFlag' in flag ? [[flag.shortFlag, flag.name] as const] : [])),
);

/** `max-errors` -> `maxErrors`, as settings and configuration files have it. */
export const toCamelCase = (name: string): string =>
	name.replace(/[-_](.)/g, (_, letter: string) => letter.toUpperCase());

export const findFlag = (name: string): FlagDefinition | undefined => flagByName.get(name);
export const findFlagByLetter = (letter: string): FlagDefinition | undefined =>
	flagByName.get(nameByShortFlag.get(letter) ?? '');

/** The default of a flag in the table; `null` where it is decided at run time, or where there is none. */
export const getDefault = <Name extends FlagName>(name: Name): DefaultOf<Name> =>
	flagByName.get(name)?.default as DefaultOf<Name>;
export type DefaultOf<Name extends FlagName> = Extract<Entry, {readonly name: Name}>['default'];

/** The spelling that changes the default: `--no-alt-screen`, not `--alt-screen`. */
export const getTypedName = (flag: FlagDefinition): string =>
	flag.type === 'boolean' && flag.default === true ? `--no-${flag.name}` : `--${flag.name}`;

export const isFlagOf = (flag: FlagDefinition, command: CommandName): boolean =>
	// It is the same server by another door.
	flag.commands?.includes(command === 'ssh' ? 'serve' : command) ?? true;
