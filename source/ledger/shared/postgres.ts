// One connection to PostgreSQL, made again when it is lost. After an error it is never known how far the other side is, so then it is given up.
import {Socket} from 'node:net';
import type pg from 'pg';
import {type SecretAddress, withoutPassword} from '../../text/secret-address.ts';
import {messageOf} from '../../text/system-error.ts';
import {LogAway, LogFault} from './shared-log.ts';

export type PgModule = typeof pg;
type Row = Record<string, unknown>;

export interface PostgresOptions {
	readonly address: SecretAddress;
	/** Called with the channel and the payload of what another one has notified of. */
	readonly onNotice: (channel: string, payload: string) => void;
	readonly channels: readonly string[];
}

/** Somebody waits for each answer. */
const ANSWER_MS = 10_000;
/** Another instance may be frozen while it writes: then the database ends its transaction. */
const IDLE_MS = 5000;
const LOCK_MS = 7000;
const SMALLEST_VERSION = 130_000;

const SESSION = `SET synchronous_commit = on; SET lock_timeout = ${LOCK_MS}; SET statement_timeout = ${ANSWER_MS};
	SET idle_in_transaction_session_timeout = ${IDLE_MS}; SET client_min_messages = warning`;

export class Postgres {
	readonly #options: PostgresOptions;
	readonly #pg: PgModule;
	#client: pg.Client | null = null;
	/** One that was lost is no transaction any more on another connection: nothing goes there until it is rolled back. */
	#transaction: 'none' | 'open' | 'lost' = 'none';
	#connecting: Promise<pg.Client> | null = null;
	#isEnded = false;

	constructor(module: PgModule, options: PostgresOptions) {
		this.#pg = module;
		this.#options = options;
	}

	get isConnected(): boolean {
		return this.#client !== null;
	}

	/** @returns The rows of the last statement. @throws {LogAway} */
	async ask(sql: string, values?: readonly unknown[]): Promise<readonly Row[]> {
		const found = await this.#query(sql, values);
		return (Array.isArray(found) ? (found.at(-1) as pg.QueryResult) : found).rows as readonly Row[];
	}

	/** Begins a transaction. @param more - Further statements. @returns As `ask`. @throws {LogAway} */
	async begin(more: string): Promise<readonly Row[]> {
		this.#transaction = 'none';
		// Who has waited for a lock must see what was written meanwhile, whatever the database has been set to.
		const rows = await this.ask(`BEGIN ISOLATION LEVEL READ COMMITTED; ${more}`);
		if (this.#client === null) throw this.#away('the connection was lost');
		this.#transaction = 'open';
		return rows;
	}

	/** @throws {LogAway} Then there is none any more, either. */
	async rollback(): Promise<void> {
		const wasOpen = this.#transaction === 'open';
		this.#transaction = 'none';
		if (wasOpen) await this.ask('ROLLBACK');
	}

	/** Ends a transaction. @throws {LogAway} Where it may not have been written. */
	async commit(): Promise<void> {
		const {command} = (await this.#query('COMMIT')) as pg.QueryResult;
		this.#transaction = 'none';
		// Of a transaction that has failed before.
		if (command !== 'COMMIT') throw this.#away(`it has answered ${command}`);
	}

	/** What was under way is rolled back there. */
	giveUp(): void {
		const client = this.#client;
		this.#client = null;
		if (this.#transaction === 'open') this.#transaction = 'lost';
		if (client !== null) socketOf(client).destroy();
	}

	/** For good: what is asked from now on fails. */
	end(): void {
		this.#isEnded = true;
		this.giveUp();
	}

	/** When all that was asked has been answered. */
	async close(): Promise<void> {
		const client = this.#client;
		this.#client = null;
		await client?.end().catch(() => {});
	}

	async #query(sql: string, values?: readonly unknown[]): Promise<pg.QueryResult | pg.QueryResult[]> {
		if (this.#transaction === 'lost') throw this.#away('the connection was lost');
		const client = await this.#connected();
		if (this.#isEnded) {
			this.giveUp();
			throw this.#away('the server ends');
		}
		try {
			return await (values === undefined ? client.query(sql) : client.query(sql, [...values]));
		} catch (error) {
			if (this.#client === client) this.giveUp();
			throw this.#away(messageOf(error));
		}
	}

	#away(reason: string): LogAway {
		return new LogAway(withoutPassword(reason, this.#options.address).replace(/\.$/, ''));
	}

	#connected(): Promise<pg.Client> {
		if (this.#client !== null) return Promise.resolve(this.#client);
		this.#connecting ??= this.#connect().finally(() => {
			this.#connecting = null;
		});
		return this.#connecting;
	}

	async #connect(): Promise<pg.Client> {
		const {address, onNotice, channels} = this.#options;
		const socket = new Socket();
		const client = new this.#pg.Client({
			connectionString: address.url,
			connectionTimeoutMillis: ANSWER_MS,
			query_timeout: ANSWER_MS,
			keepAlive: true,
			application_name: 'fileproc-tui',
			stream: () => socket,
		});
		sockets.set(client, socket);
		client.on('error', () => {
			if (this.#client === client) this.giveUp();
		});
		client.on('end', () => {
			if (this.#client === client) this.giveUp();
		});
		client.on('notification', ({channel, payload = ''}) => onNotice(channel, payload));
		try {
			await client.connect();
			const {rows} = await client.query<{version: string}>(`SELECT current_setting('server_version_num') AS version`);
			const version = Number(rows[0]?.version);
			if (version < SMALLEST_VERSION)
				throw new LogFault(
					`PostgreSQL there is version ${Math.floor(version / 10_000)}: expected ${SMALLEST_VERSION / 10_000} or newer`,
				);
			await client.query(`${SESSION}; ${channels.map(channel => `LISTEN ${channel}`).join('; ')}`);
		} catch (error) {
			socket.destroy();
			throw error instanceof LogFault ? error : this.#away(messageOf(error));
		}
		this.#client = client;
		return client;
	}
}

/** By which a connection is ended that does not answer. */
const sockets = new WeakMap<pg.Client, Socket>();
const socketOf = (client: pg.Client): Socket => sockets.get(client) ?? new Socket();
