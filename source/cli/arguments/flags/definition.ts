// The types of flags and commands. The table itself is in `cli/arguments/flags.ts`.

/** The command that a flag belongs to. `run` is the command without a word: `fileproc-tui ./data`. */
export type CommandName =
	| 'run'
	| 'init'
	| 'config'
	| 'completions'
	| 'replay'
	| 'generate'
	| 'sniff'
	| 'convert'
	| 'history'
	| 'verify'
	| 'doctor'
	| 'status'
	| 'backup'
	| 'restore'
	| 'clean'
	| 'retry-failed'
	| 'watch'
	| 'attach'
	| 'serve'
	| 'worker'
	| 'ssh'
	| 'users'
	| 'token'
	| 'audit'
	| 'routes'
	| 'push'
	| 'start'
	| 'get'
	| 'events'
	| 'cancel'
	| 'retry'
	| 'pause'
	| 'resume'
	| 'files'
	| 'login'
	| 'logout'
	| 'man'
	| 'help';

/** The commands that read data: flags that say which files are read, and how. */
export const READING = ['run', 'config', 'sniff', 'convert', 'watch', 'routes'] as const;

export interface CommandDefinition {
	readonly name: Exclude<CommandName, 'run'>;
	/** What is typed, where that is another word: `run` with the address of a server is no run of this machine. */
	readonly word?: string;
	readonly argument: string;
	readonly description: string;
	/** The allowed arguments, where that is a closed list. */
	readonly choices?: readonly string[];
	readonly completes?: 'file' | 'directory';
}

export type FlagGroup =
	| 'Work'
	| 'Questions'
	| 'Bad data and failures'
	| 'Limits'
	| 'Output'
	| 'Look'
	| 'Log'
	| 'Ledger'
	| 'Convert'
	| 'Watched folder'
	| 'Follow'
	| 'Workers'
	| 'Server'
	| 'Client'
	| 'Generate'
	| 'Replay'
	| 'Configuration'
	| 'General';

interface FlagBase {
	/** Without the leading `--`. */
	readonly name: string;
	readonly shortFlag?: string;
	readonly group: FlagGroup;
	readonly description: string;
	/** The commands that accept it; all commands where this is missing. */
	readonly commands?: readonly CommandName[];
	/** The environment variable that sets it, where there is one. */
	readonly env?: `FILEPROC_${string}`;
	/**
	Which configuration files may set it; if missing, none.

	- `anywhere`: also a file that comes with the data, which another person may have written. Only how a run looks and how
	files are read: no path, no exit code, no load on the machine.
	- `own`: only the file in the user's own settings folder.
	- `watch`: only that one, too, and there under `watch`.
	*/
	readonly config?: 'anywhere' | 'own' | 'watch';
	/** The help's text for a default that is not a constant. */
	readonly defaultText?: string;
}

export interface BooleanFlag extends FlagBase {
	readonly type: 'boolean';
	/** `null`: decided at run time. */
	readonly default: boolean | null;
}

export interface NumberFlag extends FlagBase {
	/** A size is a whole number of bytes, and may be written as 16MiB. */
	readonly type: 'integer' | 'number' | 'size';
	readonly default: number | null;
	readonly placeholder: string;
	readonly minimum: number;
	readonly maximum: number;
	/** Follows a number in messages: “a number of seconds …”. */
	readonly unit?: string;
	/** Whether a share such as 0.5% is accepted too. */
	readonly takesPercentage?: true;
}

export interface StringFlag extends FlagBase {
	readonly type: 'string';
	readonly default: string | null;
	readonly placeholder: string;
	readonly choices?: readonly string[];
	/** May be given more than once; otherwise the last one counts, so that a shell alias can be overridden. */
	readonly isMultiple?: true;
	/** That it names one of this machine, unless it takes objects. */
	readonly completes?: 'file' | 'directory';
	/** Whether it may be an object on another machine: s3://, and where data is read https://, too. */
	readonly takesObjects?: true;
	/** What it accepts beside its choices. */
	readonly alsoTakes?: {readonly description: string; readonly fits: (text: string) => boolean};
	/** Other values that may be right: who reads the setting says whether they are. */
	readonly mayTake?: (text: string) => boolean;
	/** Whether several may be given in one text, with commas between them: splits such a text, `null` for any other one. */
	readonly splitList?: (text: string) => readonly string[] | null;
	/** What a text is written like, where that can be said so: for the schema of configuration files. `findFault` must say the same. */
	readonly pattern?: string;
	/** Further validation of a text: returns what is wrong with it, or `undefined`. */
	readonly findFault?: (text: string) => string | undefined;
}

export type FlagDefinition = BooleanFlag | NumberFlag | StringFlag;

/** What flags that stand together have in common; each may say it in another way. */
type Common = Pick<FlagBase, 'group' | 'commands' | 'config'>;
type OwnPart<Flag> = Flag extends FlagDefinition ? Omit<Flag, keyof Common | 'env'> & Partial<Common> : never;

/** Completes flags. Those of a run and of a server are settings, so a variable of the same name sets each, too. */
export const flagsOf = <const Flags extends readonly OwnPart<FlagDefinition>[]>(common: Common, flags: Flags) =>
	flags.map(own => {
		const flag = {...common, ...own};
		const isSetting = flag.commands?.includes('run') === true || isOfServer(flag);
		return {...flag, ...(isSetting && {env: `FILEPROC_${flag.name.toUpperCase().replaceAll('-', '_')}`})};
	}) as unknown as {readonly [Place in keyof Flags]: Flags[Place] & Common};

export const isOfServer = ({group, commands}: Pick<FlagBase, 'group' | 'commands'>): boolean =>
	group === 'Server' && commands?.includes('serve') === true;
