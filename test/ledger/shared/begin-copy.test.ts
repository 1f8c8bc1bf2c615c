// How an instance begins: with what there was before, what others have, a log that was cut, and one of another version.
import {copyFileSync} from 'node:fs';
import pg from 'pg';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {ServerLedger} from '../../../source/ledger/server-ledger.ts';
import {beginCopy} from '../../../source/ledger/shared/begin-copy.ts';
import {leave, MEMBER_TIMES, sayAndLook} from '../../../source/ledger/shared/members.ts';
import {Postgres} from '../../../source/ledger/shared/postgres.ts';
import {tidyLog} from '../../../source/ledger/shared/snapshots.ts';
import {hasPostgres, type QueueServer, startPostgres} from '../../helpers/queue-servers.ts';
import {dropLog} from '../../helpers/shared-copies.ts';
import {createTemporaryFolder} from '../../helpers/temporary-folder.ts';

const SHOWN = 'postgres://test';

describe.skipIf(!hasPostgres)('on PostgreSQL', {timeout: 300_000}, () => {
	let server: QueueServer;
	beforeAll(async () => {
		server = await startPostgres();
	});
	afterAll(() => server?.close());

	const connect = (): Postgres => {
		const postgres = new Postgres(pg, {address: {url: server.url, shown: SHOWN}, channels: [], onNotice() {}});
		onTestFinished(() => postgres.close());
		return postgres;
	};
	const openAt = async (path: string): Promise<ServerLedger> => {
		const address = {url: server.url, shown: SHOWN};
		const ledger = await ServerLedger.open(path, {address, version: '1', onSaid() {}});
		// Closed once more does no harm.
		onTestFinished(() => ledger.close().catch(() => {}));
		return ledger;
	};
	const event = (line: string) => ({statement: 'addEvent', values: ['ann', null, line]}) as const;
	const linesOf = (ledger: ServerLedger) =>
		ledger.all('SELECT line FROM server_events ORDER BY number').map(({line}) => line);
	const countOf = async (postgres: Postgres, table: string): Promise<number> =>
		Number((await postgres.ask(`SELECT count(*) AS count FROM fileproc.${table}`))[0]?.count);

	test('a server that was alone until now brings what it has, and others begin with it', async () => {
		await dropLog(server.url);
		const folder = createTemporaryFolder();
		const alone = await ServerLedger.open(folder.at('a.db'));
		await alone.commit(event('before'));
		await alone.close();
		await (await openAt(folder.at('a.db'))).close();
		// As if the connection had been lost at the end of that.
		await dropLog(server.url);
		const one = await openAt(folder.at('a.db'));
		const other = await openAt(folder.at('b.db'));
		expect(linesOf(other)).toEqual(['before']);
		await other.commit(event('after'));
		await one.catchUp();
		expect(linesOf(one)).toEqual(['before', 'after']);
		// It is a copy from now on, to which nobody writes alone.
		await one.close();
		await expect(ServerLedger.open(folder.at('a.db'))).rejects.toThrow(
			/copy of what servers share at postgres:\/\/test/,
		);
		expect(linesOf(await openAt(folder.at('a.db')))).toEqual(['before', 'after']);
	});

	test('one with accounts of its own does not join others, nor does a copy of another log', async () => {
		await dropLog(server.url);
		const folder = createTemporaryFolder();
		const alone = await ServerLedger.open(folder.at('own.db'));
		await alone.commit(event('own'));
		await alone.close();
		const one = await openAt(folder.at('a.db'));
		await expect(openAt(folder.at('own.db'))).rejects.toThrow(/accounts or files of its own/);
		await one.commit(event('mine'));
		await one.close();
		await dropLog(server.url);
		await expect(openAt(folder.at('a.db'))).rejects.toThrow(/copy of another log/);
	});

	test('entries that all have are removed, and who comes or was away begins with a snapshot', async () => {
		await dropLog(server.url);
		const folder = createTemporaryFolder();
		const [one, away] = [await openAt(folder.at('a.db')), await openAt(folder.at('away.db'))];
		await one.commit(event('0'));
		await away.catchUp();
		await away.close();
		for (let line = 1; line < 30; line++) await one.commit(event(String(line)));
		const postgres = connect();
		// Another instance, which is at the second entry, still needs those behind it.
		await postgres.ask('UPDATE fileproc.instances SET position = 30');
		await sayAndLook(postgres, {id: 'slow', version: '1', position: 2}, MEMBER_TIMES);
		await tidyLog(postgres, folder.at('a.db'), folder.at('beside'), {bytes: 1e9, entries: 10});
		expect(await countOf(postgres, 'entries')).toBe(29);
		await leave(postgres, 'slow');
		await one.commit(event('30'));
		await sayAndLook(postgres, {id: 'there', version: '1', position: 31}, MEMBER_TIMES);
		await postgres.ask(`DELETE FROM fileproc.instances WHERE id <> 'there'`);
		// Too little has come since.
		await tidyLog(postgres, folder.at('a.db'), folder.at('beside'), {bytes: 1e9, entries: 10});
		expect(await countOf(postgres, 'entries')).toBe(30);
		await tidyLog(postgres, folder.at('a.db'), folder.at('beside'), {bytes: 1e9, entries: 0});
		expect(await countOf(postgres, 'entries')).toBe(1);
		const all = Array.from({length: 31}, (_, line) => String(line));
		for (const name of ['new.db', 'away.db']) {
			const begun = await openAt(folder.at(name));
			expect(linesOf(begun)).toEqual(all);
			await begun.commit();
			await begun.close();
		}
		await one.commit(event('31'));
		expect(linesOf(await openAt(folder.at('last.db')))).toEqual([...all, '31']);
	});

	test('another version waits until nobody is at work, and takes over where all has come', async () => {
		await dropLog(server.url);
		const folder = createTemporaryFolder();
		const one = await openAt(folder.at('a.db'));
		await one.commit(event('1'));
		copyAll(folder.at('a.db'), folder.at('early.db'));
		await one.commit(event('2'));
		const begin = (name: string) =>
			beginCopy(connect(), {path: folder.at(name), version: '2', shown: SHOWN, format: 'newer'});
		// As it says itself after a moment.
		await sayAndLook(connect(), {id: 'one', version: '1', position: 2}, MEMBER_TIMES);
		await expect(begin('a.db')).rejects.toThrow(/instances of version 1 are at work there, and this is version 2/);
		await expect(one.commit(event('3'))).resolves.toBeUndefined();
		await one.close();
		await connect().ask('DELETE FROM fileproc.instances');
		await expect(begin('early.db')).rejects.toThrow(/expected a copy at entry 3 in --data, but there is one at 1/);
		await expect(begin('none.db')).rejects.toThrow(/but there is none/);
		await begin('a.db');
		await begin('none.db');
		// The old version is told so.
		await expect(openAt(folder.at('early.db'))).rejects.toThrow(/expected a copy at entry 3/);
	});
});

/** As it is on the disk now. */
function copyAll(path: string, target: string): void {
	for (const ending of ['', '-wal']) copyFileSync(path + ending, target + ending);
}
