// A server within the test, at a port of its own, and clients that speak HTTP to it.
import {scryptSync} from 'node:crypto';
import {mkdirSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import {gzipSync} from 'node:zlib';
import {expect, onTestFinished, vi} from 'vitest';
import {sniffing} from '../../source/cli/commands/serve/sniffing.ts';
import {taskOptions} from '../../source/cli/commands/serve/task-options.ts';
import {createId, createSecret, hashSecret} from '../../source/server/ids.ts';
import type {ServerOptions} from '../../source/server/options.ts';
import type {Role} from '../../source/server/roles.ts';
import {type RunningServer, startServer} from '../../source/server/serve.ts';
import {PATIENT} from './patient.ts';
import {createTemporaryFolder, transactionsHeader, transactionsText} from './temporary-folder.ts';

export const PASSWORD = 'correct horse 7 battery';

const OPTIONS: Omit<ServerOptions, 'dataFolder'> = {
	...{
		host: '127.0.0.1',
		port: 0,
		tls: null,
		trustProxy: [],
		registration: 'open',
		isOpen: false,
		isSshAlone: false,
		maxUploadBytes: 64 * 1024 * 1024,
	},
	...{
		quotaBytes: null,
		quotaFiles: null,
		datasetTtlMs: null,
		resultTtlMs: null,
		maxRejects: 100_000,
		maxUnpackedBytes: 1024 ** 3,
		maxUnpackRatio: 200,
		maxMembers: 1000,
		inbox: null,
		taskOptions,
		sniffing,
		maxStreamsPerUser: 200,
		requestsPerMinute: null,
		metricsAddress: null,
		metricsTokenFile: null,
		isHealthPublic: false,
		securityContact: null,
		webhookAllow: ['127.0.0.0/8'],
		mail: null,
		oidc: null,
		scan: null,
		breachedPasswordsFile: null,
		encryptionKeyFile: null,
		sharing: null,
		threads: 1,
		version: '0.0.0',
	},
	...{sessionIdleMs: 8 * 3_600_000, sessionTtlMs: 7 * 24 * 3_600_000, secondFactorRole: 'admin'},
	...{maxConcurrentTasks: 2, maxQueued: 100, maxQueuedPerUser: 100, onFull: 'queue'},
	log() {},
	onFault(error) {
		throw error;
	},
};

export interface Reply {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	/** `undefined` where it is none. */
	// biome-ignore lint/suspicious/noExplicitAny: a test looks at what was answered, whatever that is.
	readonly json: any;
}

export interface Question {
	readonly token?: string | null;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as JSON. */
	readonly json?: unknown;
	readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
}

export interface Seat {
	/** Of the account. */
	readonly id: string;
	/** The id of the session. */
	readonly session: string;
	readonly token: string;
}

export const TOTP_SECRET = Buffer.from('twenty bytes, no more');

/** Of PASSWORD, with parameters that make it no work. */
const CHEAP_HASH = ['scrypt', 2, 1, 1, '', scryptSync(PASSWORD, '', 32, {N: 2, r: 1, p: 1}).toString('base64')].join(
	'$',
);

export class TestServer {
	#server: RunningServer;
	readonly #options: ServerOptions;

	constructor(server: RunningServer, options: ServerOptions) {
		this.#server = server;
		this.#options = options;
	}

	get url(): string {
		return this.#server.url;
	}

	/** For what is opened beside it, as SSH is. */
	get running(): RunningServer {
		return this.#server;
	}

	get invitation(): string | null {
		return this.#server.invitation;
	}

	get metricsUrl(): string {
		const {metricsUrl} = this.#server;
		if (metricsUrl === null) throw new Error('Expected a server with a listener for metrics');
		return metricsUrl;
	}

	get warnings(): readonly string[] {
		return this.#server.warnings;
	}

	get dataFolder(): string {
		return this.#options.dataFolder;
	}

	/** Ends it, and starts another one with the same folder at the same port. */
	async restart(changes: Partial<ServerOptions> = {}): Promise<void> {
		await this.#server.close();
		await this.start(changes);
	}

	/** Another one with the same folder at the same port, after `close()`. */
	async start(changes: Partial<ServerOptions> = {}): Promise<void> {
		const port = Number(new URL(this.url).port);
		this.#server = await startServer({...this.#options, port, ...changes});
	}

	reload(): Promise<void> {
		return this.#server.reload();
	}

	tidyUp(maxEvents?: number): Promise<void> {
		return this.#server.tidyUp(maxEvents);
	}

	close(): Promise<void> {
		return this.#server.close();
	}

	async ask(method: string, path: string, question?: Question): Promise<Reply> {
		return replyOf(await this.fetch(method, path, question));
	}

	/** Resolves with the head of the answer, which may go on. */
	fetch(method: string, path: string, {token, headers, json, body}: Question = {}): Promise<Response> {
		return fetch(this.url + path, {
			method,
			headers: {
				// Tags and digests are those of the bytes that a test sees.
				'accept-encoding': 'identity',
				...(token != null && {authorization: `Bearer ${token}`}),
				...(json !== undefined && {'content-type': 'application/json'}),
				...headers,
			},
			...(json !== undefined && {body: JSON.stringify(json)}),
			...(body !== undefined && {body}),
			redirect: 'manual',
		});
	}

	/** Makes an account, and logs it in. */
	async account(name: string): Promise<string> {
		const made = await this.ask('POST', '/api/v1/auth/register', {json: {name, password: PASSWORD}});
		expect(made.status).toBe(201);
		return this.logIn(name);
	}

	/** Makes an account with a session by another connection to the ledger, in no time: nothing is hashed that is worth it. */
	seat(name: string, role: Role = 'user'): Seat {
		const id = createId('u');
		this.writeLedger(database => {
			database
				.prepare('INSERT INTO accounts (id, name, password, role, created_at) VALUES (?, ?, ?, ?, ?)')
				.run(id, name, CHEAP_HASH, role, Date.now());
		});
		if (role === 'admin') this.addSecondFactor(id);
		return {id, ...this.session(id)};
	}

	/** Gives an account a second factor, as if it had confirmed one: admins do nothing without. */
	addSecondFactor(account: string): void {
		this.writeLedger(database => {
			database
				.prepare('INSERT INTO second_factors (account, secret, created_at, confirmed_at) VALUES (?, ?, ?, ?)')
				.run(account, TOTP_SECRET, Date.now(), Date.now());
		});
	}

	/** Another login of an account. */
	session(account: string): Omit<Seat, 'id'> {
		const [session, token, now] = [createId('t'), createSecret('fps_'), Date.now()];
		this.writeLedger(database => {
			database
				.prepare(
					`INSERT INTO tokens (hash, id, account, kind, name, created_at, expires_at, used_at, used_from)
					VALUES (?, ?, ?, 'session', '', ?, ?, ?, '127.0.0.1')`,
				)
				.run(hashSecret(token), session, account, now, now + this.#options.sessionTtlMs, now);
		});
		return {session, token};
	}

	/** As another process does it. */
	writeLedger(write: (database: DatabaseSync) => void): void {
		const database = new DatabaseSync(`${this.dataFolder}/ledger.db`, {timeout: PATIENT.timeout});
		try {
			write(database);
		} finally {
			database.close();
		}
	}

	/** The first account, which is an admin, with a login from before it had its second factor. */
	async admin(name = 'root'): Promise<string> {
		const {invitation} = this;
		const made = await this.ask('POST', '/api/v1/auth/register', {json: {name, password: PASSWORD, invitation}});
		expect(made.json).toMatchObject({user: {role: 'admin'}});
		const token = await this.logIn(name);
		this.addSecondFactor(made.json.user.id);
		return token;
	}

	async logIn(name: string, password = PASSWORD): Promise<string> {
		const {status, json} = await this.ask('POST', '/api/v1/auth/login', {json: {name, password}});
		expect(status).toBe(200);
		return String(json.token);
	}

	/** @returns The id of the file. */
	async upload(token: string | null, name: string, content: string | Uint8Array): Promise<string> {
		const {status, json} = await this.ask('POST', '/upload', {token, body: formOf([name, content])});
		expect(status).toBe(201);
		return String(json.files[0].file_id);
	}

	/** @returns The id of the task. */
	async run(token: string | null, file_id: string, analyses: readonly string[] = ['transactions']): Promise<string> {
		const {status, json} = await this.ask('POST', '/api/run', {token, json: {file_id, analyses}});
		expect(status).toBe(202);
		return String(json.task_execution_id);
	}

	/** Resolves when a task is in one of these states. */
	async untilTask(token: string | null, id: string, ...states: readonly string[]): Promise<Reply['json']> {
		return vi.waitFor(async () => {
			const {json} = await this.ask('GET', `/api/run/${id}`, {token});
			expect(states).toContain(json.status);
			return json;
		}, PATIENT);
	}
}

export async function replyOf(response: Response): Promise<Reply> {
	const text = await response.text();
	const isJson = /json/.test(response.headers.get('content-type') ?? '');
	// The answer to HEAD has a type, and no body.
	const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
	return {status: response.status, headers: response.headers, text, json};
}

/**
What can be told apart of a reply: all but the time, the name of the request, and the id that was asked for.

@param id - Left out: none was.
*/
export function comparable({status, headers, text}: Reply, id?: string): object {
	const shown = Object.fromEntries(Array.from(headers).filter(([name]) => name !== 'date' && name !== 'x-request-id'));
	const named = id === undefined ? text : text.replaceAll(id, '<id>');
	return {status, headers: shown, text: named.replace(/"request_id":"[^"]*"/, '')};
}

export function formOf(...files: readonly (readonly [name: string, content: string | Uint8Array])[]): FormData {
	const form = new FormData();
	for (const [name, content] of files) form.append('file', new Blob([content as Uint8Array<ArrayBuffer>]), name);
	return form;
}

export async function startTestServer(changes: Partial<ServerOptions> = {}): Promise<TestServer> {
	const options = {...OPTIONS, dataFolder: createTemporaryFolder().at('data'), ...changes};
	mkdirSync(options.dataFolder, {recursive: true});
	const server = new TestServer(await startServer(options), options);
	// Closed once more does no harm.
	onTestFinished(() => server.close().catch(() => {}));
	return server;
}

export const GOOD_FILE = transactionsText(20);

/** Some twenty lines are the same: with more of them it would be taken for a bomb. */
const block = gzipSync(
	Array.from({length: 10_000}, (_, index) => `t${(index - (index % 20)) * 7919},c1,1.25,2024-01-01,food\n`).join(''),
	{level: 9},
);

/** Little to send, and long to read: one block many times over. Whoever uses it cancels it. */
export const ENDLESS_FILE = Buffer.concat([gzipSync(transactionsHeader), ...Array<Buffer>(4000).fill(block)]);
