// What the server answered to an upload, or that it did not.
import {DetailedError} from 'tus-js-client';
import {T} from '../texts.ts';

const responseOf = (error: Error) => (error instanceof DetailedError ? error.originalResponse : null);

/** 0: there was no answer. */
export const statusOf = (error: Error): number => responseOf(error)?.getStatus() ?? 0;

/** For people. */
export function detailOf(error: Error): string {
	try {
		const {detail} = JSON.parse(responseOf(error)?.getBody() ?? '') as {readonly detail?: string};
		if (detail !== undefined) return detail;
	} catch {
		// The answer is none of the server's.
	}
	return responseOf(error) === null ? T.session.unreachable : error.message;
}
