// The hash of a file is that of its bytes, whichever way it is read.
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {openLedger, processBatch} from '../../source/index.ts';
import {type ContentHashName, hashText} from '../../source/kernel/content-hash.ts';
import {ContentHasher} from '../../source/kernel/content-hasher.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {Sha256Blocks} from '../../source/kernel/sha256-blocks.ts';
import {toJson} from '../../source/report/json.ts';
import {transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {openPool} from '../helpers/open-pool.ts';
import {startReading} from '../helpers/split-reading.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const hashers = {xxh3: new Kernel().hasher, sha256: new ContentHasher(new Sha256Blocks())};

function hashOf(path: string, hash: ContentHashName): string {
	const hasher = hashers[hash];
	hasher.begin();
	hasher.take(readFileSync(path), 0);
	return hashText(hasher.end());
}

test.each([
	'xxh3',
	'sha256',
] as const)('%s of small, large, packed, recoded files and those that are read twice', async hash => {
	const folder = createTemporaryFolder();
	folder.write('tiny.csv', transactions(3));
	folder.write('other-columns.csv', 'name,city\nAnn,Oslo\nBob,Rome\n');
	folder.write('semicolons.csv', transactions(400).replaceAll(',', ';'));
	folder.write('wide.csv', Buffer.from(transactions(2000), 'utf16le'));
	folder.write('packed.csv.gz', gzipSync(transactions(3000)));
	// The form of its numbers is known at its end only, so it is read once more.
	folder.write('late.csv', `${transactions(3000).replaceAll(',1.25,', ',1,')}T,C,"1,5",2024-01-01,food\n`);
	folder.write('log.txt', 'one line\nand another\n'.repeat(8000));
	folder.write('large.csv', transactions(10_000));
	for (const settings of [{threads: 1}, {threads: 2}, {reader: 'reference', threads: 1}] as const) {
		const report = await processBatch([folder.path], {...settings, hash, retries: 0});
		expect(report.files.map(({status}) => status)).toEqual(report.files.map(() => 'completed'));
		const found = Object.fromEntries(report.files.map(({file, content_hash}) => [file, content_hash]));
		expect(found).toEqual(Object.fromEntries(report.files.map(({file}) => [file, hashOf(file, hash)])));
	}
});

test.each(['xxh3', 'sha256'] as const)('%s of a file that several threads read in ranges', async hash => {
	const folder = createTemporaryFolder();
	const path = folder.write('large.csv', transactions(560_000));
	const {files} = await processBatch([path], {threads: 2, hash});
	expect(files[0]?.content_hash).toBe(hashOf(path, hash));
});

test.each([
	['xxh3', 128 * 1024, 20_000],
	['sha256', 1024 * 1024, 160_000],
] as const)('a file that is split is read once, also where it is hashed by %s', async (hash, rangeBytes, rows) => {
	const folder = createTemporaryFolder();
	const text = transactions(rows);
	const path = folder.write('large.csv', text);
	const pool = openPool({threads: 2, onLog: () => {}});
	const task = await startReading(pool, path, text.length, {rangeBytes, hash});
	const outcome = await task.outcome;
	expect(outcome.type).toBe('completed');
	// Its header is read by each thread, and a little beyond the ranges; all of it once more would be twice as much.
	expect(task.countReads?.()).toBeLessThan(1.5 * text.length);
	await pool.close();
});

test('nothing is hashed unless it is asked for, and a file that failed has no hash', async () => {
	const folder = createTemporaryFolder();
	folder.write('one.csv', transactions(3));
	folder.write('bad.csv', WITHOUT_AMOUNT);
	const plain = await processBatch([folder.path], {analysis: 'transactions'});
	expect(plain.files.map(file => 'content_hash' in file)).toEqual([false, false]);
	const hashed = await processBatch([folder.path], {analysis: 'transactions', hash: 'xxh3'});
	expect(hashed.files.map(file => 'content_hash' in file)).toEqual([false, true]);
});

test('SHA-256 stands in written reports, and XXH3, which a ledger needs, does not', async () => {
	const folder = createTemporaryFolder();
	const path = folder.write('one.csv', transactions(3));
	const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
	const hashed = await processBatch([path], {hash: 'sha256'});
	expect(JSON.parse(toJson(hashed))).toMatchObject({files: [{content_hash: `sha256:${digest}`}]});
	expect(toJson(await processBatch([path], {hash: 'xxh3'}))).not.toContain('content_hash');
});

test('what was hashed in another way is read again, and a run that goes on has the hash that was asked for', async () => {
	const folder = createTemporaryFolder();
	const path = folder.write('one.csv', transactions(30));
	const ledger = folder.at('ledger.db');
	await processBatch([path], {ledger});
	const hashOfRun = async (): Promise<unknown> => {
		const {files} = await processBatch([path], {ledger, resume: true, hash: 'sha256'});
		return files[0]?.source ?? files[0]?.content_hash;
	};
	expect(await hashOfRun()).toBe(hashOf(path, 'sha256'));
	expect(await hashOfRun()).toBe('ledger');
	const saved = openLedger(ledger);
	const [newest] = saved.runs();
	expect(saved.report(newest?.id ?? '')?.files).toMatchObject([
		{content_hash: hashOf(path, 'sha256'), source: 'ledger'},
	]);
	expect(await saved.verify()).toMatchObject([{verdict: 'matched'}]);
	writeFileSync(path, transactions(30).replace('1.25', '1.35'));
	expect(await saved.verify()).toMatchObject([{verdict: 'changed'}]);
	saved.close();
});
