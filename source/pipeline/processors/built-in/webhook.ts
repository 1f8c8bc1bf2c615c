// `webhook`: tells another program of a file, by HTTP: what is known of it as JSON, or the file itself. A signature shows the other side who
// has sent it. What may pass is tried again; a file waits for that, and no other one does.
import {createHmac} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import pLimit, {type LimitFunction} from 'p-limit';
import {computeRetryWaitMs} from '../../../engine/jobs/retry-policy.ts';
import {displayPath, systemPath} from '../../../text/path-text.ts';
import {messageOf} from '../../../text/system-error.ts';
import {type Processor, StepError, type StepInput, type StepOutcome} from '../../pipeline.ts';
import type {BuiltIn} from '../built-in.ts';
import {
	anyText,
	fieldsOf,
	type Kind,
	needed,
	objectOf,
	oneOf,
	optional,
	readSettings,
	refined,
	text,
	type ValueOf,
	wholeNumber,
} from '../settings-reader.ts';
import type {Surroundings} from '../surroundings.ts';
import {timeout} from '../timeout.ts';
import {type Answer, post, type RequestBody} from './http-post.ts';
import {readSecret, secret} from './secret.ts';

const address: Kind<string> = refined(text, (given, fault) => {
	const url = URL.parse(given);
	if (url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '')
		return given;
	fault(`expected an address as https://host/path, without a name and a password, but found ${JSON.stringify(given)}`);
	return undefined;
});

/** Of what this sends itself. */
const OWN_HEADERS = /^(?:content-length|content-type|host|transfer-encoding|connection|x-fileproc-.*)$/i;

const headers: Kind<Readonly<Record<string, string>>> = refined(objectOf(anyText), (given, fault) => {
	const wrong = Object.entries(given).find(
		([name, content]) =>
			!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || OWN_HEADERS.test(name) || !/^[\t\x20-\x7e]*$/.test(content),
	);
	if (wrong === undefined) return given;
	const [name] = wrong;
	fault(OWN_HEADERS.test(name) ? 'this header is sent by itself' : 'expected a header of printable ASCII', [name]);
	return undefined;
});

const webhookSettings = fieldsOf({
	url: needed(address, 'https://host/path'),
	send: optional(oneOf('result', 'file'), 'What is known of the file, as JSON, or its bytes'),
	secret: optional(secret, 'Where the secret is that it is signed with'),
	headers: optional(headers, 'Further headers'),
	retries: optional(wholeNumber(0, 20), 'Further attempts'),
	timeout: optional(timeout, 'Of each attempt, in seconds'),
});

type WebhookSettings = ValueOf<typeof webhookSettings>;

const DEFAULT_RETRIES = 5;
const DEFAULT_TIMEOUT_MS = 10_000;
/** Of one step: files may wait by the thousand, and the other side is not to be overrun. */
const MAX_REQUESTS = 32;

export const webhook: BuiltIn = {
	name: 'webhook',
	version: 1,
	settings: webhookSettings,
	open(settings, surroundings): Processor {
		const {value} = readSettings(webhookSettings, settings);
		if (value === null) throw new Error('Expected settings of webhook that have been checked');
		const key = value.secret === undefined ? null : readSecret(value.secret);
		const limit = pLimit(MAX_REQUESTS);
		return {
			name: 'webhook',
			version: 1,
			isStateful: false,
			run: input => input.aside(() => deliver(value, key, input, {...surroundings, limit})),
			close: async () => {},
		};
	},
};

