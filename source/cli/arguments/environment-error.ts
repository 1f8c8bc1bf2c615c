import {messageOf} from '../../text/system-error.ts';

/** The machine does not let us: one sentence for stderr, no stack, exit code 3. */
export class EnvironmentError extends Error {
	override readonly name = 'EnvironmentError';

	constructor(sentence: string, cause?: unknown) {
		super(cause === undefined ? sentence : `${sentence}: ${messageOf(cause)}`, {
			cause,
		});
	}
}
