// What a server sends as a file is here whole, or not at all.
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import {downloadTo} from '../../source/cli/commands/client/download.ts';
import {Connection} from '../../source/client/connection.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

async function serveBy(listener: RequestListener): Promise<Connection> {
	const server = createServer(listener).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const connection = new Connection({origin, token: null, userAgent: 'test'});
	onTestFinished(() => {
		connection.close();
		server.closeAllConnections();
		server.close();
	});
	return connection;
}

test('of a file that comes whole there is that file alone', async () => {
	const connection = await serveBy((_, answer) => void answer.end('a,b\n1,2\n'));
	const folder = createTemporaryFolder();
	await downloadTo(connection, '/file', folder.at('a.csv'));
	expect(readdirSync(folder.path)).toEqual(['a.csv']);
	expect(readFileSync(folder.at('a.csv'), 'utf8')).toBe('a,b\n1,2\n');
});

test('of a file that is cut off, is another one, or cannot lie there, nothing stays', async () => {
	const cut = await serveBy((_, answer) => {
		answer.writeHead(200, {'content-length': '100'});
		answer.write('a,b\n', () => answer.destroy());
	});
	const digest = Buffer.alloc(32).toString('base64');
	const other = await serveBy((_, answer) => {
		answer.writeHead(200, {'repr-digest': `sha-256=:${digest}:`}).end('a,b\n');
	});
	const folder = createTemporaryFolder();
	await expect(downloadTo(cut, '/file', folder.at('a.csv'))).rejects.toMatchObject({name: 'ClientError'});
	await expect(downloadTo(other, '/file', folder.at('a.csv'))).rejects.toMatchObject({code: 'CUT_OFF'});
	expect(readdirSync(folder.path)).toEqual([]);
	folder.write('a.csv/in-the-way', '');
	const whole = await serveBy((_, answer) => void answer.end('a,b\n'));
	for (const name of ['a.csv', 'none/a.csv', 'a.csv/in-the-way/a.csv'])
		await expect(downloadTo(whole, '/file', folder.at(name)), name).rejects.toThrow(/cannot be written: /);
	expect(readdirSync(folder.path)).toEqual(['a.csv']);
});
