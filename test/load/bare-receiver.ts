// What receives bytes and puts them on the disk, and nothing else: PATCH with an offset, written as it comes, flushed before the answer.
import {open} from 'node:fs/promises';
import {createServer} from 'node:http';

const [path = ''] = process.argv.slice(2);
const handle = await open(path, 'w', 0o600);
const server = createServer(async (request, response) => {
	let offset = Number(request.headers['upload-offset']);
	for await (const bytes of request as AsyncIterable<Buffer>) {
		await handle.write(bytes, 0, bytes.length, offset);
		offset += bytes.length;
	}
	await handle.datasync();
	response.writeHead(204, {'upload-offset': offset}).end();
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as {port: number}).port));
process.once('disconnect', () => process.exit());
