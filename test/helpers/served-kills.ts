// Kills a server again and again while clients send files, ask for tasks and follow events; what it has said must hold afterwards.
import {type ChildProcess, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as wait} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import {LoadClient} from '../load/client.ts';
import {amounts} from './killed-runs.ts';
import type {Dice} from './large-tables.ts';

export interface ServedKills {
	readonly cli: string;
	/** Of the server alone. */
	readonly dataFolder: string;
	readonly port: number;
	readonly kills: number;
	readonly clients: number;
	readonly dice: Dice;
	/** Called after each kill. */
	readonly onKill?: (number: number) => void;
}

/** What a client was told. */
export interface KnownJob {
	readonly name: string;
	readonly sha256: string;
	/** How often it was sent whole by one request: where no answer came, it may be stored or not. */
	sends: number;
	file: string;
	task: string;
	/** As it was first had; `null` until then, and of a task that failed. */
	result: string | null;
	hasEnded: boolean;
}

export interface KillsOutcome {
	readonly jobs: readonly KnownJob[];
	/** Numbers of the events that were had over all streams, in their order. */
	readonly events: readonly number[];
	/** The notices that came of each task, by their ids; sent again they have the same. */
	readonly notices: ReadonlyMap<string, ReadonlySet<string>>;
	readonly faults: readonly string[];
}

/** A server that is there, or will be there again. */
export class KilledServer {
	readonly #options: Pick<ServedKills, 'cli' | 'dataFolder' | 'port'>;
	readonly #flags: readonly string[];
	#child: ChildProcess | null = null;

	/** @param flags - Further ones. */
	constructor(options: Pick<ServedKills, 'cli' | 'dataFolder' | 'port'>, flags: readonly string[] = []) {
		this.#options = options;
		this.#flags = flags;
	}

	/** Resolves when it answers, or is dead. */
	async start(): Promise<void> {
		const {cli, dataFolder, port} = this.#options;
		const flags = [
			'--open',
			'--listen',
			`127.0.0.1:${port}`,
			'--data',
			dataFolder,
			'--dataset-ttl',
			'0',
			'--threads',
			'1',
		];
		const limits = ['--max-queued', '1000', '--max-queued-per-user', '1000', '--webhook-allow', '127.0.0.1'];
		const child = spawn(process.execPath, [cli, 'serve', ...flags, ...limits, ...this.#flags], {
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		this.#child = child;
		let said = '';
		await new Promise<void>((resolve, reject) => {
			child.stderr.setEncoding('utf8').on('data', text => {
				said += text;
				if (said.includes('serving on')) resolve();
			});
			child.once('exit', (code, signal) => {
				if (signal === 'SIGKILL') resolve();
				else reject(new Error(`The server ended by itself with ${code}: ${said}`));
			});
		});
	}

	/** Resolves when it is gone. */
	async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
		const child = this.#child;
		if (child === null) throw new Error('Expected a server');
		if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode;
		const ended = new Promise<number | NodeJS.Signals | null>(resolve =>
			child.once('exit', (code, by) => resolve(code ?? by)),
		);
		child.kill(signal);
		return ended;
	}
}

/** `null`: there is no answer at this moment. */
export async function ask(url: string, init: RequestInit): Promise<Response | null> {
	try {
		const response = await fetch(url, init);
		// What is cut off while it is answered was not answered.
		const body = init.method === 'HEAD' || response.status === 204 ? null : await response.arrayBuffer();
		return new Response(body, {status: response.status, headers: response.headers});
	} catch {
		// A server that was killed says so in many ways.
		await wait(20);
		return null;
	}
}

/** Most: kills that come faster than anything is done are those of a file that kills. */
const ANSWERS_BETWEEN_KILLS = 30;
/** More than these, one after the other, and no job has ended between them, are those of a file that kills, too. */
const KILLS_WITHOUT_END = 2;

const TUS = {'tus-resumable': '1.0.0'};

class Client {
	readonly #options: ServedKills;
	readonly jobs: KnownJob[] = [];
	readonly faults: string[] = [];
	/** Answers that it has had, but for those that a task has not ended. */
	answers = 0;
	readonly #seed: number;

	constructor(options: ServedKills, seed: number) {
		this.#options = options;
		this.#seed = seed;
	}

	/** One job after the other, as long as it is wanted. */
	async work(isWanted: () => boolean): Promise<void> {
		const {dice} = this.#options;
		while (isWanted()) {
			const number = this.jobs.length;
			// Now and then one that is read in ranges.
			const rows = dice.isOneIn(8) ? 60_000 + dice.roll(20_000) : 1 + dice.roll(300);
			// No two are alike.
			const text = `${amounts(rows, 1 + dice.roll(90))}T0,C${this.#seed},${number}.25,2024-01-01,own\n`;
			const bytes = Buffer.from(text);
			const job: KnownJob = {
				...{name: `${this.#seed}-${number}.csv`, sha256: createHash('sha256').update(bytes).digest('hex')},
				...{sends: 0, file: '', task: '', result: null, hasEnded: false},
			};
			this.jobs.push(job);
			job.file = dice.isOneIn(2) ? await this.#sendWhole(job, bytes) : await this.#sendInPieces(job, bytes);
			job.task = await this.#run(job);
			job.result = await this.#resultOf(job, rows + 1);
			job.hasEnded = true;
			await this.#checkAnEarlierOne();
		}
	}

