/** The exit codes, which scripts rely on. */
export const exitCodes = {
	ok: 0,
	/** A file failed or has no accepted record (`--fail-on` selects what counts). */
	fileFailed: 1,
	usage: 2,
	/** The environment: a disk, a file to write, a terminal. */
	environment: 3,
	nothingMatched: 4,
	/** A bug of this program. */
	bug: 70,
} as const;

const signalNumbers = {SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15} as const;

/** The signals that end the program in an orderly way. */
export type EndingSignal = keyof typeof signalNumbers;

export const endingSignals = Object.keys(signalNumbers) as readonly EndingSignal[];

export const exitCodeOf = (signal: EndingSignal): number => 128 + signalNumbers[signal];
