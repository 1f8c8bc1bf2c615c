import {createServer} from 'node:net';

/** A port of this machine alone that nobody listens on now. */
export async function findFreePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise(resolve => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('Expected a port');
	return address.port;
}
