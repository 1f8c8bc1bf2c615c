// A large upload by tus beside the same bytes to a bare server: in turns, on the same disk, flushed as often.
import {fork} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type Answer, LoadClient} from './client.ts';
import {summarize} from './latencies.ts';
import {makeDataFolder, ServedProcess} from './served-process.ts';

const MEGABYTE = 1024 * 1024;
const CHUNK_BYTES = 64 * MEGABYTE;
const ROUNDS = 3;
const RECEIVER = fileURLToPath(new URL('bare-receiver.ts', import.meta.url));

export async function compareUploads(megabytes: number, print: (line: string) => void): Promise<readonly string[]> {
	const bytes = megabytes * MEGABYTE;
	const {dataFolder, seats} = makeDataFolder(1);
	const token = String(seats[0]?.token);
	const server = await ServedProcess.start(dataFolder);
	const client = new LoadClient(server.port, 1);
	const chunk = randomBytes(Math.min(CHUNK_BYTES, bytes));
	const before = server.usage();
	let peakMb = before.rssMb;
	const sampling = setInterval(() => {
		peakMb = Math.max(peakMb, server.usage().rssMb);
	}, 50);
	const [tus, bare]: [number[], number[]] = [[], []];
	const faults: string[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		bare.push(await sendToBare(join(dataFolder, 'bare'), chunk, bytes));
		const startedAt = performance.now();
		faults.push(...(await sendByTus(client, token, chunk, bytes)));
		tus.push(bytes / MEGABYTE / ((performance.now() - startedAt) / 1000));
	}
	clearInterval(sampling);
	const after = server.usage();
	client.close();
	await server.stop();
	const [ours, others] = [summarize(tus).p50, summarize(bare).p50];
	print(
		`${megabytes} MB by tus: ${ours.toFixed(0)} MB/s, a bare server ${others.toFixed(0)} MB/s: ${((100 * ours) / others).toFixed(0)} %`,
	);
	print(`  each round: ${tus.map((rate, round) => `${((100 * rate) / Number(bare[round])).toFixed(0)} %`).join(', ')}`);
	const seconds = (after.cpuMs - before.cpuMs) / 1000 / ((ROUNDS * bytes) / 1e9);
	print(`  ${seconds.toFixed(2)} s CPU of the server for each GB; RSS ${before.rssMb} → at most ${peakMb} MB`);
	return faults;
}

async function sendByTus(client: LoadClient, token: string, chunk: Buffer, bytes: number): Promise<readonly string[]> {
	const headers = {'tus-resumable': '1.0.0'};
	const made = await client.ask('POST', '/api/v1/uploads', {
		token,
		headers: {...headers, 'upload-length': String(bytes)},
	});
	const path = new URL(String(made.headers.location), 'http://x').pathname;
	const last = await patchAll(client, path, chunk, bytes, {...headers, authorization: `Bearer ${token}`});
	const file = last?.headers['upload-file-id'];
	if (last?.status !== 204 || typeof file !== 'string') return [`the last PATCH was answered ${last?.status}`];
	const removed = await client.ask('DELETE', `/api/files/${file}`, {token});
	return removed.status === 204 ? [] : [`DELETE was answered ${removed.status}`];
}

/** @returns Megabytes a second. */
async function sendToBare(path: string, chunk: Buffer, bytes: number): Promise<number> {
	const child = fork(RECEIVER, [path]);
	const port = await new Promise<number>(resolve => child.once('message', message => resolve(Number(message))));
	const client = new LoadClient(port, 1);
	const startedAt = performance.now();
	await patchAll(client, '/', chunk, bytes, {});
	const rate = bytes / MEGABYTE / ((performance.now() - startedAt) / 1000);
	client.close();
	child.disconnect();
	rmSync(path);
	return rate;
}

/** @returns The answer to the last one. */
async function patchAll(
	client: LoadClient,
	path: string,
	chunk: Buffer,
	bytes: number,
	headers: Readonly<Record<string, string>>,
): Promise<Answer | undefined> {
	let last: Answer | undefined;
	for (let offset = 0; offset < bytes; offset += chunk.length) {
		const body = chunk.subarray(0, Math.min(chunk.length, bytes - offset));
		const more = {'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream'};
		last = await client.ask('PATCH', path, {headers: {...headers, ...more}, body});
		if (last.status !== 204) return last;
	}
	return last;
}
