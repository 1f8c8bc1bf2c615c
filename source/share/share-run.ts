// Lets others follow a run that runs here: a WebSocket for each of them. Each gets a frame when it has taken the one before, so a slow one has fewer
// of them, and one that has stalled none.
import {createServer, type IncomingMessage, type Server} from 'node:http';
import type {Duplex} from 'node:stream';
import {WebSocketServer} from 'ws';
import type {RunEvent} from '../model/events.ts';
import {SUBPROTOCOL} from './messages.ts';
import {SharedRun} from './shared-run.ts';
import {Viewer, type ViewerOptions} from './viewer.ts';

/** A port of this machine, or the path of a socket. */
export type SharePlace = {readonly host: string; readonly port: number} | {readonly path: string};

export interface ShareOptions extends ViewerOptions {
	readonly place: SharePlace;
	/** How often those who follow get a sign of life. Default: 15 s. */
	readonly beatMs?: number;
}

export interface Sharing {
	readonly handle: (event: RunEvent) => void;
	/** Where it listens: `http://127.0.0.1:8001`, or the path of its socket. */
	readonly address: string;
	readonly viewerCount: () => number;
	/** Lets those who follow have the end of the run, as far as they take it in time, and closes. */
	readonly close: () => Promise<void>;
}

const FRAME_SPACING_MS = 100;
const BEAT_MS = 15_000;
const MAX_VIEWERS = 32;
const MAX_MESSAGE_BYTES = 1024 * 1024;
const TRY_LATER = 1013;

/** @throws {NodeJS.ErrnoException} Where it cannot listen there. */
export async function shareRun(options: ShareOptions): Promise<Sharing> {
	const run = new SharedRun();
	const viewers = new Set<Viewer>();
	const sockets = new WebSocketServer({
		...{noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false},
		handleProtocols: protocols => protocols.has(SUBPROTOCOL) && SUBPROTOCOL,
	});
	const server = createServer((_request, response) => {
		response.writeHead(426, {'content-type': 'text/plain', upgrade: 'websocket', connection: 'close'});
		response.end(`This is a run of fileproc-tui: fileproc-tui attach ${addressOf(server, options.place)}\n`);
	});
	server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		socket.on('error', () => {});
		const fault = findRequestFault(request, options.place);
		if (fault !== null) {
			socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${fault.length}\r\nConnection: close\r\n\r\n${fault}`);
			return;
		}
		sockets.handleUpgrade(request, socket, head, webSocket => {
			webSocket.on('error', () => {});
			if (viewers.size >= MAX_VIEWERS) {
				webSocket.close(TRY_LATER, `${MAX_VIEWERS} follow this run already`);
				return;
			}
			const viewer = new Viewer(webSocket, run, options);
			viewers.add(viewer);
			webSocket.on('close', () => viewers.delete(viewer));
		});
	});
	const pacing = setInterval(() => {
		for (const viewer of viewers) viewer.sendFrame();
	}, FRAME_SPACING_MS);
	pacing.unref();
	const beating = setInterval(() => {
		for (const viewer of viewers) viewer.beat();
	}, options.beatMs ?? BEAT_MS);
	beating.unref();
	await listen(server, options.place);
	return {
		handle: event => run.handle(event),
		address: addressOf(server, options.place),
		viewerCount: () => viewers.size,
		async close() {
			clearInterval(pacing);
			clearInterval(beating);
			server.close();
			await Promise.all(Array.from(viewers, viewer => viewer.finish()));
			server.closeAllConnections();
		},
	};
}

function listen(server: Server, place: SharePlace): Promise<void> {
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	server.once('error', reject);
	server.listen(place, () => {
		server.off('error', reject);
		server.unref();
		resolve();
	});
	return promise;
}

function addressOf(server: Server, place: SharePlace): string {
	const address = server.address();
	if ('path' in place || address === null || typeof address === 'string') return 'path' in place ? place.path : '';
	return `http://${place.host.includes(':') ? `[${place.host}]` : place.host}:${address.port}`;
}

/** Pages in a browser say where they are from, and reach this machine by names of their own: none of them may look. */
function findRequestFault({headers}: IncomingMessage, place: SharePlace): string | null {
	if (headers.origin !== undefined) return 'A run is followed by fileproc-tui attach, not by a page.';
	if ('path' in place) return null;
	const name = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
	return name === place.host || name === 'localhost' || name === '127.0.0.1' || name === '::1'
		? null
		: 'Expected the name of this machine as the host.';
}
