import {appendFileSync, utimesSync, writeFileSync} from 'node:fs';
import {crc32, deflateRawSync, gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Plan, PlanEntry} from '../../source/engine/plan/plan.ts';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import {defaultLimits, MAX_ARCHIVE_MEMBERS} from '../../source/engine/shared/limits.ts';
import {openSource} from '../../source/engine/worker/source/open-source.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {createTemporaryFolder, type TemporaryFolder} from '../helpers/temporary-folder.ts';
import {type ZipMember, zipOf} from '../helpers/zip.ts';

const TABLE = 'customer_id,amount,date,category\nC1,5.00,2024-02-29,a\n';

/** Each entry: `a.zip!b.csv`, with what it is unless it is a file to read. */
const listed = ({entries}: Plan, folder: TemporaryFolder): string[] =>
	entries.map(entry => {
		const file = entry.file.replace(`${folder.path}/`, '');
		if (entry.type === 'file') return file;
		return `${file}: ${entry.type === 'skipped' ? entry.kind : entry.error.code}`;
	});

async function planOf(bytes: Buffer, limits = {}): Promise<{plan: Plan; files: string[]; folder: TemporaryFolder}> {
	const folder = createTemporaryFolder();
	const path = folder.write('a.zip', bytes);
	const plan = await planFiles([path], {limits});
	return {plan, files: listed(plan, folder), folder};
}

async function readAll(entry: PlanEntry | undefined, targetBytes = 1000): Promise<string> {
	if (entry?.type !== 'file') throw new Error('Expected a file to read');
	const source = openSource(entry.source);
	try {
		const parts: Buffer[] = [];
		const target = new Uint8Array(targetBytes);
		for (let length = 1; length > 0; ) {
			length = await source.read(target);
			parts.push(Buffer.from(target.subarray(0, length)));
		}
		await source.verify(true);
		expect(source.bytesRead).toBe(entry.bytesTotal);
		expect(source.compression).toBe('zip');
		expect(source.isSeekable).toBe(false);
		return Buffer.concat(parts).toString('latin1');
	} finally {
		source.close();
		source.close();
	}
}

const problemOf = async (bytes: Buffer, limits = {}): Promise<string> => {
	const {plan} = await planOf(bytes, limits);
	const [entry] = plan.entries;
	if (entry?.type !== 'unreadable') throw new Error('Expected that it cannot be read');
	return `${entry.error.code}: ${entry.error.message}`;
};

