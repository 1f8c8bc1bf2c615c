// A ledger is made, recognised, brought up to date; what is not one is never touched.
import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import {expect, test} from 'vitest';
import {openToRead, openToWrite} from '../../source/ledger/open-database.ts';
import {APPLICATION_ID, MIGRATIONS} from '../../source/ledger/schema.ts';
import {ServerLedger} from '../../source/ledger/server-ledger.ts';
import {isSqliteRecent, loadSqlite} from '../../source/ledger/sqlite.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

test('a new one is whole, has its marks, and is for its owner alone', () => {
	const folder = createTemporaryFolder();
	const path = folder.at('ledger.db');
	openToWrite(path).close();
	const database = openToRead(path);
	const read = (pragma: string): unknown => Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0];
	expect(['journal_mode', 'application_id', 'user_version', 'integrity_check'].map(read)).toEqual([
		'wal',
		APPLICATION_ID,
		MIGRATIONS.length,
		'ok',
	]);
	database.close();
	// An empty file is as good as none.
	folder.write('empty.db');
	openToWrite(folder.at('empty.db')).close();
	openToRead(folder.at('empty.db')).close();
});

test('a file of anything else stays as it is', () => {
	const folder = createTemporaryFolder();
	const text = folder.write('notes.txt', 'dear diary\n'.repeat(500));
	const foreign = folder.at('foreign.db');
	const database = new DatabaseSync(foreign);
	database.exec('CREATE TABLE plants (name TEXT)');
	database.close();
	const newer = folder.at('newer.db');
	openToWrite(newer).close();
	const newerDatabase = new DatabaseSync(newer);
	newerDatabase.exec('PRAGMA user_version = 99');
	newerDatabase.close();
	mkdirSync(folder.at('folder.db'));
	const reasons = {
		[text]: 'it is something else: name another file',
		[foreign]: 'it is a database of another program: name another file',
		[newer]: 'it is of a newer version of this program: update it, or name another file',
	};
	for (const [path, reason] of Object.entries(reasons)) {
		const before = readFileSync(path);
		for (const open of [openToWrite, openToRead])
			expect(() => open(path).close()).toThrow(`The ledger ${path} cannot be used: ${reason}.`);
		expect(readFileSync(path).equals(before), path).toBe(true);
	}
	expect(() => openToWrite(folder.at('folder.db'))).toThrow(folder.at('folder.db'));
	expect(() => openToWrite(folder.at('missing/ledger.db'))).toThrow('there is no such file or folder');
	expect(() => openToWrite(`${text}/ledger.db`)).toThrow('a part of its path is a file');
});

test('a damaged one is told as such', () => {
	const path = createTemporaryFolder().at('ledger.db');
	openToWrite(path).close();
	const bytes = readFileSync(path);
	writeFileSync(path, bytes.fill(0xff, 100));
	expect(() => openToWrite(path)).toThrow(/^The ledger .* cannot be used: it is damaged/);
});

test('an older one is brought up to date in one step, and a copy of it is kept', () => {
	const folder = createTemporaryFolder();
	const path = folder.at('ledger.db');
	const [first = ''] = MIGRATIONS;
	const old = openToWrite(path, [first]);
	old.exec(
		`INSERT INTO runs (id, started_at, status, folder, paths, settings, process, version) VALUES ('x', 1, 'running', '/', '[]', '{}', '1 ? h', '0')`,
	);
	old.close();
	const next = [
		first,
		'ALTER TABLE runs ADD COLUMN note TEXT; UPDATE runs SET note = id;',
		'CREATE TABLE extra (id TEXT) STRICT;',
	];
	// A step that fails leaves everything as it was.
	expect(() => openToWrite(path, [...next, 'CREATE TABLE extra (id TEXT) STRICT;'])).toThrow('extra');
	const database = openToWrite(path, next);
	expect(database.prepare('SELECT id, note FROM runs').all()).toMatchObject([{id: 'x', note: 'x'}]);
	expect(database.prepare('PRAGMA user_version').get()).toMatchObject({user_version: 3});
	database.close();
	const copies = readdirSync(folder.path).filter(name => name.endsWith('.bak'));
	const copy = openToRead(folder.at(copies.at(-1) ?? expect.fail()), [first]);
	expect(copy.prepare('SELECT * FROM runs').all()).not.toHaveProperty('0.note');
	copy.close();
});

