import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';

/** Someone asked for what cannot be done: one sentence for stderr, no stack, exit code 2. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
	/** Whether standard error must not be written to, because it is a file with data. */
	readonly isStandardErrorData: boolean;

	/** @param sentence - What was expected, what was found, what to try. Where to read more is added here. */
	constructor(
		sentence: string,
		{isStandardErrorData = false, ...options}: ErrorOptions & {isStandardErrorData?: boolean} = {},
	) {
		super(`${sentence} See fileproc-tui --help.`, options);
		this.isStandardErrorData = isStandardErrorData;
	}
}

/** Words from the command line stand between these marks in messages, so that spaces and nothing at all can be seen. */
export const quoted = (text: string): string => `“${safe(displayPath(text))}”`;
