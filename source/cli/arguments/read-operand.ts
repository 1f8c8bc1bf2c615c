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
