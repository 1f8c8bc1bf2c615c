import {isRemotePath, withoutSecrets} from '../../text/shown-url.ts';
import {quoted, UsageError} from './usage-error.ts';

/** The one word that a command takes. */
export function readOperand(operands: readonly string[], expectation: string, example: string): string {
	const [first, second] = operands;
	if (first === undefined || first === '')
		throw new UsageError(`${expectation}, for example: fileproc-tui ${example}.`);
	if (second !== undefined)
		throw new UsageError(`${expectation}, but got ${operands.length} words: ${operands.map(quoted).join(' ')}.`);
	return first;
}

/**
The same where that is a file or folder of this machine: for any other one, a folder called `s3:` would be looked for, or made.

@param advice - What to do with data that is elsewhere.
*/
export function readOwnPath(operands: readonly string[], expectation: string, example: string, advice = ''): string {
	const path = readOperand(operands, expectation, example);
	if (!isRemotePath(path)) return path;
	throw new UsageError(`${expectation}, on this machine; but got ${quoted(withoutSecrets(path))}.${advice}`);
}
