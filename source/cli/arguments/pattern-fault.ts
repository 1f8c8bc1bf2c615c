import {parseUserPattern, UserPatternError} from '../../input/lines/user-pattern.ts';
import {describeExpressionError} from './expression-fault.ts';

/** @returns A sentence without its end, and the place on two lines; `undefined` where the pattern of users can be read. */
export function findPatternFault(text: string): string | undefined {
	try {
		parseUserPattern(text);
		return undefined;
	} catch (error) {
		if (error instanceof UserPatternError) return describeExpressionError(text, error);
		throw error;
	}
}
