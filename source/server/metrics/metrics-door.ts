// Who is given the metrics: by a listener of their own, or by the token of monitoring; never anybody.
import {timingSafeEqual} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {createServer, type Server} from 'node:http';
import {messageOf} from '../../text/system-error.ts';
import type {ServerContext} from '../context.ts';
import {hashSecret} from '../ids.ts';
import {ServeError} from '../serve-error.ts';
import {OPEN_METRICS_TEXT, PROMETHEUS_TEXT, textOf} from './families.ts';

const MIN_TOKEN = 16;

/** What monitoring shows for itself: the token of a file, which may be another one later. */
export class MonitoringToken {
	readonly #path: string;
	#hash: Buffer;

	/** @throws {ServeError} When the file has no token. */
	static async read(path: string): Promise<MonitoringToken> {
		return new MonitoringToken(path, await readToken(path));
	}

	private constructor(path: string, token: string) {
		this.#path = path;
		this.#hash = hashSecret(token);
	}

	/** @throws {ServeError} When the file has no token: the one from before stays in use. */
	async reload(): Promise<void> {
		this.#hash = hashSecret(await readToken(this.#path));
	}

	isIn(authorization: string | undefined): boolean {
		const shown = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
		return shown !== undefined && timingSafeEqual(hashSecret(shown), this.#hash);
	}
}

async function readToken(path: string): Promise<string> {
	let text: string;
	try {
		text = (await readFile(path, 'utf8')).trim();
	} catch (error) {
		throw new ServeError(`${path} (--metrics-token-file) cannot be read: ${messageOf(error)}.`);
	}
	if (text.length < MIN_TOKEN || /\s/.test(text))
		throw new ServeError(
			`${path} (--metrics-token-file) has no token: expected one line of ${MIN_TOKEN} characters or more, as "openssl rand -hex 32" makes one.`,
		);
	return text;
}

export const typeFor = (accept: string | undefined): string =>
	accept?.includes('application/openmetrics-text') === true ? OPEN_METRICS_TEXT : PROMETHEUS_TEXT;

/** @throws {Error} Of the system, when it cannot listen. */
export async function listenForMetrics(
	{host, port}: {readonly host: string; readonly port: number},
	context: ServerContext,
): Promise<Server> {
	const {metrics, monitoringToken: token, options} = context;
	const families = metrics.families(context);
	const server = createServer(
		{headersTimeout: 10_000, requestTimeout: 10_000},
		async (request, response): Promise<void> => {
			const {method = '', url = '', headers} = request;
			const refuse = (status: number, further: Readonly<Record<string, string>> = {}) =>
				void response.writeHead(status, {'content-type': 'text/plain; charset=utf-8', ...further}).end();
			if (url.split('?')[0] !== '/metrics') return refuse(404);
			if (method !== 'GET' && method !== 'HEAD') return refuse(405, {allow: 'GET, HEAD'});
			if (token !== null && !token.isIn(headers.authorization)) return refuse(401, {'www-authenticate': 'Bearer'});
			const type = typeFor(headers.accept);
			try {
				const text = await textOf(families, type);
				response.writeHead(200, {'content-type': type, 'cache-control': 'no-store'}).end(method === 'HEAD' ? '' : text);
			} catch (error) {
				options.onFault(error, {route: '/metrics'});
				refuse(500);
			}
		},
	);
	const listening = Promise.withResolvers<void>();
	server.once('error', listening.reject);
	server.listen(port, host, () => listening.resolve());
	await listening.promise;
	return server;
}
