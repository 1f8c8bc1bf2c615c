// Requests that ask to go on as a WebSocket take the way of all others, through the hooks of the server to a route, which then takes over the connection.
import {type IncomingMessage, ServerResponse} from 'node:http';
import type {Duplex} from 'node:stream';
import type {FastifyInstance} from 'fastify';

export interface Upgrade {
	readonly socket: Duplex;
	/** What has come behind the request already. */
	readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** What Node is to see as such a request; any other with `Upgrade` is answered as if it had none. */
export const asksForWebSocket = ({method, headers}: IncomingMessage): boolean =>
	method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';

/** Routes with `constraints: {upgrade: 'websocket'}` are for such requests, and only these. */
export const upgradeConstraint = {
	name: 'upgrade',
	mustMatchWhenDerived: true,
	storage<Handler>() {
		const handlers = new Map<string, Handler>();
		return {
			get: (value: string): Handler | null => handlers.get(value) ?? null,
			set(value: string, handler: Handler): void {
				handlers.set(value, handler);
			},
		};
	},
	// Its types do not say that there may be none.
	deriveConstraint: (request: IncomingMessage) => (upgrades.has(request) ? 'websocket' : undefined) as string,
	validate: (value: unknown): boolean => value === 'websocket',
};

export function routeUpgrades(app: FastifyInstance): void {
	app.server.on('upgrade', (request, socket, head) => {
		// It may break off at any time.
		socket.on('error', () => socket.destroy());
		const response = new ServerResponse(request);
		// A refusal is the end of the connection.
		response.shouldKeepAlive = false;
		response.on('finish', () => socket.end());
		upgrades.set(request, {socket, head});
		response.assignSocket(socket as Parameters<typeof response.assignSocket>[0]);
		app.routing(request, response);
	});
}

/** The connection, which the route must answer from now on. */
export function takeUpgrade(request: IncomingMessage, response: ServerResponse): Upgrade {
	const upgrade = upgrades.get(request);
	if (upgrade === undefined) throw new Error('Expected a request that asks for a WebSocket');
	// Who follows requests sees it end with the connection.
	response.statusCode = 101;
	upgrade.socket.once('close', () => response.emit('close'));
	response.detachSocket(upgrade.socket as Parameters<typeof response.detachSocket>[0]);
	return upgrade;
}
