import {findUserPatternFault} from '../../engine/user-pattern-fault.ts';
import {describeExpressionError} from './expression-fault.ts';

/** @returns A sentence without its end, and the place on two lines; `undefined` where the pattern of users can be read. */
export function findPatternFault(text: string): string | undefined {
	const fault = findUserPatternFault(text);
	return fault === null ? undefined : describeExpressionError(text, fault);
}