describe('members', () => {
	const content = fc.oneof(
		fc.uint8Array({maxLength: 3000}),
		fc.constantFrom(Buffer.alloc(70_000, 'ab'), Buffer.alloc(300_000, 'abc')),
	);
	const member = fc.record({content, method: fc.constantFrom(0, 8, 93), isLarge: fc.boolean()});
	const options = fc.record({
		prefix: fc.constantFrom(Buffer.alloc(0), Buffer.from('#!/bin/sh\n')),
		comment: fc.constantFrom('', 'PK\x05\x06 is no end here'),
		isLarge: fc.boolean(),
	});

	test('give what was packed, stored, deflated or as Zstandard, in archives of any form', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(member, {minLength: 1, maxLength: 5}), options, async (members, form) => {
				const {plan} = await planOf(
					zipOf(
						members.map((each, index) => ({...each, name: `${index}.csv`})),
						form,
					),
				);
				for (const [index, entry] of plan.entries.entries())
					expect(await readAll(entry)).toBe(Buffer.from(members[index]?.content ?? []).toString('latin1'));
			}),
			{numRuns: randomCases(40)},
		);
	});

	test('are named by the archive and their own name, and sorted with all other files', async () => {
		const folder = createTemporaryFolder();
		folder.write('a.csv');
		folder.write('b.zip', zipOf([{name: 'z.csv'}, {name: 'dir/'}, {name: 'dir/x.tsv'}, {name: 'l.LOG.GZ'}]));
		folder.write('c.csv');
		const expected = ['a.csv', 'b.zip!dir/x.tsv', 'b.zip!l.LOG.GZ', 'b.zip!z.csv', 'c.csv'];
		for (const path of ['.', '*']) expect(listed(await planFiles([folder.at(path)]), folder)).toEqual(expected);
		folder.link('b.zip', 'link.zip');
		expect(listed(await planFiles([folder.at('link.zip')]), folder)[0]).toBe('link.zip!dir/x.tsv');
		expect(listed(await planFiles([folder.path]), folder)).toContain(
			'link.zip: a link to a file that is processed already',
		);
	});

	test('that are not data are counted, hidden ones are not, and archives and links are skipped', async () => {
		const {plan, files} = await planOf(
			zipOf([
				{name: 'a.csv'},
				{name: 'readme.md'},
				{name: 'dir/b.xlsx'},
				{name: '.hidden.csv'},
				{name: '.git/c.csv'},
				{name: '__MACOSX/._a.csv'},
				{name: 'inner.zip', content: zipOf([{name: 'd.csv'}])},
				{name: 'link.csv', content: 'a.csv', mode: 0o120777},
				{name: 'pipe.csv', mode: 0o010644},
				{name: 'plain.csv', mode: 0o100644},
			]),
		);
		expect(files).toEqual([
			'a.zip!a.csv',
			'a.zip!inner.zip: an archive within an archive',
			'a.zip!link.csv: a link within an archive',
			'a.zip!pipe.csv: not a regular file',
			'a.zip!plain.csv',
		]);
		expect(plan.otherFiles).toEqual({count: 2, extensions: ['.md', '.xlsx']});
	});

	test('have names that are only shown', async () => {
		const unicode = Buffer.concat([Buffer.of(0x75, 0x70, 11, 0, 1, 0, 0, 0, 0), Buffer.from('\u00fc.csv', 'utf8')]);
		const {plan, files} = await planOf(
			zipOf([
				{name: '../evil.csv', content: TABLE},
				{name: '/etc/passwd.csv'},
				{name: 'dir\\b.csv'},
				{name: '\x1b[2Jc.csv'},
				{name: Buffer.from('\x81.csv', 'latin1')},
				{name: Buffer.from('?.csv'), extra: unicode},
				{name: 'ü.csv', flags: 1 << 11},
				{name: 'same.csv'},
				{name: 'same.csv'},
			]),
		);
		expect(files.toSorted()).toEqual(
			[
				'../evil.csv',
				'/etc/passwd.csv',
				'dir\\b.csv',
				'\x1b[2Jc.csv',
				'\\x81.csv',
				'ü.csv',
				'ü.csv',
				'same.csv',
				'same.csv',
			]
				.map(name => `a.zip!${name}`)
				.toSorted(),
		);
		expect(await readAll(plan.entries.find(({file}) => file.endsWith('evil.csv')))).toBe(TABLE);
	});

	test('may be given one by one, whatever they are called', async () => {
		const folder = createTemporaryFolder();
		const path = folder.write(
			'a.zip',
			zipOf([{name: 'a.csv'}, {name: 'dir/b!.csv', content: TABLE}, {name: 'c.dat'}, {name: Buffer.of(0xfc)}]),
		);
		const filesOf = async (...paths: string[]): Promise<string[]> => listed(await planFiles(paths), folder);
		const some = ['a.zip!c.dat', 'a.zip!dir/b!.csv', 'a.zip!none.csv: ENOENT'];
		expect(await filesOf(`${path}!dir/b!.csv`, `${path}!c.dat`, `${path}!c.dat`, `${path}!none.csv`)).toEqual(some);
		expect(await filesOf(`${path}!\\xfc`)).toEqual(['a.zip!\\xfc']);
		expect(await filesOf(`${path}!c.dat`, path)).toEqual(['a.zip!a.csv', 'a.zip!dir/b!.csv']);
		expect(await filesOf(path, `${path}!c.dat`)).toEqual(['a.zip!a.csv', 'a.zip!dir/b!.csv']);
		// A file of that name is one.
		folder.write('a.zip!c.dat');
		expect((await planFiles([`${path}!c.dat`])).entries).toMatchObject([{source: {kind: 'file'}}]);
		expect(await filesOf(folder.at('no.zip!a.csv'))).toEqual([]);
	});

	test('may be packed once more', async () => {
		const packed = gzipSync(TABLE);
		const {plan} = await planOf(zipOf([{name: 'a.csv.gz', content: packed}, {name: 'b.csv.gz'}]));
		expect(await readAll(plan.entries[0])).toBe(TABLE);
		await expect(readAll(plan.entries[1])).rejects.toMatchObject({code: 'CORRUPT_GZIP'});
	});

	test.each([
		['encrypted', {flags: 1}, 'it is encrypted'],
		['packed with bzip2', {method: 12}, 'packed with bzip2'],
		['packed with LZMA', {method: 14}, 'packed with LZMA'],
		['packed in no known way', {method: 77}, 'the unknown method 77'],
	])('that are %s fail by themselves', async (_, how, reason) => {
		const {plan, files} = await planOf(zipOf([{name: 'a.csv', ...how}, {name: 'b.csv'}]));
		expect(files).toEqual(['a.zip!a.csv: UNSUPPORTED_FORMAT', 'a.zip!b.csv']);
		expect(plan.entries[0]).toMatchObject({error: {message: expect.stringContaining(reason)}});
	});
});

