// Asks a server for tasks that end in every way, while it and the workers that read its files are killed at random, and keeps what a receiver of its
// notices saw.
import {type ChildProcess, fork} from 'node:child_process';
import {createHmac} from 'node:crypto';
import {createServer, type IncomingHttpHeaders} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as wait} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {amounts} from './killed-runs.ts';
import type {Dice} from './large-tables.ts';
import {ask, KilledServer} from './served-kills.ts';

export interface NoticesUnderKills {
	readonly cli: string;
	/** Of the server alone. */
	readonly dataFolder: string;
	readonly port: number;
	/** Tasks that are asked for. */
	readonly runs: number;
	readonly clients: number;
	/** The queue from which workers take the files; `null`: threads of the server read them. */
	readonly queue: string | null;
	readonly workers: number;
	readonly dice: Dice;
	/** Called when a task has ended. */
	readonly onEnded?: (number: number) => void;
}

/** A task that a client has asked for, and what became of it as the server said. */
export interface AskedRun {
	readonly task: string;
	readonly status: string;
}

/** What came to the receiver. */
export interface Received {
	/** The `webhook-id`. */
	readonly id: string;
	readonly task: string;
	readonly status: string;
	readonly isSigned: boolean;
	/** What the server said of the task when the notice was there, or when it answered again first. */
	readonly found: {readonly status: string; readonly result: number};
}

export interface NoticesOutcome {
	readonly runs: readonly AskedRun[];
	readonly received: readonly Received[];
	readonly kills: {readonly servers: number; readonly workers: number};
	readonly faults: readonly string[];
}

/** The secret of servers that were given none. */
const NO_SECRET = 'fileproc-tui on this machine';
const ENDED: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED'];
const ANSWERS_BETWEEN_KILLS = 12;
/** What more have died of is given up, so something ends then. */
const KILLS_WITHOUT_END = 2;

class KilledWorker {
	readonly #queue: string;
	readonly #name: string;
	#child: ChildProcess;