/** SHA-256 of each step that somebody may have applied: a change of tables is a further step. */
const APPLIED_STEPS = [
	'1d2ab3c8f09959ab56b6baa3b3120ce1fe7d640ac6fb0a563b27eedfa4b18a21',
	'7bdddec2ef8d8d691f6f1d99a1d7233974c0e2ef2bf345d0b542f64e2a3b6cd9',
	'b8275a447e5eb3e324938e285b52cb65dc2fff8a4fd0fcae9c4c8378be40b697',
	'b7be3d282593ba1fe0d839e523957e802e4d367c532e50666f3dca86d92ffef6',
	'cc7c82de39c279a167a91f8c9b8863a89be939b06aa37294872bc6deef8c069a',
	'b0e908b81f5240b05bcea3e86500cd453ba730705d76c3b6b63b68ca25a8ceda',
	'bc8bd029d7fa6e37f618aee54af9a1bc3f92ac7be136653e00e655e871b0cfb1',
	'52acfbbe2d830b3b498e1cbf2cdd3025da6940ef32ad6e68e9600868dc0d518d',
];

test('a step that has been applied somewhere is never edited', () => {
	const hashes = MIGRATIONS.map(step => createHash('sha256').update(step).digest('hex'));
	expect(hashes.slice(0, APPLIED_STEPS.length)).toEqual(APPLIED_STEPS);
});

test('a server’s ledger of each earlier version serves on with all that was in it', async () => {
	for (let version = 1; version < MIGRATIONS.length; version++) {
		const folder = createTemporaryFolder();
		const path = folder.at('ledger.db');
		const old = openToWrite(path, MIGRATIONS.slice(0, version));
		old.exec(`INSERT INTO accounts (id, name, password, role, created_at) VALUES ('u_1', 'ann', '', 'user', 1);
			INSERT INTO tokens (hash, id, account, kind, name, scopes, created_at) VALUES (x'01', 't_1', 'u_1', 'api', 'ci', 'read', 1);
			INSERT INTO datasets (id, account, name, source, state, bytes, sha256, received_at) VALUES ('f_1', 'u_1', 'a.csv', 'api', 'stored', 3, x'00', 1);
			INSERT INTO uploads (id, account, bytes, received_bytes, metadata, touched_at) VALUES ('1', 'u_1', 9, 4, '{}', 1);
			INSERT INTO tasks (id, account, dataset, task, analyses, state, created_at) VALUES ('r_1', 'u_1', 1, 'quality', '["quality"]', 'QUEUED', 1);
			INSERT INTO server_events (account, task, line) VALUES ('u_1', 'r_1', '{}')`);
		const dump = (database: DatabaseSync): object =>
			Object.fromEntries(
				['accounts', 'tokens', 'datasets', 'uploads', 'tasks', 'server_events', 'audit'].map(table => [
					table,
					database.prepare(`SELECT * FROM ${table}`).all(),
				]),
			);
		const before = dump(old);
		old.close();
		const ledger = await ServerLedger.open(path);
		await ledger.commit(
			{statement: 'pauseTask', values: ['r_1'], rows: 1},
			{statement: 'resumeTask', values: ['r_1'], rows: 1},
		);
		await ledger.close();
		const database = openToRead(path);
		// Columns may have come, and none has gone.
		expect(dump(database), `version ${version}`).toMatchObject(before);
		expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
		database.close();
		expect(readdirSync(folder.path).filter(name => name.startsWith(`ledger.db.v${version}-`))).toHaveLength(1);
	}
});

test('SQLite that may lose what was committed is refused', () => {
	expect(['3.51.2', '3.50.4', '3.9.0', '2.99.99', null].filter(isSqliteRecent)).toEqual([]);
	expect(['3.51.3', '3.53.4', '3.100.0', '4.0.0'].every(isSqliteRecent)).toBe(true);
	expect(() => loadSqlite('3.50.4')).toThrow(
		/^A ledger needs SQLite 3\.51\.3 or newer, and Node .* has 3\.50\.4: use Node 24\.$/,
	);
});
