// An answer of 400 and more -> an error: problem+json (RFC 9457) of the server, or whatever a proxy in between says.
import type {IncomingHttpHeaders} from 'node:http';
import {STATUS_CODES} from 'node:http';
import {ClientError} from './client-error.ts';

interface RefusedAnswer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
}

export function errorOfAnswer({status, headers, text}: RefusedAnswer, origin: string): ClientError {
	const retryAfterMs = readRetryAfter(headers['retry-after']);
	const requestId = headers['x-request-id']?.toString();
	const body = /^application\/(?:problem\+)?json\b/.test(headers['content-type'] ?? '') ? readObject(text) : {};
	const textOf = (name: string): string | undefined =>
		typeof body[name] === 'string' && body[name] !== '' ? body[name] : undefined;
	const title = textOf('title') ?? STATUS_CODES[status] ?? `HTTP ${status}`;
	return new ClientError({
		...{code: textOf('code') ?? `HTTP_${status}`, title, status, retryAfterMs, requestId},
		detail: textOf('detail') ?? `${origin} answers ${status} ${title}, and does not say why.`,
		remedy: textOf('remedy'),
	});
}

/** In seconds or as a date (RFC 9110); `undefined`: it does not say. */
function readRetryAfter(header: string | undefined): number | undefined {
	if (header === undefined) return undefined;
	if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
	const at = Date.parse(header);
	return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

function readObject(text: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		// A proxy's page, or half of an answer: its status says enough.
		return {};
	}
}