async function deliver(
	settings: WebhookSettings,
	key: string | null,
	input: StepInput,
	{onLog, limit}: Surroundings & {readonly limit: LimitFunction},
): Promise<StepOutcome> {
	const {retries = DEFAULT_RETRIES, url} = settings;
	const host = new URL(url).host;
	for (let attempt = 1; ; attempt++) {
		const answer = await limit(() => send(settings, key, input));
		if (answer.status >= 200 && answer.status < 300) return outcomeOf(answer.status, attempt);
		const sentence = `${host}: ${describeAnswer(answer)}`;
		if (!mayPass(answer)) throw new StepError('WEBHOOK_FAILED', sentence);
		if (attempt > retries) {
			const times = attempt === 1 ? '' : `, ${attempt} times`;
			throw new StepError('WEBHOOK_FAILED', `${sentence}${times}`, {mayPass: true, wasRetried: true});
		}
		const waitMs = Math.max(computeRetryWaitMs(attempt, Math.random()), answer.retryAfterMs);
		onLog(`${sentence}; tried again in ${Math.round(waitMs / 100) / 10} s`, {
			processor: 'webhook',
			claim: input.file.claim,
		});
		await waitFor(waitMs, input.signal);
	}
}

const outcomeOf = (status: number, attempts: number): StepOutcome => ({
	said: null,
	metadata: {webhook: {status, attempts}},
	outputs: [],
	data: null,
	report: null,
	state: null,
});

async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
	try {
		await wait(milliseconds, undefined, {signal});
	} catch {
		throw signal.reason;
	}
}

async function send(settings: WebhookSettings, key: string | null, input: StepInput): Promise<Answer> {
	input.signal.throwIfAborted();
	const {url, headers: more = {}, timeout: seconds} = settings;
	const body = settings.send === 'file' ? await fileBody(input) : resultBody(input);
	// Of this attempt, so that one that was overheard is soon too old to be believed.
	const timestamp = String(Math.floor(Date.now() / 1000));
	const signature = key === null ? {} : {'x-fileproc-signature': `sha256=${await sign(key, timestamp, body)}`};
	const {file, tag} = input;
	return post(url, {
		body,
		headers: {
			...more,
			'user-agent': 'fileproc-tui',
			'content-type': body.type,
			'x-fileproc-claim': file.claim,
			'x-fileproc-name': encodeURIComponent(displayPath(file.name).toWellFormed()),
			'x-fileproc-tag': encodeURIComponent(tag),
			'x-fileproc-timestamp': timestamp,
			...signature,
		},
		timeoutMs: seconds === undefined ? DEFAULT_TIMEOUT_MS : seconds * 1000,
		signal: input.signal,
	});
}

function resultBody({file, tag, metadata}: StepInput): RequestBody {
	const {claim, name, bytes} = file;
	const text = JSON.stringify({claim, name: displayPath(name), tag, bytes, metadata});
	const buffer = Buffer.from(text);
	return {type: 'application/json', length: buffer.length, open: () => [buffer]};
}

async function fileBody({file: {path}}: StepInput): Promise<RequestBody> {
	const {size} = await stat(systemPath(path));
	// No more than was there at first, so that what is signed is what is sent.
	const open = () => (size === 0 ? [] : createReadStream(systemPath(path), {end: size - 1}));
	return {type: 'application/octet-stream', length: size, open};
}

/** HMAC-SHA256 of `<timestamp>.<body>`, in hexadecimal. */
async function sign(key: string, timestamp: string, {open}: RequestBody): Promise<string> {
	const hmac = createHmac('sha256', key).update(`${timestamp}.`);
	for await (const piece of open()) hmac.update(piece);
	return hmac.digest('hex');
}

/** Too early, too often, or something is wrong there; any other refusal stays. */
const mayPass = ({status}: Answer): boolean => status === 0 || status >= 500 || [408, 425, 429].includes(status);

function describeAnswer({status, error, text: said, location}: Answer): string {
	if (status === 0) return `There was no answer: ${messageOf(error)}`;
	if (status >= 300 && status < 400)
		return `The answer was ${status}, a redirect${location === null ? '' : ` to ${location}`}, which is not followed: name the address that it leads to`;
	return `The answer was ${status}${said === '' ? '' : `: ${said}`}`;
}
