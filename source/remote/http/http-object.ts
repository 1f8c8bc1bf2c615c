// An object of a server of HTTP, in ranges where the server has them.
import type {IncomingHttpHeaders} from 'node:http';
import {changedMeanwhile} from '../changed-meanwhile.ts';
import type {RangeAnswer, RangeRequest, RemoteObject} from '../range-answer.ts';
import {explainBroken, RemoteError} from '../remote-error.ts';
import type {HttpLocation} from '../remote-location.ts';
import {type HttpAnswer, sendRequest} from './http-request.ts';

/** @param silenceMs - For tests. */
export function httpObject({url: shown, secretUrl = shown}: HttpLocation, silenceMs?: number): RemoteObject {
	const url = new URL(secretUrl);
	const explain = (error: unknown): Error => explainBroken(error, url.host);
	return {
		name: shown,
		explain,
		async request(range) {
			const answer = await sendRequest(url, {
				headers: headersFor(range),
				signal: range.signal,
				...(silenceMs !== undefined && {silenceMs}),
			});
			const {status, headers, body} = answer;
			if (status === 206)
				return {body, ...readContentRange(headers, shown), version: versionOf(headers), isRange: true};
			if (status === 200) return wholeAnswer(answer);
			body.resume();
			if (status === 416 && sizeBehindEnd(headers) === 0) return emptyAnswer(answer);
			if (status === 412 || status === 416)
				throw changedMeanwhile({version: range.version, size: null}, {version: null, size: sizeBehindEnd(headers)});
			throw refusal(answer, shown);
		},
	};
}

function headersFor({start, end, version}: RangeRequest): Record<string, string> {
	// Packed on its way, it would have other bytes and another size.
	const headers = {'accept-encoding': 'identity', ...(end > start && {range: `bytes=${start}-${end - 1}`})};
	if (version === null) return headers;
	return {...headers, ...(version.startsWith('"') ? {'if-match': version} : {'if-unmodified-since': version})};
}

/** A weak ETag may stand for other bytes, so the time of the last change is better than that. */
function versionOf({etag, 'last-modified': lastModified}: IncomingHttpHeaders): string | null {
	if (etag?.startsWith('"')) return etag;
	return lastModified ?? null;
}

function wholeAnswer({headers, body}: HttpAnswer): RangeAnswer {
	const length = headers['content-length'];
	const size = length === undefined ? null : Number(length);
	return {body, start: 0, size, version: versionOf(headers), isRange: false};
}

const emptyAnswer = ({headers, body}: HttpAnswer): RangeAnswer => ({
	...{body, start: 0, size: 0, isRange: true},
	version: versionOf(headers) ?? 'empty',
});

function readContentRange(
	headers: IncomingHttpHeaders,
	name: string,
): {readonly start: number; readonly size: number | null} {
	const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
	if (match === null)
		throw new RemoteError(
			'BAD_ANSWER',
			`${name}: the server sent a part, and did not say which: expected a header Content-Range`,
		);
	return {start: Number(match[1]), size: match[2] === '*' ? null : Number(match[2])};
}

const sizeBehindEnd = (headers: IncomingHttpHeaders): number | null => {
	const match = /^bytes \*\/(\d+)$/.exec(headers['content-range'] ?? '');
	return match === null ? null : Number(match[1]);
};

function refusal({status, headers}: HttpAnswer, name: string): RemoteError {
	if (status === 404 || status === 410)
		return new RemoteError('NO_SUCH_OBJECT', `The server has no ${name} (${status}): check the address`);
	if (status === 401 || status === 403 || status === 407)
		return new RemoteError(
			'ACCESS_DENIED',
			`The server does not give out ${name} (${status}): check that you may read it, and that its user and password, or what signs its address, are right and have not run out`,
		);
	if (status === 429 || status === 503)
		return new RemoteError(
			'SERVER_BUSY',
			`The server is too busy for ${name} (${status}): try it later, or with fewer files at a time (-j)`,
			{
				waitMs: retryAfterMs(headers),
			},
		);
	if (status >= 500)
		return new RemoteError('SERVER_UNAVAILABLE', `The server failed at ${name} (${status}): try it later`);
	return new RemoteError(
		'HTTP_STATUS',
		`The server answered ${status} for ${name}; expected 200 or 206: check the address`,
	);
}

function retryAfterMs({'retry-after': value = ''}: IncomingHttpHeaders): number | null {
	if (/^\d+$/.test(value)) return Number(value) * 1000;
	const atMs = Date.parse(value);
	return Number.isNaN(atMs) ? null : Math.max(0, atMs - Date.now());
}
