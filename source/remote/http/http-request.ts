// One request over HTTP: redirects are followed, and a connection is kept for the next.
import {Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp} from 'node:http';
import {Agent as HttpsAgent, request as requestHttps} from 'node:https';
import {explainBroken, RemoteError} from '../remote-error.ts';

/** Nothing may come for so long. */
export const SILENCE_MS = 20_000;
const MAX_REDIRECTS = 5;

const agentOptions = {keepAlive: true, maxSockets: 64, proxyEnv: process.env};
/** They also go through the proxies that HTTPS_PROXY and the like name. */
export const agents = {http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions)};

export interface HttpAnswer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: IncomingMessage;
}

export interface HttpRequest {
	readonly method?: 'GET' | 'PUT';
	readonly headers: Readonly<Record<string, string>>;
	readonly signal: AbortSignal;
	readonly silenceMs?: number;
}

/** @throws {RemoteError} When no answer came. */
export async function sendRequest(
	url: URL,
	{method = 'GET', headers, signal, silenceMs = SILENCE_MS}: HttpRequest,
): Promise<HttpAnswer> {
	let at = url;
	for (let redirects = 0; ; redirects++) {
		// Anyone who is led to another machine does not show it who one is here.
		const access = at.origin === url.origin ? authorizationOf(url) : {};
		const answer = await sendOnce(at, method, {...headers, ...access}, signal, silenceMs);
		const {location} = answer.headers;
		if (answer.status < 300 || answer.status > 399 || answer.status === 304 || location === undefined) return answer;
		answer.body.resume();
		if (redirects === MAX_REDIRECTS)
			throw new RemoteError(
				'BAD_ANSWER',
				`${url.host} leads from one address to the next, more than ${MAX_REDIRECTS} times`,
			);
		at = targetOf(location, at);
	}
}

function targetOf(location: string, at: URL): URL {
	const target = URL.canParse(location, at.href) ? new URL(location, at) : null;
	if (target?.protocol === 'https:' || (target?.protocol === 'http:' && at.protocol === 'http:')) return target;
	throw new RemoteError('BAD_ANSWER', `${at.host} leads to an address that is not read: expected one of https`);
}

function authorizationOf({username, password}: URL): Record<string, string> {
	if (username === '' && password === '') return {};
	const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	return {authorization: `Basic ${Buffer.from(pair).toString('base64')}`};
}

function sendOnce(
	url: URL,
	method: string,
	headers: Record<string, string>,
	signal: AbortSignal,
	silenceMs: number,
): Promise<HttpAnswer> {
	const isSafe = url.protocol === 'https:';
	const plain = new URL(url);
	plain.username = '';
	plain.password = '';
	return new Promise((resolve, reject) => {
		const options = {method, headers, signal, agent: isSafe ? agents.https : agents.http};
		const request = (isSafe ? requestHttps : requestHttp)(plain, options, body => {
			resolve({status: body.statusCode ?? 0, headers: body.headers, body});
		});
		request.setTimeout(silenceMs, () => {
			const sentence = `Nothing came from ${url.host} for ${silenceMs / 1000} s: check the network, and that the server is not overloaded`;
			request.destroy(new RemoteError('SERVER_SILENT', sentence));
		});
		request.on('error', error => reject(signal.aborted ? error : explainBroken(error, url.host)));
		request.end();
	});
}