	constructor(queue: string, name: string) {
		[this.#queue, this.#name] = [queue, name];
		this.#child = this.#start();
	}

	#start(): ChildProcess {
		const script = fileURLToPath(new URL('worker-process.ts', import.meta.url));
		const settings = JSON.stringify({secret: NO_SECRET, name: this.#name});
		return fork(script, [this.#queue, '1', settings], {stdio: ['ignore', 'ignore', 'ignore', 'ipc']});
	}

	/** Another one takes its place. */
	async kill(): Promise<void> {
		await this.end();
		this.#child = this.#start();
	}

	async end(): Promise<void> {
		const child = this.#child;
		if (child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise(resolve => child.once('exit', resolve));
		child.kill('SIGKILL');
		await ended;
	}
}

interface Receiver {
	readonly received: readonly Received[];
	readonly url: string;
	/** By what is signed. */
	secret: string;
	readonly close: () => void;
}

const isSigned = (secret: string, headers: IncomingHttpHeaders, body: Buffer): boolean => {
	const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
	const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
	const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
	return String(headers['webhook-signature']).split(' ').includes(expected);
};

/** Looks for the task of each notice at the moment in which it comes; refuses one in ten at first, and breaks one in twenty off when it has it. */
async function receiveNotices(port: number, dice: Dice): Promise<Receiver> {
	const received: Received[] = [];
	const refused = new Set<string>();
	const look = async (path: string): Promise<Response> => {
		for (;;) {
			const answer = await ask(`http://127.0.0.1:${port}${path}`, {method: 'GET'});
			if (answer !== null) return answer;
		}
	};
	const server = createServer((request, response) => {
		const pieces: Buffer[] = [];
		request.on('error', () => {});
		request.on('data', (piece: Buffer) => pieces.push(piece));
		request.on('end', async () => {
			const body = Buffer.concat(pieces);
			const {data} = JSON.parse(body.toString()) as {
				data: {task_execution_id: string; status: string; links: {self: string; result: string}};
			};
			const id = String(request.headers['webhook-id']);
			const {status} = (await (await look(data.links.self)).json()) as {status: string};
			const result = (await look(data.links.result)).status;
			const [isRefused, isBrokenOff] = [!refused.has(id) && dice.isOneIn(10), dice.isOneIn(20)];
			// Refused twice, the next attempt would be minutes away.
			if (isRefused) refused.add(id);
			received.push({
				...{id, task: data.task_execution_id, status: data.status, found: {status, result}},
				isSigned: isSigned(receiver.secret, request.headers, body),
			});
			if (isBrokenOff && !refused.has(id)) {
				refused.add(id);
				request.socket.destroy();
			} else response.writeHead(isRefused ? 503 : 204).end();
		});
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const receiver: Receiver = {
		...{received, secret: '', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`},
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
	return receiver;
}

class Client {
	readonly #options: NoticesUnderKills;
	readonly runs: AskedRun[] = [];
	readonly faults: string[] = [];
	answers = 0;

	constructor(options: NoticesUnderKills) {
		this.#options = options;
	}

	/** @param isWanted - Asked before each task. */
	async work(isWanted: () => boolean, number: number): Promise<void> {
		const {dice, onEnded} = this.#options;
		for (let asked = 0; isWanted(); asked++) {
			const file = await this.#send(`${number}-${asked}.csv`, this.#content(number, asked));
			const task = await this.#run(file, `${number}-${asked}`);
			if (dice.isOneIn(8)) await this.#ask('DELETE', `/api/run/${task}`);
			const status = await this.#end(task);
			this.runs.push({task, status});
			onEnded?.(this.runs.length);
		}
	}

	/** What completes, what has records that are rejected, what fails, and what takes longer. No two are alike. */
	#content(number: number, asked: number): string {
		const {dice} = this.#options;
		const own = `T0,C${number},${asked}.25,2024-01-01,own\n`;
		const kind = dice.roll(8);
		if (kind === 0) return `${own}no table, "and nothing that fits`;
		if (kind === 1) return `${amounts(1 + dice.roll(300), 3)}${own}T1,C1,no number,2024-01-01,own\n`;
		return amounts(kind === 2 ? 60_000 + dice.roll(20_000) : 1 + dice.roll(300), 1 + dice.roll(90)) + own;
	}

	async #send(name: string, content: string): Promise<string> {
		const {json} = await this.#untilAnswered('POST', '/upload', () => {
			const body = new FormData();
			body.append('file', new Blob([content]), name);
			return {body, headers: {'idempotency-key': `"${name}"`}};
		});
		return String((json.files as readonly {file_id: string}[] | undefined)?.[0]?.file_id);
	}

	async #run(file: string, key: string): Promise<string> {
		const headers = {'content-type': 'application/json', 'idempotency-key': `"run-${key}"`};
		const body = JSON.stringify({file_id: file, analyses: ['transactions']});
		const {status, json} = await this.#untilAnswered('POST', '/api/run', () => ({headers, body}));
		if (status !== 202) this.faults.push(`${key}: no task: ${status} ${json.detail}`);
		return String(json.task_execution_id);
	}

	async #end(task: string): Promise<string> {
		for (;;) {
			const {json} = await this.#untilAnswered('GET', `/api/run/${task}`, () => ({}));
			if (ENDED.includes(String(json.status))) return String(json.status);
			this.answers--;
			await wait(15);
		}
	}

	async #untilAnswered(
		method: string,
		path: string,
		init: () => RequestInit,
	): Promise<{readonly status: number; readonly json: Readonly<Record<string, unknown>>}> {
		for (;;) {
			const answer = await this.#ask(method, path, init());
			// What is under way by the same key, of the server before, has no answer yet.
			if (answer === null || answer.status === 409) continue;
			return {status: answer.status, json: (await answer.json()) as Readonly<Record<string, unknown>>};
		}
	}

	async #ask(method: string, path: string, init?: RequestInit): Promise<Response | null> {
		const answer = await ask(`http://127.0.0.1:${this.#options.port}${path}`, {...init, method});
		if (answer !== null) this.answers++;
		return answer;
	}
}

/** Resolves when no notice waits to be sent any more. */
async function untilDelivered(port: number, webhook: string): Promise<void> {
	for (;;) {
		const answer = await ask(`http://127.0.0.1:${port}/api/v1/webhooks/${webhook}/deliveries?limit=1000`, {});
		const {deliveries} = (await answer?.json()) as {deliveries: readonly {state: string}[]};
		if (deliveries.every(({state}) => state !== 'pending')) return;
		await wait(200);
	}
}

/** All tasks have ended, and all notices are delivered, when it resolves. */
export async function noticesUnderKills(options: NoticesUnderKills): Promise<NoticesOutcome> {
	const {runs, clients, queue, dice, port} = options;
	const server = new KilledServer(options, queue === null ? [] : ['--queue', queue]);
	const workers =
		queue === null ? [] : Array.from({length: options.workers}, (_, at) => new KilledWorker(queue, `w${at}`));
	const kills = {servers: 0, workers: 0};
	let [ended, asked, hasFailed] = [0, 0, false];
	const counted = {
		...options,
		onEnded() {
			ended++;
			options.onEnded?.(ended);
		},
	};
	const all = Array.from({length: clients}, () => new Client(counted));
	await server.start();
	const receiver = await receiveNotices(port, dice);
	const webhook = await ask(`http://127.0.0.1:${port}/api/v1/webhooks`, {
		...{method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({url: receiver.url})},
	});
	const {id, secret} = (await webhook?.json()) as {id: string; secret: string};
	receiver.secret = secret;
	let isDone = false;
	const working = Promise.all(all.map((client, number) => client.work(() => asked++ < runs, number))).then(
		() => {
			isDone = true;
		},
		error => {
			hasFailed = true;
			throw error;
		},
	);
	working.catch(() => {});
	const answers = (): number => all.reduce((sum, client) => sum + client.answers, 0);
	let [endedBefore, killsWithoutEnd] = [0, 0];
	while (!isDone && !hasFailed) {
		// However fast the machine is.
		const enough = answers() + dice.roll(ANSWERS_BETWEEN_KILLS);
		const isSoon = (): boolean => answers() < enough || (killsWithoutEnd >= KILLS_WITHOUT_END && ended === endedBefore);
		while (!isDone && !hasFailed && isSoon()) await wait(2);
		killsWithoutEnd = ended === endedBefore ? killsWithoutEnd + 1 : 0;
		endedBefore = ended;
		if (isDone || hasFailed) break;
		await wait(dice.roll(100));
		if (workers.length > 0 && dice.isOneIn(3)) {
			await dice.pick(workers).kill();
			kills.workers++;
			continue;
		}
		await server.end('SIGKILL');
		kills.servers++;
		const started = server.start();
		// Now and then while it begins.
		if (dice.isOneIn(4)) {
			await wait(dice.roll(500));
			await server.end('SIGKILL');
			await started;
			kills.servers++;
			await server.start();
		} else await started;
	}
	await working;
	await untilDelivered(port, id);
	receiver.close();
	const code = await server.end('SIGTERM');
	await Promise.all(workers.map(worker => worker.end()));
	const faults = all.flatMap(client => client.faults);
	if (code !== 143) faults.push(`The last server ended with ${code}`);
	return {runs: all.flatMap(client => client.runs), received: receiver.received, kills, faults};
}
