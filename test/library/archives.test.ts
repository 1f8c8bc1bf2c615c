// A run of an archive gives what a run of its files gives.
import {gzipSync, zstdCompressSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {processBatch, type Report} from '../../source/index.ts';
import {tarOf} from '../helpers/tar.ts';
import {createTemporaryFolder, transactionsHeader, transactionsText} from '../helpers/temporary-folder.ts';
import {zipOf} from '../helpers/zip.ts';

const large = transactionsText(10_000);

const contents: Readonly<Record<string, string | Uint8Array>> = {
	'bad.csv': `${transactionsHeader}t1,c1,oops,2024-01-03,food\nt2,c2,5.00,2024-01-03,caf\u00e9\n`,
	'dir/columns.csv': 'a,b\n1,2\n',
	'empty.csv': '',
	'large.csv': large,
	'latin.csv': Buffer.from(`${transactionsHeader}t1,c1,5.00,2024-01-03,caf\u00e9\n`, 'latin1'),
	'notes.txt': 'one line\nanother line\n',
	'packed.csv.gz': gzipSync(transactionsText(5)),
	'quote.csv': `${transactionsHeader}t1,c1,5.00,2024-01-03,"food\n`,
	...Object.fromEntries(Array.from({length: 30}, (_, index) => [`small/${index}.csv`, transactionsText(index + 1)])),
};

/** All but times, and how files are named and packed. */
function comparable({files, analyses, totals}: Report, prefix: string): unknown {
	const plain = {
		files: files.map(({file, bytes, processing_time, dialect, ...rest}) => ({
			...rest,
			file: file.replace(prefix, ''),
			dialect: dialect === null ? null : {...dialect, compression: null},
		})),
		analyses,
		totals: {...totals, bytes: 0, processing_time: 0},
	};
	return JSON.parse(JSON.stringify(plain));
}

type Pack = (members: readonly {readonly name: string; readonly content: string | Uint8Array}[]) => Buffer;

const archives: readonly (readonly [string, Pack])[] = [
	['stored.zip', members => zipOf(members.map(member => ({...member, method: 0})))],
	['deflated.zip', members => zipOf(members)],
	['zstd.zip', members => zipOf(members.map(member => ({...member, method: 93})))],
	['plain.tar', members => tarOf(members)],
	['a.tar.gz', members => gzipSync(tarOf(members.toReversed()))],
	['a.tar.zst', members => zstdCompressSync(tarOf(members))],
];

async function readPlain(): Promise<unknown> {
	const folder = createTemporaryFolder();
	for (const [file, content] of Object.entries(contents)) folder.write(`plain/${file}`, content);
	return comparable(await processBatch([folder.at('plain')], {threads: 2}), `${folder.at('plain')}/`);
}
let plain: Promise<unknown> | null = null;

test.each(archives)('the files of %s are read as files are', async (name, pack) => {
	const folder = createTemporaryFolder();
	plain ??= readPlain();
	const ofFiles = await plain;
	const archive = folder.write(name, pack(Object.entries(contents).map(([file, content]) => ({name: file, content}))));
	for (const threads of [1, 3]) {
		const ofMembers = await processBatch([archive], {threads, concurrency: 3});
		expect(comparable(ofMembers, `${archive}!`)).toEqual(ofFiles);
		const completed = ofMembers.files.filter(({status}) => status === 'completed');
		const compression = /zip$|tar.*/.exec(name)?.[0];
		for (const {dialect} of completed) expect(dialect?.compression).toBe(compression);
	}
});
