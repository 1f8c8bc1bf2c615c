// What may be asked of a run, as values: an output in the same process hands them over, and one elsewhere sends them as JSON.
import type {FileAddress} from './file-address.ts';

/**
Every command is safe at any moment: one that no longer applies (the file has ended, the run is over) does nothing. Events
report its effects.
*/
export type RunCommand =
	/** Holds the whole run: no further file is admitted, and those that run stop reading where they are. */
	| {readonly type: 'pause'}
	| {readonly type: 'resume'}
	/** Holds one running file. */
	| ({readonly type: 'pause-file'} & FileAddress)
	| ({readonly type: 'resume-file'} & FileAddress)
	/** Ends a file that waits or runs as `cancelled`. */
	| ({readonly type: 'cancel-file'} & FileAddress)
	/** Queues files again that failed or were cancelled; a run that is over goes on with them. */
	| {readonly type: 'retry-files'; readonly files: readonly FileAddress[]}
	/**
	In a watched folder: takes up files again that lie in `failed/`, each as a new claim.

	@param tag - The route that they begin with; `null`: the one that fits.
	*/
	| {readonly type: 'retry-claims'; readonly claims: readonly string[] | 'all-failed'; readonly tag: string | null}
	/**
	Sets how many files are in flight at once: at least one, and no more than there are threads to read them. Files that
	run go on; it takes effect as the next ones are admitted.
	*/
	| {readonly type: 'set-concurrency'; readonly concurrency: number}
	/** Ends the run: nothing new is started, running files are cancelled, then `run-completed` follows. */
	| {readonly type: 'stop'};

export type RunCommandType = RunCommand['type'];

/** What is returned for commands that have a result. */
export interface CommandResults {
	readonly 'retry-files': {
		/** How many files are queued again. */
		readonly fileCount: number;
	};
	/** How many files are taken up: the others do not lie there any more. */
	readonly 'retry-claims': Promise<{readonly fileCount: number}>;
	readonly 'set-concurrency': {
		/** The number that holds from now on. */
		readonly concurrency: number;
	};
}

/** Commands without a result return nothing of use. */
export type CommandResult<Type extends RunCommandType> = Type extends keyof CommandResults
	? CommandResults[Type]
	: unknown;

/** A command of one type. */
export type CommandOf<Type extends RunCommandType> = Extract<RunCommand, {readonly type: Type}>;

/** Performs a command. */
export type PerformCommand = <Type extends RunCommandType>(command: CommandOf<Type>) => CommandResult<Type>;

/** What each command does. */
export type CommandHandlers = {
	readonly [Type in RunCommandType]: (command: CommandOf<Type>) => CommandResult<Type>;
};

/** Hands each command to its handler. */
export const performWith =
	(handlers: CommandHandlers): PerformCommand =>
	<Type extends RunCommandType>(command: CommandOf<Type>) => {
		const {type}: {readonly type: Type} = command;
		return handlers[type](command);
	};