	async #sendWhole(job: KnownJob, bytes: Buffer<ArrayBuffer>): Promise<string> {
		for (;;) {
			const body = new FormData();
			body.append('file', new Blob([bytes]), job.name);
			job.sends++;
			const answer = await this.#ask('POST', '/upload', {body});
			if (answer === null) continue;
			const {files} = (await answer.json()) as {files: readonly {file_id: string; sha256: string}[]};
			if (answer.status !== 201 || files[0]?.sha256 !== job.sha256)
				this.faults.push(`${job.name}: stored as another file`);
			return String(files[0]?.file_id);
		}
	}

	async #sendInPieces(job: KnownJob, bytes: Buffer<ArrayBuffer>): Promise<string> {
		const {dice} = this.#options;
		const metadata = `filename ${Buffer.from(job.name).toString('base64')},sha256 ${Buffer.from(job.sha256).toString('base64')}`;
		let path: string | null = null;
		while (path === null) {
			const headers = {...TUS, 'upload-length': String(bytes.length), 'upload-metadata': metadata};
			const answer = await this.#ask('POST', '/api/uploads', {headers});
			if (answer !== null) path = new URL(String(answer.headers.get('location')), 'http://127.0.0.1').pathname;
		}
		let acknowledged = 0;
		for (;;) {
			const head = await this.#ask('HEAD', path, {headers: TUS});
			if (head === null) continue;
			const offset = Number(head.headers.get('upload-offset') ?? Number.NaN);
			if (!(offset >= acknowledged)) {
				this.faults.push(
					`${job.name}: ${acknowledged} bytes were acknowledged, and ${offset} are there (${head.status})`,
				);
				return '';
			}
			const file = head.headers.get('upload-file-id');
			if (file !== null) return file;
			const body = bytes.subarray(offset, offset + 1 + dice.roll(Math.max(1, bytes.length)));
			const headers = {...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream'};
			const answer = await this.#ask('PATCH', path, {headers, body});
			if (answer?.status === 204) acknowledged = Number(answer.headers.get('upload-offset'));
			// 423: the server that was killed has not noticed that the connection before is gone.
			else if (answer !== null && answer.status !== 423) {
				this.faults.push(`${job.name}: PATCH was answered by ${answer.status}: ${await answer.text()}`);
				return '';
			}
		}
	}

	async #run({name, file}: KnownJob): Promise<string> {
		const headers = {'content-type': 'application/json', 'idempotency-key': `"${name}"`};
		const body = JSON.stringify({file_id: file, analyses: ['transactions']});
		for (;;) {
			const answer = await this.#ask('POST', '/api/run', {headers, body});
			if (answer === null) continue;
			const task = (await answer.json()) as {task_execution_id?: string; detail?: string};
			if (answer.status !== 202) this.faults.push(`${name}: no task: ${answer.status} ${task.detail}`);
			return String(task.task_execution_id);
		}
	}

	async #resultOf({name, task}: KnownJob, rows: number): Promise<string | null> {
		for (;;) {
			const answer = await this.#ask('GET', `/api/run/${task}`);
			if (answer === null) continue;
			const {status, rows: read, error} = (await answer.json()) as {status: string; rows: number; error: unknown};
			if (status === 'QUEUED' || status === 'PROCESSING') {
				this.answers--;
				await wait(15);
				continue;
			}
			if (status !== 'COMPLETED' || read !== rows)
				this.faults.push(`${name}: ${status} with ${read} of ${rows} rows, ${JSON.stringify(error)}`);
			// What tells of a failure has the id of the request in it.
			return status === 'COMPLETED' ? this.#get(`/api/results/${task}`) : null;
		}
	}

	async #get(path: string): Promise<string> {
		for (;;) {
			const answer = await this.#ask('GET', path);
			if (answer !== null) return answer.text();
		}
	}

	/** What was had once is had again. */
	async #checkAnEarlierOne(): Promise<void> {
		const job = this.#options.dice.pick(this.jobs);
		if (job.result === null) return;
		if ((await this.#get(`/api/results/${job.task}`)) !== job.result)
			this.faults.push(`${job.name}: another result than before`);
		const original = await this.#get(`/api/v1/files/${job.file}/original`);
		if (createHash('sha256').update(original).digest('hex') !== job.sha256)
			this.faults.push(`${job.name}: other bytes than were sent`);
	}

	async #ask(method: string, path: string, init?: RequestInit): Promise<Response | null> {
		const answer = await ask(`http://127.0.0.1:${this.#options.port}${path}`, {...init, method});
		if (answer !== null) this.answers++;
		return answer;
	}
}

interface NoticeReceiver {
	readonly notices: ReadonlyMap<string, ReadonlySet<string>>;
	readonly faults: readonly string[];
	readonly url: string;
	readonly close: () => void;
}

