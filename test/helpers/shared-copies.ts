// Copies of a log that is shared through PostgreSQL, in this process, with the faults that may happen to their connections.
import type {DatabaseSync} from 'node:sqlite';
import pg from 'pg';
import {defineChainHash} from '../../source/ledger/audit-chain.ts';
import {type NamedChange, NamedWriter} from '../../source/ledger/named-writer.ts';
import {openToWrite} from '../../source/ledger/open-database.ts';
import {SERVER_STATEMENTS} from '../../source/ledger/server-statements.ts';
import {LOG_TABLES} from '../../source/ledger/shared/log-tables.ts';
import {Postgres} from '../../source/ledger/shared/postgres.ts';
import {PostgresLog} from '../../source/ledger/shared/postgres-log.ts';
import {type Outcome, SharedCopy} from '../../source/ledger/shared/shared-copy.ts';
import {LogAway, type SharedLog} from '../../source/ledger/shared/shared-log.ts';
import {CuttingProxy} from './cutting-proxy.ts';

/** What happens to the next commit: the connection is lost before its entry is sent, before it is ended, or when that has been sent; the process dies when the log has it. */
export type Fault = 'cut-within' | 'cut-before' | 'cut-after' | 'die';

/** How a log is changed by a defect that tests must find. */
export type Defect = (log: SharedLog) => SharedLog;

const NEVER = new Promise<never>(() => {});

/** As before there was any. */
export async function dropLog(url: string): Promise<void> {
	const client = new pg.Client(url);
	await client.connect();
	await client.query('DROP SCHEMA IF EXISTS fileproc CASCADE');
	await client.end();
}

/** Removes what other tests have left in a database, and makes the tables of a log. */
export async function newLog(url: string): Promise<void> {
	const client = new pg.Client(url);
	await client.connect();
	await client.query(`DROP SCHEMA IF EXISTS fileproc CASCADE; ${LOG_TABLES}`);
	await client.query(
		`INSERT INTO fileproc.log (id, secret, format, version) VALUES ('log', 'secret', 'format', 'test')`,
	);
	await client.end();
}

export class TestCopy {
	readonly path: string;
	readonly #proxy: CuttingProxy;
	readonly #url: string;
	readonly #defect: Defect;
	#database!: DatabaseSync;
	#postgres!: Postgres;
	#copy!: SharedCopy;
	#fault: Fault | null = null;
	#died = Promise.withResolvers<null>();
	readonly #stopping = new AbortController();
	/** What others have written, as it was told. */
	readonly applied: NamedChange[] = [];

	static async open(path: string, url: string, defect: Defect = log => log): Promise<TestCopy> {
		const proxy = await CuttingProxy.start(url);
		return new TestCopy(path, proxy, url, defect);
	}

	private constructor(path: string, proxy: CuttingProxy, url: string, defect: Defect) {
		this.path = path;
		this.#proxy = proxy;
		this.#url = url;
		this.#defect = defect;
		this.#start();
	}

	#start(): void {
		this.#database = openToWrite(this.path);
		defineChainHash(this.#database);
		this.#database.exec(
			`INSERT OR IGNORE INTO shared_copy (only_one, log, place, position, entry) VALUES (1, 'log', '', 0, '')`,
		);
		const {port} = new URL(this.#proxy.url);
		const address = new URL(this.#url);
		address.port = port;
		this.#postgres = new Postgres(pg, {
			address: {url: address.href, shown: 'postgres://test'},
			channels: [],
			onNotice() {},
		});
		this.#copy = new SharedCopy({
			database: this.#database,
			writer: new NamedWriter(this.#database, SERVER_STATEMENTS),
			log: this.#defect(this.#faulty(new PostgresLog(this.#postgres, 'format', this.path))),
			onApplied: changes => this.applied.push(...changes),
			onAway() {},
			stopping: this.#stopping.signal,
		});
	}

	#faulty(log: PostgresLog): SharedLog {
		return {
			begin: from => log.begin(from),
			read: from => log.read(from),
			append: async entry => {
				// It is noticed, or not yet, when the entry is sent.
				if (this.#fault === 'cut-within') {
					this.#fault = null;
					this.#proxy.cut();
					await new Promise(resolve => setTimeout(resolve, entry.number % 2 === 0 ? 0 : 20));
				}
				return log.append(entry);
			},
			rollback: () => log.rollback(),
			commit: async () => {
				const fault = this.#fault;
				this.#fault = null;
				if (fault === 'cut-before') this.#proxy.cut();
				if (fault === 'cut-after') this.#proxy.cutAfter(1);
				await log.commit();
				if (fault === 'die') {
					this.#died.resolve(null);
					await NEVER;
				}
			},
		};
	}

	/** @returns `null`: it has died meanwhile, and begun again. */
	async write(commits: readonly (readonly NamedChange[])[], fault: Fault | null): Promise<readonly Outcome[] | null> {
		this.#fault = fault;
		const written = this.#copy.write(commits).catch((error: unknown) => {
			if (error instanceof LogAway) return commits.map(() => error);
			throw error;
		});
		const outcomes = await Promise.race([written, this.#died.promise]);
		if (outcomes !== null) return outcomes;
		// What it had not written down is gone.
		this.#database.close();
		this.#postgres.giveUp();
		this.#died = Promise.withResolvers();
		this.#start();
		return null;
	}

	catchUp(): Promise<void> {
		return this.#copy.catchUp();
	}

	get place() {
		return this.#copy.place;
	}

	dump(): string {
		return dumpOf(this.#database);
	}

	count(sql: string, ...values: readonly string[]): number {
		return Number(this.#database.prepare(sql).get(...values)?.count);
	}

	async close(): Promise<void> {
		this.#stopping.abort();
		if (this.#database.isOpen) this.#database.close();
		await this.#postgres.close();
	}
}

/** All that is in all tables. */
export function dumpOf(database: DatabaseSync): string {
	const tables = database
		.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
		.all()
		.map(({name}) => String(name));
	const rows = tables.map(name => {
		const {wr} = database.prepare('SELECT wr FROM pragma_table_list WHERE name = ?').get(name) ?? {};
		const found = database.prepare(`SELECT ${wr === 1 ? '' : 'rowid AS place, '}* FROM ${name}`).all();
		return `${name}\n${found.map(row => JSON.stringify(row, toText)).join('\n')}`;
	});
	return rows.join('\n');
}

const toText = (_: string, value: unknown): unknown =>
	value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : value;

/** The database takes its time, from now on, for the end of each transaction that writes an entry. */
export async function holdUpCommits(url: string): Promise<void> {
	const client = new pg.Client(url);
	await client.connect();
	await client.query(`
		CREATE FUNCTION fileproc.hold_up() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3); RETURN NULL; END';
		CREATE CONSTRAINT TRIGGER held_up AFTER INSERT ON fileproc.entries DEFERRABLE INITIALLY DEFERRED
			FOR EACH ROW EXECUTE FUNCTION fileproc.hold_up()`);
	await client.end();
}

/** Somebody waits for the end of one. */
export async function untilHeldUp(url: string): Promise<void> {
	const client = new pg.Client(url);
	await client.connect();
	while (
		(await client.query(`SELECT 1 FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'`)).rowCount === 0
	)
		await new Promise(resolve => setTimeout(resolve, 20));
	await client.end();
}
