// The hash of a file is that of its bytes, whichever way it is read.
import {readFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {processBatch} from '../../source/index.ts';
import {hashText} from '../../source/kernel/content-hasher.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {openPool} from '../helpers/open-pool.ts';
import {startReading} from '../helpers/split-reading.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const {hasher} = new Kernel();

function hashOf(path: string): string {
	hasher.begin();
	hasher.take(readFileSync(path), 0);
	return hashText(hasher.end());
}

test('small, large, packed, recoded files and those that are read twice', async () => {
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
		const report = await processBatch([folder.path], {...settings, hashesContent: true, retries: 0});
		expect(report.files.map(({status}) => status)).toEqual(report.files.map(() => 'completed'));
		const found = Object.fromEntries(report.files.map(({file, content_hash}) => [file, content_hash]));
		expect(found).toEqual(Object.fromEntries(report.files.map(({file}) => [file, hashOf(file)])));
	}
});

test('a file that several threads read in ranges', async () => {
	const folder = createTemporaryFolder();
	const path = folder.write('large.csv', transactions(560_000));
	const {files} = await processBatch([path], {threads: 2, hashesContent: true});
	expect(files[0]?.content_hash).toBe(hashOf(path));
});

test('a file that is split is read once, also where it is hashed', async () => {
	const folder = createTemporaryFolder();
	const text = transactions(20_000);
	const path = folder.write('large.csv', text);
	const pool = openPool({threads: 2, onLog: () => {}});
	const task = await startReading(pool, path, text.length, {rangeBytes: 128 * 1024, hashesContent: true});
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
	const hashed = await processBatch([folder.path], {analysis: 'transactions', hashesContent: true});
	expect(hashed.files.map(file => 'content_hash' in file)).toEqual([false, true]);
});