/** Takes notices, refuses some of them at first, and looks for the result of each at the moment in which it comes. */
async function receiveNotices(port: number, dice: Dice): Promise<NoticeReceiver> {
	const [notices, faults] = [new Map<string, Set<string>>(), [] as string[]];
	const server = createServer((request, response) => {
		const pieces: Buffer[] = [];
		request.on('error', () => {});
		request.on('data', (piece: Buffer) => pieces.push(piece));
		request.on('end', async () => {
			const body = JSON.parse(Buffer.concat(pieces).toString()) as {
				data: {task_execution_id: string; links: {result: string}};
			};
			const {task_execution_id: task, links} = body.data;
			const answer = await ask(`http://127.0.0.1:${port}${links.result}`, {});
			if (answer !== null && answer.status !== 200)
				faults.push(`A notice of ${task} came when its result was answered by ${answer.status}`);
			// Refused twice, the next attempt would be minutes away.
			const isRefused = !notices.has(task) && dice.isOneIn(10);
			notices.set(task, (notices.get(task) ?? new Set()).add(String(request.headers['webhook-id'])));
			response.writeHead(isRefused ? 503 : 204).end();
		});
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	return {
		...{notices, faults, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`},
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** Resolves when no notice waits to be sent any more. */
async function untilDelivered(port: number, webhook: string): Promise<void> {
	for (;;) {
		const answer = await ask(`http://127.0.0.1:${port}/api/v1/webhooks/${webhook}/deliveries?limit=1000`, {});
		const {deliveries} = (await answer?.json()) as {deliveries: readonly {state: string}[]};
		if (deliveries.every(({state}) => state === 'delivered')) return;
		await wait(200);
	}
}

/** Follows all events over every restart. */
function followEvents(port: number): {
	readonly numbers: number[];
	readonly faults: string[];
	readonly close: () => void;
} {
	const client = new LoadClient(port, 1);
	const [numbers, faults] = [[] as number[], [] as string[]];
	let close = (): void => {};
	let isClosed = false;
	let after = '0';
	const follow = (): void => {
		if (isClosed) return;
		const again = (): void => void setTimeout(follow, 30);
		const stream = client.follow(
			'/api/events',
			{token: 'none', after},
			({name, id, number}) => {
				if (name === 'reset') faults.push('events were forgotten');
				if (id !== null) after = id;
				if (number !== null) numbers.push(number);
			},
			again,
		);
		stream.begun.catch(again);
		close = stream.close;
	};
	follow();
	return {
		...{numbers, faults},
		close() {
			isClosed = true;
			close();
			client.close();
		},
	};
}

/** @returns What clients were told; all of them have ended their last job with a server that nobody has killed. */
export async function serveUnderKills(options: ServedKills): Promise<KillsOutcome> {
	const {kills, clients, dice, port, onKill} = options;
	const server = new KilledServer(options);
	let killed = 0;
	const all = Array.from({length: clients}, (_, index) => new Client(options, index));
	const events = followEvents(port);
	await server.start();
	const receiver = await receiveNotices(port, dice);
	const webhook = await ask(`http://127.0.0.1:${port}/api/v1/webhooks`, {
		...{method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({url: receiver.url})},
	});
	const {id: webhookId} = (await webhook?.json()) as {id: string};
	const working = Promise.all(all.map(client => client.work(() => killed < kills)));
	let hasFailed = false;
	working.catch(() => {
		hasFailed = true;
	});
	const answers = (): number => all.reduce((sum, client) => sum + client.answers, 0);
	const ended = (): number => all.reduce((sum, {jobs}) => sum + jobs.filter(({hasEnded}) => hasEnded).length, 0);
	let [endedBefore, killsWithoutEnd] = [0, 0];
	while (killed < kills && !hasFailed) {
		// However fast the machine is.
		const enough = answers() + dice.roll(ANSWERS_BETWEEN_KILLS);
		while (answers() < enough && !hasFailed) await wait(2);
		while (killsWithoutEnd >= KILLS_WITHOUT_END && ended() === endedBefore && !hasFailed) await wait(2);
		killsWithoutEnd = ended() === endedBefore ? killsWithoutEnd + 1 : 0;
		endedBefore = ended();
		await wait(dice.roll(100));
		await server.end('SIGKILL');
		killed++;
		onKill?.(killed);
		const started = server.start();
		// Now and then while it begins.
		if (dice.isOneIn(3) && killed < kills) await wait(dice.roll(500));
		else await started;
		started.catch(() => {});
	}
	await working;
	await untilStill(events.numbers);
	await untilDelivered(port, webhookId);
	const faults = [...all.flatMap(client => client.faults), ...events.faults, ...receiver.faults];
	events.close();
	receiver.close();
	const code = await server.end('SIGTERM');
	if (code !== 143) faults.push(`The last server ended with ${code}`);
	const {notices} = receiver;
	return {jobs: all.flatMap(({jobs}) => jobs), events: [...events.numbers], notices, faults};
}

/** Events are on their way after the last answer. */
async function untilStill(numbers: readonly number[]): Promise<void> {
	for (let before: readonly number[] = []; !isDeepStrictEqual(before, numbers); await wait(1000)) before = [...numbers];
}
