// A server for webhooks: remembers what came, and answers as it was told.
import {createHmac} from 'node:crypto';
import {createServer, type IncomingHttpHeaders, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';

export interface Delivery {
	readonly path: string | undefined;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
}

export interface WebhookServer {
	readonly url: string;
	readonly deliveries: readonly Delivery[];
}

/** @param answer - Given how many have come before. */
export async function startWebhookServer(
	answer: (response: ServerResponse, count: number) => void = response => response.end('thanks'),
): Promise<WebhookServer> {
	const deliveries: Delivery[] = [];
	const server = createServer((request, response) => {
		const pieces: Buffer[] = [];
		request.on('data', (piece: Buffer) => pieces.push(piece));
		request.on('end', () => {
			deliveries.push({path: request.url, headers: request.headers, body: Buffer.concat(pieces)});
			answer(response, deliveries.length - 1);
		});
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, deliveries};
}

/** The signature that a receiver works out by itself. */
export const signatureOf = (key: string, {headers, body}: Delivery): string =>
	`sha256=${createHmac('sha256', key)
		.update(Buffer.concat([Buffer.from(`${headers['x-fileproc-timestamp']}.`), body]))
		.digest('hex')}`;
