// A watched folder says of odd files what a run says of them.
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {parseReport, runCommand, transactions, WITHOUT_AMOUNT} from '../helpers/command.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const packed = gzipSync(transactions(3000));
const damaged = Buffer.from(packed);
damaged.writeUInt32LE(0, damaged.length - 8);

const FILES: Readonly<Record<string, string | Uint8Array>> = {
	'good.csv.gz': packed,
	'no-byte.csv.gz': '',
	'one-byte.csv.gz': packed.subarray(0, 1),
	'one-letter.csv.gz': 'x',
	'five-bytes.csv.gz': packed.subarray(0, 5),
	'cut.csv.gz': packed.subarray(0, 500),
	'without-its-end.csv.gz': packed.subarray(0, -1),
	'wrong-sum.csv.gz': damaged,
	'nothing-in-it.csv.gz': gzipSync(''),
	'empty.csv': '',
	'line-end.csv': '\n',
	'header.csv': 'x',
	'all-rejected.csv': transactions(3).replaceAll('1.25', 'x'),
	'without-amount.csv': WITHOUT_AMOUNT,
	'binary.csv': Buffer.from([0, 1, 2, 3, 0, 255]),
	'list.json': '[1, 2, 3]\n',
	'object.json': '{"a": 1,\n "b": 2}\n',
	'lines.json': '{"a": 1}\n{"a": 2}\n',
	'lines.jsonl': '{"a": 1}\n{"a": 3}\n',
};

test('odd files come to the same in a watched folder and in a run that names them', async () => {
	const folder = createTemporaryFolder();
	folder.folder('unprocessed');
	for (const [name, content] of Object.entries(FILES)) {
		folder.write(`named/${name}`, content);
		writeFileSync(folder.at(`unprocessed/${name}`), content);
	}
	const of = (stdout: string) => {
		const {files, totals} = parseReport(stdout);
		const reported = files.map(({file, status, analysis, error, rows, rejected_rows, dialect, result}) => {
			const name = file.replace('named/', '');
			return [name, {status, analysis, error: error?.code, rows, rejected_rows, dialect, result}] as const;
		});
		const {files: count, completed, failed, skipped} = totals;
		return {reported: Object.fromEntries(reported), totals: {count, completed, failed, skipped}};
	};
	const names = Object.keys(FILES).map(name => `named/${name}`);
	const run = await runCommand([...names, '--json'], {cwd: folder.path});
	const watch = await runCommand(['watch', '.', '--once', '--settle', '0.1', '--poll', '0.1', '--json'], {
		cwd: folder.path,
	});
	expect(Object.keys(of(run.stdout).reported).sort()).toEqual(Object.keys(FILES).sort());
	expect(of(watch.stdout)).toEqual(of(run.stdout));
	expect(watch.code).toBe(run.code);
	// And its files say so, too.
	for (const [name, {error}] of Object.entries(of(run.stdout).reported)) {
		const beside = error === undefined ? 'results' : 'failed';
		const ending = error === undefined ? '.json' : '.reason.json';
		const [found = ''] = readdirSync(folder.at(beside)).filter(each => each.endsWith(`__${name}${ending}`));
		const {code} = JSON.parse(readFileSync(join(folder.at(beside), found), 'utf8')) as {code?: string};
		expect(code, name).toBe(error);
	}
});
