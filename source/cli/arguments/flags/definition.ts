// What a flag and a command are. The table itself: `cli/arguments/flags.ts`.

/** What a flag may be given to. `run` is the command without a word: `fileproc-tui ./data`. */
export type CommandName = 'run' | 'config' | 'completions' | 'replay' | 'generate' | 'man' | 'help';

export interface CommandDefinition {
	readonly name: Exclude<CommandName, 'run'>;
	readonly argument: string;
	readonly description: string;
	/** What may stand for the argument, where that is a closed list. */
	readonly choices?: readonly string[];
	readonly completes?: 'file' | 'directory';
}

export type FlagGroup =
	| 'Work'
	| 'Bad data and failures'
	| 'Limits'
	| 'Output'
	| 'Look'
	| 'Log'
	| 'Generate'
	| 'Replay'
	| 'Configuration'
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
	/**
	Where a configuration file may set it; missing: in none.

	- `anywhere`: also in one that comes with the data, which is someone else's word. How a run looks and how files are
	  read, and nothing else: no path, no exit code, no load on the machine.
	- `own`: only in the file in the user's own folder for settings.
	*/
	readonly config?: 'anywhere' | 'own';
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
	/** A size is a whole number of bytes, and may be written as 16MiB. */
	readonly type: 'integer' | 'number' | 'size';
	readonly default: number | null;
	readonly placeholder: string;
	readonly minimum: number;
	readonly maximum: number;
	/** After a number in messages: “a number of seconds …”. */
	readonly unit?: string;
	/** Whether a share, as 0.5%, may stand there as well. */
	readonly takesPercentage?: true;
}

export interface StringFlag extends FlagBase {
	readonly type: 'string';
	readonly default: string | null;
	readonly placeholder: string;
	readonly choices?: readonly string[];
	/** May be given more than once; otherwise the last one counts, so that a shell alias can be overruled. */
	readonly isMultiple?: true;
	readonly completes?: 'file';
	/** Where not every text will do: says what is wrong with this one, `undefined` where nothing is. */
	readonly findFault?: (text: string) => string | undefined;
}

export type FlagDefinition = BooleanFlag | NumberFlag | StringFlag;
