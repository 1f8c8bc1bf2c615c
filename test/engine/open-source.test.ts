import {
	appendFileSync,
	linkSync,
	readdirSync,
	renameSync,
	rmSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {chmod} from 'node:fs/promises';
import {gzipSync} from 'node:zlib';
import {describe, expect, onTestFinished, test} from 'vitest';
import {toErrorReport} from '../../source/engine/shared/errors.ts';
import {type OpenSource, openSource} from '../../source/engine/worker/source/open-source.ts';
import {createTemporaryFolder, type TemporaryFolder} from '../helpers/temporary-folder.ts';

const open = (path: string | Uint8Array): OpenSource => {
	const source = openSource({kind: 'file', path});
	onTestFinished(() => {
		source.close();
	});
	return source;
};

/** The rest of a source. */
async function readRest(source: OpenSource, chunkBytes = 1000): Promise<string> {
	const parts: Uint8Array[] = [];
	const chunk = new Uint8Array(chunkBytes);
	for (;;) {
		const length = await source.read(chunk);
		if (length === 0) return Buffer.concat(parts).toString('latin1');
		parts.push(chunk.slice(0, length));
	}
}

/** A file that was written long ago: the clock of a file system is too coarse to tell two writes within its tick apart. */
function oldFile(folder: TemporaryFolder, name: string, content: string | Uint8Array): string {
	const path = folder.write(name, content);
	utimesSync(path, new Date('2020-01-01'), new Date('2020-01-01'));
	folder.awaitTick(path);
	return path;
}

test('a file is read as it is, chunk by chunk', async () => {
	const path = createTemporaryFolder().write('a.csv', 'id,amount\n1,2\n');
	for (const chunkBytes of [1, 7, 1000]) {
		const source = open(path);
		expect(await readRest(source, chunkBytes)).toBe('id,amount\n1,2\n');
		expect(source).toMatchObject({bytesRead: 14, compression: null});
		source.verify(true);
		source.verify(false);
	}
});

test.each(['a.csv.gz', 'A.GZ'])('an empty file named %s is no gzip, and it is said what to do', async name => {
	const source = open(createTemporaryFolder().write(name));
	const failure = await Promise.resolve()
		.then(() => source.read(new Uint8Array(1000)))
		.catch((error: unknown) => error);
	expect(failure).toMatchObject({
		code: 'CORRUPT_GZIP',
		message: expect.stringMatching(/^The file is empty, .* Fetch it/),
	});
});

test('an empty file has no bytes', async () => {
	const source = open(createTemporaryFolder().write('empty.csv'));
	expect(await readRest(source)).toBe('');
	source.verify(true);
});

test('a file whose name is no UTF-8 is opened by its bytes', async () => {
	const path = createTemporaryFolder().writeBytesName(Buffer.from('a\xff.csv', 'latin1'), 'content');
	expect(await readRest(open(new Uint8Array(path)))).toBe('content');
});

test('a file is unpacked because of its content, whatever its name is', async () => {
	const folder = createTemporaryFolder();
	const packed = gzipSync('id,amount\n1,2\n');
	for (const name of ['a.csv', 'a.csv.gz', 'a']) {
		const source = open(folder.write(name, packed));
		expect(await readRest(source, 5)).toBe('id,amount\n1,2\n');
		expect(source.compression).toBe('gzip');
		expect(source.bytesRead).toBe(packed.length);
		source.verify(true);
	}
	const plain = open(folder.write('plain.csv.gz', 'id,amount\n1,2\n'));
	expect(await readRest(plain)).toBe('id,amount\n1,2\n');
	expect(plain.compression).toBeNull();
});

test('a packed file with padding counts as read in full', async () => {
	const source = open(createTemporaryFolder().write('a.gz', Buffer.concat([gzipSync('x'), Buffer.alloc(300_000)])));
	expect(await readRest(source)).toBe('x');
	source.verify(true);
});

describe('a file that changes while it is read', () => {
	const content = 'id,amount\n1,200\n2,300\n';
	const changed = {name: 'InputError', code: 'CHANGED_WHILE_READING'};
	const changes: ReadonlyArray<readonly [string, (path: string) => void, string]> = [
		['is truncated', path => truncateSync(path, 12), 'its size went from 22 to 12 bytes'],
		['is emptied', path => truncateSync(path, 0), 'its size went from 22 to 0 bytes'],
		['is appended to', path => appendFileSync(path, '3,400\n'), 'its size went from 22 to 28 bytes'],
		['is overwritten in place', path => writeFileSync(path, content.replaceAll('0', '9')), 'it was written to'],
		[
			'is overwritten in place and its time set back',
			path => {
				writeFileSync(path, content.replaceAll('0', '9'));
				utimesSync(path, new Date('2020-01-01'), new Date('2020-01-01'));
			},
			'its time was set back',
		],
		['gets another name', path => linkSync(path, `${path}.link`), 'name or links were changed'],
		[
			'is replaced by another of its size',
			path => {
				writeFileSync(`${path}.new`, content);
				utimesSync(`${path}.new`, new Date('2020-01-01'), new Date('2020-01-01'));
				renameSync(`${path}.new`, path);
			},
			'another file has taken its place',
		],
	];

	test.each(changes)('is told when it %s in the middle', async (_, change, reason) => {
		const path = oldFile(createTemporaryFolder(), 'a.csv', content);
		const source = open(path);
		await source.read(new Uint8Array(15));
		change(path);
		await readRest(source);
		expect(() => source.verify(true)).toThrow(expect.objectContaining(changed));
		expect(() => source.verify(true)).toThrow(reason);
		expect(() => source.verify(false)).toThrow(reason);
	});
	test.each(changes)('is told when it %s before its first byte is read', async (_, change, reason) => {
		const path = oldFile(createTemporaryFolder(), 'a.csv', content);
		const source = open(path);
		change(path);
		await readRest(source);
		expect(() => source.verify(true)).toThrow(reason);
	});

	test.each(changes)('is told when it %s after its last byte is read', async (_, change, reason) => {
		const path = oldFile(createTemporaryFolder(), 'a.csv', content);
		const source = open(path);
		await readRest(source);
		change(path);
		expect(() => source.verify(true)).toThrow(reason);
	});

	test('is told when it is packed', async () => {
		const path = oldFile(createTemporaryFolder(), 'a.csv.gz', gzipSync(content));
		const source = open(path);
		await source.read(new Uint8Array(5));
		appendFileSync(path, gzipSync('3,400\n'));
		// It may look damaged now; whoever meets a fault asks whether a change explains it.
		await readRest(source).catch(() => {});
		expect(() => source.verify(false)).toThrow(expect.objectContaining(changed));
		expect(() => source.verify(true)).toThrow(expect.objectContaining(changed));
	});

	test('has a name for it when it is gone', async () => {
		const path = oldFile(createTemporaryFolder(), 'a.csv', content);
		const source = open(path);
		await readRest(source);
		rmSync(path);
		expect(() => source.verify(true)).toThrow(expect.objectContaining({code: 'ENOENT', syscall: 'stat'}));
	});

	test('may be read by others', async () => {
		const path = oldFile(createTemporaryFolder(), 'a.csv', content);
		const source = open(path);
		await readRest(open(path));
		await readRest(source);
		source.verify(true);
	});
});

test('a file that was not read to its end is never a success', async () => {
	const source = open(createTemporaryFolder().write('a.csv', 'id,amount\n'));
	await source.read(new Uint8Array(4));
	expect(() => source.verify(true)).toThrow('4 bytes could be read of 10');
	source.verify(false);
});

describe('what cannot be opened says why', () => {
	const codeOf = (path: string): string => {
		try {
			openSource({kind: 'file', path}).close();
			return 'opened';
		} catch (error) {
			return toErrorReport(error).code;
		}
	};

	test('a missing file, a folder, a FIFO, a device, a circle of links, a path behind a file, too long a name', () => {
		const folder = createTemporaryFolder();
		folder.link('two', 'one');
		folder.link('one', 'two');
		folder.link('gone', 'dangling');
		folder.write('a.csv');
		const openBefore = readdirSync('/proc/self/fd').length;
		const paths = ['gone.csv', 'dangling', '', 'one', 'a.csv/b.csv', 'x'.repeat(256)].map(folder.at);
		expect(paths.map(codeOf)).toEqual(['ENOENT', 'ENOENT', 'NOT_A_REGULAR_FILE', 'ELOOP', 'ENOTDIR', 'ENAMETOOLONG']);
		expect(codeOf(folder.fifo('pipe'))).toBe('NOT_A_REGULAR_FILE');
		expect(codeOf('/dev/zero')).toBe('NOT_A_REGULAR_FILE');
		expect(readdirSync('/proc/self/fd'), 'nothing is left open').toHaveLength(openBefore);
	});

	test('a file that this user may not read', async ({skip}) => {
		skip(process.getuid?.() === 0, 'root may read every file');
		const path = createTemporaryFolder().write('secret.csv');
		await chmod(path, 0);
		expect(codeOf(path)).toBe('EACCES');
	});
});
