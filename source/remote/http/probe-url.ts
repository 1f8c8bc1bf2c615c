// What a server says of an object before it is read: how large it is, which version, and whether it has ranges.
import type {HttpLocation} from '../remote-location.ts';
import {type RetryRules, withRetries} from '../with-retries.ts';
import {httpObject} from './http-object.ts';

/** @throws {RemoteError} */
export async function probeUrl(location: HttpLocation, retries?: RetryRules): Promise<HttpLocation> {
	const {signal} = new AbortController();
	const object = httpObject(location);
	// A request for its head alone is answered by fewer servers, and not by what is signed for reading.
	const answer = await withRetries(() => object.request({start: 0, end: 1, version: null, signal}), signal, retries);
	const {body, size, version, isRange} = answer;
	body.on('error', () => {});
	if (isRange) body.resume();
	else body.destroy();
	return {...location, size, version, hasRanges: isRange && size !== null && version !== null};
}
