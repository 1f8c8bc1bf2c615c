export {quoted} from '../../text/quoted.ts';

/** An invalid request: one sentence on stderr, no stack, exit code 2. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
	/** Whether standard error must not be written to, because it is a file with data. */
	readonly isStandardErrorData: boolean;

	/**
	@param sentence - What was expected, what was found, what to try. A hint at the help is added here, on a line of its own where the
	last line shows a place.
	*/
	constructor(
		sentence: string,
		{isStandardErrorData = false, ...options}: ErrorOptions & {isStandardErrorData?: boolean} = {},
	) {
		super(`${sentence}${sentence.includes('\n') ? '\n' : ' '}See fileproc-tui --help.`, options);
		this.isStandardErrorData = isStandardErrorData;
	}
}
