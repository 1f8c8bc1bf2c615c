// Sends a notice as Standard Webhooks 1.0 has it, signed with the secret of the endpoint.
import {createHmac, randomBytes} from 'node:crypto';
import {type Answer, post} from '../../pipeline/processors/built-in/http-post.ts';
import {messageOf} from '../../text/system-error.ts';
import type {OutboundAddresses} from './outbound-address.ts';
import type {Sending, Sent} from './sending.ts';

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;
const TIMEOUT_MS = 20_000;
/** Longer than any time until the next attempt. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
const GONE = 410;

export const createWebhookSecret = (): string => SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/** As `v1,<base64>`; one for each secret, while two are in use. */
export function signaturesOf(
	secrets: readonly string[],
	{id, timestamp, body}: {readonly id: string; readonly timestamp: string; readonly body: string},
): string {
	return secrets
		.map(secret => Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64'))
		.map(key => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
		.join(' ');
}

/** @throws {Error} The reason of the signal, when it is aborted. */
export async function sendWebhook(
	{url, secrets, notice: {id, body}, signal}: Sending,
	addresses: OutboundAddresses,
): Promise<Sent> {
	const destination = await addresses.find(new URL(url));
	if ('fault' in destination) return {status: null, fault: destination.fault, retryAfterMs: 0, isGone: false};
	const bytes = Buffer.from(body);
	// Of this attempt: a receiver believes none that is old.
	const timestamp = String(Math.floor(Date.now() / 1000));
	const answer = await post(url, {
		body: {type: 'application/json', length: bytes.length, open: () => [bytes]},
		headers: {
			...{'user-agent': 'fileproc-tui', 'content-type': 'application/json'},
			...{'webhook-id': id, 'webhook-timestamp': timestamp},
			'webhook-signature': signaturesOf(secrets, {id, timestamp, body}),
		},
		...{timeoutMs: TIMEOUT_MS, maxRetryAfterMs: MAX_RETRY_AFTER_MS, signal, lookup: destination.lookup},
	});
	const {status, retryAfterMs} = answer;
	return {
		...{status: status === 0 ? null : status, fault: faultOf(answer), retryAfterMs},
		isGone: status === GONE,
	};
}

function faultOf({status, error, location}: Answer): string | null {
	if (status >= 200 && status < 300) return null;
	if (status === 0) return `There was no answer: ${messageOf(error)}`;
	// What a server within a network says is for nobody outside: so the text of the answer is not kept.
	const redirect = location === null ? '' : ', a redirect, which is not followed';
	return `The answer was ${status}${redirect}`;
}
