// The end of a server, whatever its clients do.
import {connect} from 'node:net';
import {expect, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {startTestServer} from '../helpers/server.ts';

test('a server ends while clients hold connections, send nothing more, and follow streams', async () => {
	const server = await startTestServer({isOpen: true});
	const port = Number(new URL(server.url).port);
	const openings = [
		'',
		'GET /hea',
		'POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=q\r\nContent-Length: 100000\r\n\r\n--q\r\n',
		'GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n',
	];
	const closed = openings.map(async text => {
		const socket = connect(port, '127.0.0.1');
		socket.write(text);
		socket.resume();
		await new Promise<void>(resolve => socket.on('error', () => {}).on('close', () => resolve()));
	});
	await vi.waitFor(async () => {
		expect((await server.ask('GET', '/health')).json.system.streaming.active_streams).toBe(1);
	}, PATIENT);
	const before = performance.now();
	await server.close();
	await Promise.all(closed);
	// A connection that nobody uses any more would be kept for 72 seconds.
	expect(performance.now() - before).toBeLessThan(60_000);
});