/** Where the data of the first member begins, behind its header, its name and a field of seven bytes. */
const FIRST_DATA = 30 + 'a.csv'.length + 7;

// What is large is unpacked as it is read, what is small at once.
describe.each([
	['small', TABLE],
	['large', TABLE.repeat(6000)],
])('a %s member is damaged, and fails by itself', (_size, table) => {
	const reading = async (member: Partial<ZipMember>, change = (bytes: Buffer) => bytes): Promise<string> => {
		const {plan} = await planOf(change(zipOf([{name: 'a.csv', content: table, ...member}, {name: 'b.csv'}])));
		expect(await readAll(plan.entries[1])).toBe('');
		return readAll(plan.entries[0]);
	};

	test.each([0, 8, 93])('where its checksum is another one (method %i)', async method => {
		await expect(reading({method, crc: 1})).rejects.toMatchObject({
			code: 'CORRUPT_ZIP',
			at: {line: null, byteOffset: FIRST_DATA},
			message: expect.stringMatching(/^The checksum of the file is [\da-f]{8}; the list of the archive says 00000001/),
		});
	});

	test.each([-1, 1])('where it is longer or shorter than its list says', async difference => {
		for (const method of [8, 93]) {
			const unpackedBytes = table.length + difference;
			await expect(reading({method, unpackedBytes})).rejects.toMatchObject({
				code: 'CORRUPT_ZIP',
				message: expect.stringContaining(`the list of the archive says ${unpackedBytes}`),
			});
		}
	});

	test('where its data is other than packed data', async () => {
		const overwrite = (bytes: Buffer): Buffer => bytes.fill(0xff, 45, 60);
		await expect(reading({}, overwrite)).rejects.toMatchObject({code: 'CORRUPT_ZIP'});
	});

	test('where something stands behind its packed data', async () => {
		const packed = deflateRawSync(table);
		const member = {name: 'a.csv', content: Buffer.concat([packed, Buffer.from('xy')]), unpackedBytes: table.length};
		const {plan} = await planOf(zipOf([{...member, method: 0, listedMethod: 8, crc: crc32(table)}]));
		await expect(readAll(plan.entries[0], 100_000)).rejects.toMatchObject({
			code: 'CORRUPT_ZIP',
			at: {line: null, byteOffset: FIRST_DATA + packed.length},
			message: expect.stringContaining(`ends after ${packed.length} of ${packed.length + 2} bytes`),
		});
	});

	test.each([
		[7, 'Expected the header'],
		[1_000_000, 'ends behind the end of the archive'],
	])('where it is not at byte %i, where its list says', async (headerOffset, message) => {
		const {plan} = await planOf(zipOf([{name: 'a.csv', content: table, headerOffset}, {name: 'b.csv'}]));
		const [entry] = plan.entries;
		if (entry?.type === 'unreadable')
			expect(entry.error).toMatchObject({code: 'CORRUPT_ZIP', message: expect.stringContaining(message)});
		else
			await expect(readAll(entry)).rejects.toMatchObject({
				code: 'CORRUPT_ZIP',
				message: expect.stringContaining(message),
			});
	});
});

describe('an archive that cannot be read is one failed file', () => {
	const sound = zipOf([
		{name: 'a.csv', content: TABLE},
		{name: 'b.csv', content: TABLE},
	]);

	test('wherever it is cut off', async () => {
		for (let length = 0; length < sound.length; length += 7)
			expect(await problemOf(sound.subarray(0, length)), `cut at ${length}`).toMatch(/^CORRUPT_ZIP: .* it is cut off/);
	});

	test.each([
		['something follows', Buffer.concat([sound, Buffer.from('\n')]), 'something follows it'],
		['it is none', Buffer.from(TABLE), 'is not at the end of its 54 bytes'],
		['it is empty', Buffer.alloc(0), 'is not at the end of its 0 bytes'],
		['it says that it has more files', zipOf([{name: 'a.csv'}], {count: 2}), 'no entry for file 2'],
		['it says that it has fewer files', zipOf([{name: 'a.csv'}, {name: 'b.csv'}], {count: 1}), 'goes on at byte'],
	])('where %s', async (_, bytes, message) => {
		expect(await problemOf(bytes)).toMatch(/^CORRUPT_ZIP/);
		expect(await problemOf(bytes)).toContain(message);
	});

	test('where it is a part of one in several files', async () => {
		const part = Buffer.from(sound);
		part.writeUInt16LE(1, part.length - 18);
		expect(await problemOf(part)).toMatch(/^UNSUPPORTED_FORMAT: .*zip -s 0/);
	});

	test('where it is not there or has no data', async () => {
		expect((await planOf(zipOf([{name: 'a.png'}]))).files).toEqual(['a.zip: an archive without data files']);
		expect((await planOf(zipOf([]))).files).toEqual(['a.zip: an archive without data files']);
		const folder = createTemporaryFolder();
		expect(await planFiles([folder.at('gone.zip')])).toMatchObject({
			entries: [],
			unmatched: [expect.stringContaining('no such file')],
		});
	});
});

