import {parseUserPattern, UserPatternError} from '../input/lines/user-pattern.ts';

/** @returns What is wrong with a pattern of users, and where; `null` where it can be used. */
export function findUserPatternFault(text: string): Pick<UserPatternError, 'message' | 'start' | 'end'> | null {
	try {
		parseUserPattern(text);
		return null;
	} catch (error) {
		if (error instanceof UserPatternError) return error;
		throw error;
	}
}
