import {randomBytes} from 'node:crypto';
import {appendFileSync} from 'node:fs';
import {brotliCompressSync, gzipSync, zstdCompressSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Plan, PlanEntry} from '../../source/engine/plan/plan.ts';
import {planFiles} from '../../source/engine/plan/plan-files.ts';
import {AbortedError} from '../../source/engine/shared/shared-progress.ts';
import {processSource} from '../../source/engine/worker/process-source.ts';
import {openSource} from '../../source/engine/worker/source/open-source.ts';
import {readSmallMember, unpackSmallMember} from '../../source/engine/worker/source/small-member.ts';
import {folds} from '../helpers/fold-bytes.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {TAR_END, type TarMember, tarOf} from '../helpers/tar.ts';
import {createTemporaryFolder, type TemporaryFolder} from '../helpers/temporary-folder.ts';
import {zipOf} from '../helpers/zip.ts';

const packings = [
	['a.tar', (bytes: Buffer) => bytes, 'tar'],
	['a.tar.gz', gzipSync, 'tar.gz'],
	['a.tgz', gzipSync, 'tar.gz'],
	['a.tar.zst', zstdCompressSync, 'tar.zst'],
	['a.tar.br', brotliCompressSync, 'tar.br'],
] as const;

const listed = ({entries}: Plan, folder: TemporaryFolder): string[] =>
	entries.map(entry => {
		const file = entry.file.replace(`${folder.path}/`, '');
		if (entry.type === 'file') return file;
		return `${file}: ${entry.type === 'skipped' ? entry.kind : entry.error.code}`;
	});

async function planOf(bytes: Uint8Array, name = 'a.tar', limits = {}) {
	const folder = createTemporaryFolder();
	const path = folder.write(name, bytes);
	const plan = await planFiles([path], {limits});
	return {plan, files: listed(plan, folder), folder, path};
}

const problemOf = async (bytes: Uint8Array, name?: string, limits = {}): Promise<string> => {
	const [entry] = (await planOf(bytes, name, limits)).plan.entries;
	if (entry?.type !== 'unreadable') throw new Error('Expected that it cannot be read');
	return `${entry.error.code}: ${entry.error.message}`;
};

/** @param wantedBytes - Closed after so many. */
async function readMember(entry: PlanEntry | undefined, wantedBytes = Number.POSITIVE_INFINITY): Promise<string> {
	if (entry?.type !== 'file') throw new Error('Expected a file to read');
	const source = openSource(entry.source);
	try {
		let text = '';
		const target = new Uint8Array(700);
		for (let length = 1; length > 0 && text.length < wantedBytes; ) {
			length = await source.read(target);
			text += Buffer.from(target.subarray(0, length)).toString('latin1');
		}
		if (text.length < wantedBytes) expect(source.bytesRead).toBe(entry.bytesTotal);
		await source.verify(true);
		return text;
	} finally {
		source.close();
		source.close();
	}
}

/** As the fast path of small files has it. */
async function readAtOnce(entry: PlanEntry | undefined): Promise<string> {
	if (entry?.type !== 'file' || entry.source.kind !== 'member') throw new Error('Expected a member to read');
	await unpackSmallMember(entry.source, readDefaults.limits, () => {});
	const data = readSmallMember(entry.source)?.data ?? new Uint8Array(0);
	return Buffer.from(data).toString('latin1');
}

describe('members', () => {
	const member = fc.record({
		content: fc.uint8Array({maxLength: 2000}),
		form: fc.constantFrom('ustar' as const, 'gnu' as const, 'pax' as const, 'base-256' as const),
	});
	/** Which is read next, whether to its end, and whether it is unpacked as a whole before. */
	const step = fc.tuple(fc.nat({max: 9}), fc.boolean(), fc.boolean());

	test.each(packings)('of %s give what was stored, in any order and however far each is read', async (name, pack) => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(member, {minLength: 1, maxLength: 5}),
				fc.array(step, {minLength: 1, maxLength: 6}),
				async (members, steps) => {
					const tar = tarOf(members.map((each, index) => ({...each, name: `${index}.csv`})));
					const {plan} = await planOf(pack(tar), name);
					expect(plan.entries).toHaveLength(members.length);
					for (const [place, isWhole, isUnpacked] of steps) {
						const index = place % members.length;
						const expected = Buffer.from(members[index]?.content ?? []).toString('latin1');
						const entry = plan.entries[index];
						if (isUnpacked) expect(await readAtOnce(entry)).toBe(expected);
						const text = await readMember(entry, isWhole ? undefined : 1);
						if (isWhole) expect(text).toBe(expected);
						else expect(expected.startsWith(text)).toBe(true);
					}
				},
			),
			{numRuns: randomCases(15)},
		);
	});

	test.each(packings)('of %s are named and told apart', async (name, pack, compression) => {
		const longName = `${'folder/'.repeat(20)}b.csv`;
		const members: TarMember[] = [
			{name: 'a.csv', content: 'a,b\n1,2\n'},
			{name: longName},
			{name: longName.replace('b.csv', 'c.csv'), form: 'gnu'},
			{name: longName.replace('b.csv', 'd.csv'), form: 'pax', content: 'x'},
			{name: '../evil.csv'},
			{name: Buffer.from('\xfc.csv', 'latin1')},
			{name: 'folder/', type: '5'},
			{name: 'old/'},
			{name: 'link.csv', type: '2'},
			{name: 'hard.csv', type: '1'},
			{name: 'fifo.csv', type: '6'},
			{name: 'sparse.csv', type: 'S'},
			{name: 'sparse2.csv', pax: {'GNU.sparse.major': '1'}},
			{name: 'comment.csv', pax: {comment: 'a = b\n'}},
			{name: '._a.csv'},
			{name: 'readme.md', content: 'x'.repeat(600)},
			{name: 'inner.zip', content: zipOf([])},
			{name: 'z.csv', type: '\0', content: 'last'},
		];
		const {plan, files} = await planOf(pack(tarOf(members)), name);
		expect(files.map(file => file.slice(`${name}!`.length)).toSorted()).toEqual(
			[
				'a.csv',
				longName,
				longName.replace('b.csv', 'c.csv'),
				longName.replace('b.csv', 'd.csv'),
				'../evil.csv',
				'\\xfc.csv',
				'link.csv: a link within an archive',
				'hard.csv: a link within an archive',
				'fifo.csv: not a regular file',
				'sparse.csv: UNSUPPORTED_FORMAT',
				'sparse2.csv: UNSUPPORTED_FORMAT',
				'comment.csv',
				'inner.zip: an archive within an archive',
				'z.csv',
			].toSorted(),
		);
		expect(plan.otherFiles).toEqual({count: 1, extensions: ['.md']});
		const last = plan.entries.find(({file}) => file.endsWith('!z.csv'));
		expect(await readMember(last)).toBe('last');
		if (last?.type !== 'file') throw new Error('Expected a file');
		const source = openSource(last.source);
		expect([source.compression, source.isSeekable, source.size]).toEqual([compression, false, 4]);
		source.close();
	});
});