describe('a bomb', () => {
	const limits = {maxUnpackedBytes: 1000, maxUnpackRatio: 1_000_000};
	test.each([
		[500, 500, true],
		[501, 500, false],
	])('is what unpacks to more than a limit in all: %i and %i bytes pass: %s', async (first, second, passes) => {
		const bytes = zipOf([
			{name: 'a.csv', content: Buffer.alloc(first)},
			{name: 'b.csv', content: Buffer.alloc(second)},
		]);
		if (passes) expect((await planOf(bytes, limits)).files).toHaveLength(2);
		else expect(await problemOf(bytes, limits)).toMatch(/^SUSPECTED_BOMB: .* would unpack to 1001; /);
	});

	test('is what has more than the ratio past 64 MiB', async () => {
		const members = (each: number) =>
			zipOf([
				{name: 'a.csv', content: 'x'.repeat(99), unpackedBytes: each},
				{name: 'b.csv', unpackedBytes: each},
			]);
		expect((await planOf(members(32 * 2 ** 20))).files).toHaveLength(2);
		expect(await problemOf(members(32 * 2 ** 20 + 1))).toMatch(/^SUSPECTED_BOMB/);
	});

	test('is one whose members share their data', async () => {
		const content = 'x'.repeat(2000);
		const shared = Array.from({length: 4}, (_, index) => ({name: `${index}.csv`, content, method: 0, headerOffset: 0}));
		const bytes = zipOf(shared);
		// Three of the four are taken out, with their headers.
		const one = Buffer.concat([bytes.subarray(0, 30 + 5 + 7 + 2000), bytes.subarray(4 * (30 + 5 + 7 + 2000))]);
		one.writeUInt32LE(30 + 5 + 7 + 2000, one.length - 6);
		expect(await problemOf(one)).toMatch(/^SUSPECTED_BOMB: .* share data/);
	});

	test.each([
		[MAX_ARCHIVE_MEMBERS, 'CORRUPT_ZIP'],
		[MAX_ARCHIVE_MEMBERS + 1, 'SUSPECTED_BOMB'],
	])('is one with too many members: %i', async (count, code) => {
		expect(await problemOf(zipOf([{name: 'a.csv'}], {count, isLarge: true}))).toContain(code);
	});

	test('is noticed while a member is unpacked, whatever the list says', async () => {
		const {plan} = await planOf(zipOf([{name: 'a.csv', content: Buffer.alloc(5000)}]));
		const [entry] = plan.entries;
		if (entry?.type !== 'file') throw new Error('Expected a file');
		const source = openSource(entry.source, {...defaultLimits, maxUnpackedBytes: 4999});
		const readOn = async (): Promise<void> => {
			while ((await source.read(new Uint8Array(6000))) > 0);
		};
		await expect(readOn()).rejects.toMatchObject({code: 'SUSPECTED_BOMB'});
		source.close();
	});
});

describe('an archive that changes', () => {
	const make = async () => {
		const {plan, folder} = await planOf(zipOf([{name: 'a.csv', content: TABLE}]));
		return {entry: plan.entries[0], folder};
	};

	test('after it was listed fails its members', async () => {
		const {entry, folder} = await make();
		folder.awaitTick(folder.at('a.zip'));
		appendFileSync(folder.at('a.zip'), 'x');
		await expect(readAll(entry)).rejects.toMatchObject({code: 'CHANGED_WHILE_READING'});
	});

	test('while a member is read fails that', async () => {
		const {entry, folder} = await make();
		if (entry?.type !== 'file') throw new Error('Expected a file');
		const source = openSource(entry.source);
		await source.read(new Uint8Array(10));
		folder.awaitTick(folder.at('a.zip'));
		utimesSync(folder.at('a.zip'), 1, 1);
		expect(() => source.verify(true)).toThrow('it was written to');
		writeFileSync(folder.at('a.zip'), 'x');
		expect(() => source.verify(true)).toThrow('its size went from');
		source.close();
	});
});
