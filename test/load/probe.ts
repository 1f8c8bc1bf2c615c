// Asks a server for its health, and right after each time a bare server that does nothing: what both have in common is the machine's. In a process of its
// own, because the load keeps the other one busy.
import {createServer} from 'node:http';
import {setTimeout as wait} from 'node:timers/promises';
import {LoadClient} from './client.ts';

const INTERVAL_MS = 20;
const [role, port = ''] = process.argv.slice(2);

if (role === 'bare') {
	const server = createServer((_, response) => response.end('{}'));
	server.listen(0, '127.0.0.1', () => process.send?.((server.address() as {port: number}).port));
} else {
	const clients = port.split(',').map(each => new LoadClient(Number(each), 1));
	const latencies = clients.map(() => [] as number[]);
	let isOver = false;
	process.once('message', () => {
		isOver = true;
	});
	while (!isOver) {
		for (const [place, client] of clients.entries()) {
			const startedAt = performance.now();
			const {status} = await client.ask('GET', '/health');
			if (status !== 200) throw new Error(`Expected 200, but /health was answered ${status}`);
			latencies[place]?.push(performance.now() - startedAt);
		}
		await wait(INTERVAL_MS);
	}
	process.send?.(latencies);
	process.disconnect();
	for (const client of clients) client.close();
}
