// What is said, and who waits, while the log cannot be reached, is slow, or is far ahead.
import {randomBytes} from 'node:crypto';
import pg from 'pg';
import {afterAll, beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest';
import {ServerLedger} from '../../../source/ledger/server-ledger.ts';
import {BEGIN_LOCK} from '../../../source/ledger/shared/log-tables.ts';
import {MEMBER_TIMES, type MemberTimes} from '../../../source/ledger/shared/members.ts';
import {Postgres} from '../../../source/ledger/shared/postgres.ts';
import {PostgresLog} from '../../../source/ledger/shared/postgres-log.ts';
import {fetchSnapshot, newestSnapshot, tidyLog} from '../../../source/ledger/shared/snapshots.ts';
import {CuttingProxy} from '../../helpers/cutting-proxy.ts';
import {PATIENT} from '../../helpers/patient.ts';
import {hasPostgres, type QueueServer, startPostgres} from '../../helpers/queue-servers.ts';
import {dropLog, holdUpCommits, newLog, TestCopy, untilHeldUp} from '../../helpers/shared-copies.ts';
import {createTemporaryFolder} from '../../helpers/temporary-folder.ts';

describe.skipIf(!hasPostgres)('on PostgreSQL', {timeout: 300_000}, () => {
	let server: QueueServer;
	beforeAll(async () => {
		server = await startPostgres();
	});
	afterAll(() => server?.close());

	const connect = (): Postgres => {
		const postgres = new Postgres(pg, {
			address: {url: server.url, shown: 'postgres://test'},
			channels: [],
			onNotice() {},
		});
		onTestFinished(() => postgres.close());
		return postgres;
	};
	const event = (line: string) => ({statement: 'addEvent', values: ['ann', null, line]}) as const;
	const openAt = async (
		url: string,
		path: string,
		said: string[] = [],
		times: MemberTimes = MEMBER_TIMES,
	): Promise<ServerLedger> => {
		const ledger = await ServerLedger.open(path, {
			...{address: {url, shown: 'postgres://test'}, version: '1', times},
			onSaid: sentence => said.push(sentence),
		});
		onTestFinished(() => ledger.close().catch(() => {}));
		return ledger;
	};

	/** One whose connection is lost while the database ends its transaction. */
	async function loseCommit() {
		await dropLog(server.url);
		const proxy = await CuttingProxy.start(server.url);
		const address = new URL(server.url);
		address.port = new URL(proxy.url).port;
		const said: string[] = [];
		const ledger = await openAt(address.href, createTemporaryFolder().at('a.db'), said);
		await holdUpCommits(server.url);
		const lost = ledger.commit(event('lost')).then(
			() => 'written',
			(error: Error) => `${error.constructor.name}: ${error.message}`,
		);
		await untilHeldUp(server.url);
		await proxy.close();
		return {ledger, lost, proxy, said};
	}

	test('a commit that is lost while the database goes away holds up nobody else, and is written where it was', async () => {
		const {ledger, lost, proxy, said} = await loseCommit();
		await vi.waitFor(() => expect(said.join('\n')).toMatch(/cannot be reached/), PATIENT);
		await expect(ledger.commit(event('next'))).rejects.toMatchObject({isAway: true});
		await ledger.catchUp();
		expect(said).toHaveLength(1);
		await proxy.listen();
		expect(await lost).toBe('written');
		await vi.waitFor(() => expect(said.join('\n')).toMatch(/are there again/), PATIENT);
		expect(ledger.all('SELECT line FROM server_events')).toEqual([{line: 'lost'}]);
	});

	test('a server that ends meanwhile does not wait for what has become of it', async () => {
		const {ledger, lost} = await loseCommit();
		ledger.stop();
		expect(await lost).toMatch(/^LedgerError: Whether it was written is not known/);
		await ledger.close();
	});

	test('who was silent for long says that it is there before it writes', async () => {
		await dropLog(server.url);
		const times = {...MEMBER_TIMES, sayMs: 1e9, deadMs: 200};
		const ledger = await openAt(server.url, createTemporaryFolder().at('a.db'), [], times);
		const postgres = connect();
		await vi.waitFor(
			async () => expect(await postgres.ask('SELECT id FROM fileproc.instances')).toHaveLength(1),
			PATIENT,
		);
		await postgres.ask(`UPDATE fileproc.instances SET seen_at = now() - interval '1 hour'`);
		await vi.waitFor(async () => {
			await ledger.commit(event('one'));
			const [row] = await postgres.ask(
				`SELECT seen_at > now() - interval '1 minute' AS is_new FROM fileproc.instances`,
			);
			expect(row?.is_new).toBe(true);
		}, PATIENT);
	});

	test('what comes at once has a bound of bytes, and all of it comes', async () => {
		await newLog(server.url);
		const folder = createTemporaryFolder();
		const [one, other] = [
			await TestCopy.open(folder.at('a.db'), server.url),
			await TestCopy.open(folder.at('b.db'), server.url),
		];
		for (const copy of [one, other]) onTestFinished(() => copy.close());
		// They cannot be packed.
		const large = () => randomBytes(2_500_000).toString('base64');
		for (let line = 0; line < 6; line++) await one.write([[event(large())]], null);
		const log = new PostgresLog(connect(), 'format', 'test');
		const first = await log.read(0);
		expect(first).toMatchObject({entries: [{number: 1}, {number: 2}], isAll: false});
		expect(await log.read(4)).toMatchObject({entries: [{number: 4}, {number: 5}, {number: 6}], isAll: true});
		expect(await log.read(6)).toMatchObject({entries: [{number: 6}], isAll: true});
		// It tries its own behind all of them.
		await other.write([[event('last')]], null);
		await one.catchUp();
		expect(other.place.number).toBe(7);
		expect(other.dump()).toBe(one.dump());
	});

	test('a snapshot is not made anew while an instance begins, and half of one is none', async () => {
		await dropLog(server.url);
		const folder = createTemporaryFolder();
		const ledger = await openAt(server.url, folder.at('a.db'));
		await ledger.commit(event(randomBytes(6_000_000).toString('base64')));
		const [postgres, beginning] = [connect(), connect()];
		const tidy = () => tidyLog(postgres, folder.at('a.db'), folder.at('beside'), {bytes: 1e9, entries: 0});
		await tidy();
		const first = await newestSnapshot(postgres);
		expect(first).toMatchObject({position: 1});
		if (first === null) throw new Error('Expected one');
		expect(first.parts).toBeGreaterThan(1);
		await ledger.commit(event('2'));
		await beginning.begin(`SELECT pg_advisory_xact_lock${BEGIN_LOCK}`);
		await tidy();
		expect(await newestSnapshot(postgres)).toEqual(first);
		await beginning.rollback();
		await tidy();
		expect(await newestSnapshot(postgres)).toMatchObject({position: 2});
		await expect(fetchSnapshot(postgres, first, folder.at('fetched'))).rejects.toThrow(/made anew/);
	});

	test('while a snapshot is made the keeper says that it is there, and ends without it', async () => {
		await dropLog(server.url);
		const folder = createTemporaryFolder();
		const postgres = connect();
		const ledger = await ServerLedger.open(folder.at('a.db'), {
			...{address: {url: server.url, shown: 'postgres://test'}, version: '1', onSaid() {}},
			times: {sayMs: 100, deadMs: 3000, keeperMs: 1500, tidyMs: 100},
			snapshotLimits: {bytes: 1e9, entries: 0},
		});
		onTestFinished(() => ledger.close().catch(() => {}));
		// Somebody has the table, for as long as it takes.
		await postgres.begin('SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE fileproc.snapshots');
		await ledger.commit(event('1'));
		const asking = connect();
		await vi.waitFor(async () => {
			const waiting = await asking.ask(
				`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%fileproc.snapshots%'`,
			);
			expect(waiting).toHaveLength(1);
		}, PATIENT);
		const seenAt = async () =>
			String((await asking.ask('SELECT seen_at::text AS seen_at FROM fileproc.instances'))[0]?.seen_at);
		for (let times = 0; times < 2; times++) {
			const before = await seenAt();
			await vi.waitFor(async () => expect(await seenAt()).not.toBe(before), PATIENT);
		}
		await ledger.commit(event('2'));
		await ledger.close();
		// In order: it has left its place.
		expect(await asking.ask('SELECT id FROM fileproc.instances')).toEqual([]);
		await postgres.rollback();
	});

	test('who has waited for others sees what they wrote, whatever the database has been set to', async () => {
		const set = (level: string) =>
			connect().ask(`ALTER DATABASE postgres SET default_transaction_isolation = '${level}'`);
		await set('serializable');
		onTestFinished(async () => void (await set('read committed')));
		const postgres = connect();
		const [row] = await postgres.begin('SHOW transaction_isolation');
		expect(row).toEqual({transaction_isolation: 'read committed'});
		await postgres.rollback();
	});
});
