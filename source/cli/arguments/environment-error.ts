import {messageOf} from '../../text/system-error.ts';

/** A failure of the environment: one sentence on stderr, no stack, exit code 3. */
export class EnvironmentError extends Error {
	override readonly name = 'EnvironmentError';

	constructor(sentence: string, cause?: unknown) {
		super(cause === undefined ? sentence : `${sentence}: ${messageOf(cause)}`, {
			cause,
		});
	}
}