describe('an archive that cannot be read is one failed file', () => {
	const sound = tarOf([
		{name: 'a.csv', content: 'x'.repeat(700)},
		{name: 'b.csv', content: 'y'.repeat(20), form: 'pax'},
	]);
	const withoutEnd = sound.length - TAR_END.length;

	test('wherever it is cut off', async () => {
		for (let length = 0; length < withoutEnd; length += 256)
			expect(await problemOf(sound.subarray(0, length)), `cut at ${length}`).toMatch(
				new RegExp(`^CORRUPT_TAR: .* it is cut off.* at byte ${length}\\.`),
			);
		expect((await planOf(sound.subarray(0, withoutEnd + 512))).files).toHaveLength(2);
	});

	test.each([
		['text', Buffer.from('customer_id,amount\n'.repeat(100)), 'expected the header of a file at byte 0'],
		['a changed header', Buffer.from(sound).fill('z', 0, 1), 'expected the header of a file at byte 0'],
		['something behind it', Buffer.concat([sound, sound]), `behind its end, at byte ${sound.length}`],
		['a size that leads too far', tarOf([{name: 'a.csv', size: 1e9}]), 'it is cut off'],
		['a damaged pax header', tarOf([{name: 'a', type: 'x', content: 'nonsense'}]), 'pax header at byte 0 is damaged'],
		['a huge pax header', tarOf([{name: 'a', type: 'x', size: 2e6}]), 'says that it has 2000000 bytes'],
	])('%s', async (_, bytes, message) => {
		for (const [name, pack] of packings) {
			expect(await problemOf(pack(bytes), name)).toMatch(/^CORRUPT_TAR: The archive cannot be read: /);
			expect(await problemOf(pack(bytes), name)).toContain(message);
		}
	});

	test('where what it is packed with is damaged, wherever that is', async () => {
		const packed = gzipSync(sound);
		expect(await problemOf(packed.subarray(0, -4), 'a.tar.gz')).toMatch(/^CORRUPT_GZIP: .*cut off/);
		expect(await problemOf(Buffer.concat([packed, Buffer.from('x')]), 'a.tgz')).toMatch(/^CORRUPT_GZIP/);
	});

	test('where it would unpack to too much', async () => {
		const limits = {maxUnpackedBytes: sound.length - 1};
		expect(await problemOf(gzipSync(sound), 'a.tgz', limits)).toMatch(/^SUSPECTED_BOMB/);
		// Nothing is unpacked of a plain one.
		expect((await planOf(sound, 'a.tar', limits)).files).toHaveLength(2);
	});
});

test.each(packings)('%s that changes after it was listed fails its members', async (name, pack) => {
	const {plan, folder, path} = await planOf(pack(tarOf([{name: 'a.csv', content: 'a\n1\n'}])), name);
	folder.awaitTick(path);
	appendFileSync(path, 'x');
	const read = async (): Promise<string> => readMember(plan.entries[0]);
	expect(await readAtOnce(plan.entries[0])).toBe('');
	await expect(read()).rejects.toMatchObject({code: 'CHANGED_WHILE_READING'});
});

test('a member is given up while what stands in front of it is unpacked', async () => {
	const {plan} = await planOf(
		gzipSync(
			tarOf([
				{name: 'a.csv', content: randomBytes(3 * 1024 * 1024)},
				{name: 'b.csv', content: 'amount\n1\n'},
			]),
		),
		'a.tar.gz',
	);
	const entry = plan.entries[1];
	if (entry?.type !== 'file') throw new Error('Expected a file to read');
	let looks = 0;
	const reply = await processSource(
		{location: entry.source, settings: readDefaults, chooseFold: async () => folds.kernel, take: () => []},
		{
			progress: {write() {}, sleep() {}},
			checkpoint() {
				if (++looks === 5) throw new AbortedError();
			},
			postSnapshot() {},
		},
	);
	expect(reply).toEqual({type: 'aborted'});
	expect(await readMember(entry)).toBe('amount\n1\n');
});
