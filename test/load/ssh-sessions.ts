// What dashboards by SSH cost a server: many that are open, connections that come and go, and how long a key takes to be on the screen.
import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import ssh2 from 'ssh2';
import {makeKeyPair} from '../../source/ssh/host-key.ts';
import {findFreePort} from '../helpers/free-port.ts';
import {ServedProcess, type Usage} from './served-process.ts';

export interface SessionCosts {
	readonly before: Usage;
	/** Of the server's process, in parts of one core: with tasks that run and nobody who looks, and with all sessions open. */
	readonly bareCpuShare: number;
	readonly cpuShare: number;
	/** Of each session. */
	readonly bytesPerSecond: number;
	readonly framesPerSecond: number;
	readonly open: Usage;
	/** Until what a key leads to is on the screen, with 20 sessions open. */
	readonly keyMs: readonly number[];
	readonly cycles: number;
	/** At a tenth of the connections that come and go, and at their end. */
	readonly early: Usage;
	readonly end: Usage;
}

const KEYED = 20;
const KEYS = 10;
const MEASURED_MS = 20_000;
const TASK_EVERY_MS = 100;
const ROWS = 40_000;
const FRAME_BEGINS = '\x1b[?2026h';

export async function loadSessions(dataFolder: string, sessions: number, cycles: number): Promise<SessionCosts> {
	const keys = makeKeyPair();
	const file = join(dataFolder, 'authorized_keys');
	writeFileSync(file, `role=user ${keys.public}\n`);
	chmodSync(file, 0o600);
	const port = await findFreePort();
	const server = await ServedProcess.start(dataFolder, ['--open', '--ssh', `127.0.0.1:${port}`]);
	const connect = (): Promise<ssh2.Client> => connectTo(port, keys.private);
	await untilListening(connect);
	const before = server.usage();
	const {cpuShare: bareCpuShare} = await measureTasks(server);
	const few = await openShells(KEYED, connect);
	const keyMs = (await Promise.all(few.map(shell => measureKeys(shell)))).flat();
	const shells = [...few, ...(await openShells(sessions - KEYED, connect))];
	let byteCount = 0;
	let frames = 0;
	for (const {channel} of shells)
		channel.on('data', (chunk: Buffer) => {
			byteCount += chunk.length;
			frames += chunk.toString('latin1').split(FRAME_BEGINS).length - 1;
		});
	const {cpuShare, elapsedMs} = await measureTasks(server);
	const shellSeconds = sessions * (elapsedMs / 1000);
	const [bytesPerSecond, framesPerSecond] = [byteCount / shellSeconds, frames / shellSeconds];
	const open = server.usage();
	await Promise.all(shells.map(({client}) => closed(client, 'end')));
	let early = open;
	for (let cycle = 0; cycle < cycles; cycle++) {
		const [shell] = await openShells(1, connect);
		if (shell !== undefined) await closed(shell.client, cycle % 2 === 0 ? 'end' : 'destroy');
		if (cycle === Math.floor(cycles / 10)) early = server.usage();
	}
	const end = server.usage();
	await server.stop();
	return {before, bareCpuShare, cpuShare, bytesPerSecond, framesPerSecond, open, keyMs, cycles, early, end};
}

interface Shell {
	readonly client: ssh2.Client;
	readonly channel: ssh2.ClientChannel;
}

const connectTo = (port: number, privateKey: string): Promise<ssh2.Client> =>
	new Promise((resolve, reject) => {
		const client = new ssh2.Client();
		client.on('ready', () => resolve(client.setNoDelay())).on('error', reject);
		client.connect({host: '127.0.0.1', port, username: 'ann', privateKey});
	});

async function measureTasks(server: ServedProcess): Promise<{readonly cpuShare: number; readonly elapsedMs: number}> {
	const before = server.usage();
	const beganAt = performance.now();
	await runTasks(server.port, beganAt + MEASURED_MS);
	const elapsedMs = performance.now() - beganAt;
	return {cpuShare: (server.usage().cpuMs - before.cpuMs) / elapsedMs, elapsedMs};
}

/** Where nothing happens, nothing is painted: tasks begin more often than dashboards paint. */
async function runTasks(port: number, untilMs: number): Promise<void> {
	const api = `http://127.0.0.1:${port}/api/v1`;
	const row = 't1,c1,1.25,2024-01-01,food\n';
	const body = `transaction_id,customer_id,amount,date,category\n${row.repeat(ROWS)}`;
	const {file_id} = (await (await fetch(`${api}/files/a.csv`, {method: 'PUT', body})).json()) as {file_id: string};
	const headers = {'content-type': 'application/json', prefer: 'wait=20'};
	while (performance.now() < untilMs) {
		const next = wait(TASK_EVERY_MS);
		await (await fetch(`${api}/runs`, {method: 'POST', headers, body: JSON.stringify({file_id})})).text();
		await next;
	}
}

/** Too many from one address are refused, also of those that are about to go. */
const closed = (client: ssh2.Client, how: 'end' | 'destroy'): Promise<void> =>
	new Promise(resolve => {
		client.once('close', () => resolve());
		client[how]();
	});

/** The server says where HTTP is before SSH listens. */
async function untilListening(connect: () => Promise<ssh2.Client>): Promise<void> {
	for (;;) {
		try {
			(await connect()).end();
			return;
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) throw error;
			await wait(20);
		}
	}
}

/** Resolves when each has its first screen. */
async function openShells(count: number, connect: () => Promise<ssh2.Client>): Promise<Shell[]> {
	const shells: Shell[] = [];
	for (let index = 0; index < count; index++) {
		const client = await connect();
		const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) =>
			client.shell({cols: 80, rows: 24, term: 'xterm-256color'}, (error, opened) =>
				error === undefined ? resolve(opened) : reject(error),
			),
		);
		await untilShown(channel, 'quit');
		shells.push({client, channel});
	}
	return shells;
}

function untilShown(channel: ssh2.ClientChannel, text: string): Promise<void> {
	return new Promise(resolve => {
		let shown = '';
		const listen = (chunk: Buffer): void => {
			shown = (shown + chunk.toString()).slice(-20_000);
			if (!shown.includes(text)) return;
			channel.off('data', listen);
			resolve();
		};
		channel.on('data', listen);
	});
}

async function measureKeys({channel}: Shell): Promise<number[]> {
	const times: number[] = [];
	for (let key = 0; key < KEYS; key++) {
		await wait(100 + Math.random() * 400);
		const pressedAt = performance.now();
		channel.write('?');
		await untilShown(channel, 'KEYS');
		times.push(performance.now() - pressedAt);
		const closed = untilShown(channel, 'STATUS');
		channel.write('?');
		await closed;
	}
	return times;
}
