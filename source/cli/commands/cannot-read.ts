import {describeSystemError} from '../../engine/shared/system-errors.ts';
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

/** `The list of files x.txt cannot be read: there is no such file (ENOENT)`. */
export function cannotRead(noun: string, path: string, error: unknown): EnvironmentError {
	const subject = `${noun} ${safe(displayPath(path))} cannot be read`;
	const system = error instanceof Error ? describeSystemError(error) : null;
	if (system === null) return new EnvironmentError(subject, error);
	const {code, explanation} = system;
	const reason = code === 'ENOENT' ? 'there is no such file' : explanation;
	return new EnvironmentError(`${subject}: ${reason} (${code})`);
}
