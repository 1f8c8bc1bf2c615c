// Clients that speak rsync's protocol and mean no good, or whose bytes are damaged: each ends in a clear sentence, and nothing of theirs is stored.
import {duplexPair} from 'node:stream';
import {constants, deflateRawSync} from 'node:zlib';
import {expect, test, vi} from 'vitest';
import {Md4} from '../../source/ssh/rsync/md4.ts';
import type {RsyncRequest} from '../../source/ssh/rsync/read-request.ts';
import {receiveFiles} from '../../source/ssh/rsync/receive-files.ts';
import {SftpRefusal, type SftpTree} from '../../source/ssh/sftp/tree.ts';
import {PATIENT} from '../helpers/patient.ts';

const MAX_BYTES = 100_000;
const MODE = {file: 0o100_644, folder: 0o040_755} as const;
/** Flags of an entry: the time is as before; the length of the name has 32 bits; the name begins as the one before. */
const [SAME_TIME, LONG, SAME_NAME] = [1 << 7, 1 << 6, 1 << 5];
const DONE = -1;

const int = (...numbers: readonly number[]): Buffer => {
	const bytes = Buffer.alloc(4 * numbers.length);
	for (const [index, number] of numbers.entries()) bytes.writeInt32LE(number, 4 * index);
	return bytes;
};

const entry = (name: string | Buffer, mode: number = MODE.file): Buffer => {
	const bytes = Buffer.from(name);
	return Buffer.concat([Buffer.of(SAME_TIME | LONG), int(bytes.length), bytes, int(1, mode)]);
};
const list = (...entries: readonly Buffer[]): Buffer => Buffer.concat([...entries, Buffer.of(0), int(0)]);
const names = (...all: readonly string[]): Buffer => list(...all.map(name => entry(name)));

/** No part of it is there already. */
const HEAD = int(0, 0, 0, 0);
const plain = (content: Buffer): Buffer => Buffer.concat([int(content.length), content, int(0)]);
const sumOf = (seed: number, content: Buffer): Buffer => new Md4().update(int(seed)).update(content).digest();
const file = (index: number, seed: number, content: Buffer): Buffer =>
	Buffer.concat([int(index), HEAD, plain(content), sumOf(seed, content)]);

interface Tried {
	/** Its exit code, or the sentence of the fault. */
	readonly end: number | string;
	/** What the client has been told. */
	readonly told: string;
	readonly stored: Readonly<Record<string, string>>;
	/** How often something has come. */
	readonly comings: number;
}

interface Attempt {
	readonly send: (seed: number) => Buffer;
	readonly isCompressed?: boolean;
	/** The client goes when it has sent all. */
	readonly goes?: boolean;
	/** The client reads nothing but the seed. */
	readonly isDeaf?: boolean;
}

async function attempt({send, isCompressed = false, goes = false, isDeaf = false}: Attempt): Promise<Tried> {
	const [client, channel] = duplexPair();
	const {tree, stored, open} = makeTree();
	const has = {owners: false, groups: false, devices: false, links: false, sums: false};
	const request: RsyncRequest = {path: 'unprocessed/', has, isCompressed, isDryRun: false};
	let comings = 0;
	const onBytes = (): void => void comings++;
	const ended = receiveFiles(channel, request, tree, {signal: new AbortController().signal, onBytes}).catch(
		(error: Error) => {
			expect(error.name).toBe('RsyncFault');
			return error.message;
		},
	);
	client.write(int(30));
	const start = await vi.waitFor(() => {
		const bytes: Buffer | null = client.read(8);
		expect(bytes).not.toBe(null);
		return bytes ?? Buffer.alloc(8);
	}, PATIENT);
	const heard: Buffer[] = [];
	if (!isDeaf) client.on('data', (chunk: Buffer) => heard.push(chunk));
	client.write(send(start.readInt32LE(4)));
	if (goes) client.end();
	const end = await ended;
	// Each that was begun is whole, or was given up.
	expect(open).toEqual(new Set());
	expect(channel.writableLength).toBeLessThan(3_000_000);
	channel.end();
	if (!isDeaf) await new Promise(resolve => client.once('end', resolve));
	return {end, told: Buffer.concat(heard).toString(), stored, comings};
}

function makeTree() {
	const stored: Record<string, string> = {};
	const open = new Set<string>();
	const never = (): never => {
		throw new Error('Expected nobody to ask for that');
	};
	const tree: SftpTree = {
		...{list: never, openToRead: never},
		makeFolder: async () => {},
		close: async () => {},
		stat: async path => ({name: path.at(-1) ?? '', isFolder: true, bytes: 0, changedAt: 0, mayWrite: true}),
		async openToWrite(path) {
			const name = path.join('/');
			let content = '';
			open.add(name);
			return {
				async write(bytes) {
					content += bytes;
					if (content.length > MAX_BYTES) throw new SftpRefusal('FAILURE', 'It is too large.');
				},
				async finish() {
					open.delete(name);
					stored[name] = `${stored[name] ?? ''}${content}`;
				},
				abort: () => void open.delete(name),
			};
		},
	};
	return {tree, stored, open};
}

const content = Buffer.from('a,b\n1,2\n');
const deflated = deflateRawSync(content, {finishFlush: constants.Z_SYNC_FLUSH}).subarray(0, -4);
const run = (bytes: Buffer): Buffer =>
	Buffer.concat([Buffer.of(0x40 | (bytes.length >> 8), bytes.length & 0xff), bytes]);
const packed = (seed: number, ...parts: readonly Buffer[]): Buffer =>
	Buffer.concat([names('a.csv'), int(0), HEAD, ...parts, sumOf(seed, content), int(DONE, DONE)]);
const NOTHING = {stored: {}};

test('who sends what was asked for has it stored', async () => {
	const {end, stored, comings} = await attempt({
		send: seed =>
			Buffer.concat([names('b.csv', 'x/a.csv'), file(1, seed, content), file(0, seed, content), int(DONE, DONE)]),
	});
	expect({end, stored}).toEqual({
		end: 0,
		stored: {'unprocessed/b.csv': content.toString(), 'unprocessed/x/a.csv': content.toString()},
	});
	expect(comings).toBeGreaterThan(0);
	const whole = await attempt({isCompressed: true, send: seed => packed(seed, run(deflated), Buffer.of(0))});
	expect(whole).toMatchObject({end: 0, stored: {'unprocessed/a.csv': content.toString()}});
});

test.each([
	...['../a.csv', 'x/../../a.csv', '/../a.csv', '..'].map(
		name => [`${name} is listed`, 'A name leads out of its folder', () => names('b.csv', name)] as const,
	),
	...[7, -2].map(
		index =>
			[
				`file ${index} comes`,
				'A file comes that was not asked for',
				(seed: number) => Buffer.concat([names('a.csv'), file(index, seed, content)]),
			] as const,
	),
	[
		'a folder comes as a file',
		'A file comes that was not asked for',
		seed => Buffer.concat([list(entry('a', MODE.folder)), file(0, seed, content)]),
	],
	[
		'only parts of a file come',
		'Only parts of a file come',
		() => Buffer.concat([names('a.csv'), int(0), int(1, 700, 2, 0)]),
	],
	[
		'a part of what is here is named',
		'What follows is no part of a file',
		() => Buffer.concat([names('a.csv'), int(0), HEAD, int(-1)]),
	],
	[
		'a piece is larger than pieces are',
		'What follows is no part of a file',
		() => Buffer.concat([names('a.csv'), int(0), HEAD, int(2 ** 31 - 1)]),
	],
	['a name begins as more than the one before has', 'A name is no name', () => Buffer.of(SAME_NAME, 5, 1, 65)],
	['a name has no end', 'A path is longer than paths are', () => Buffer.concat([Buffer.of(LONG), int(2 ** 31 - 1)])],
] as const satisfies readonly (readonly [
	string,
	string,
	(seed: number) => Buffer,
])[])('%s: %s', async (_, fault, send) => {
	expect(await attempt({send})).toMatchObject({end: fault, ...NOTHING});
});

test('a file that comes twice is stored once', async () => {
	const {end, stored} = await attempt({
		send: seed => Buffer.concat([names('a.csv'), file(0, seed, content), file(0, seed, Buffer.from('other'))]),
	});
	expect({end, stored}).toEqual({
		end: 'A file comes that was not asked for',
		stored: {'unprocessed/a.csv': content.toString()},
	});
});

test('a wrong sum, and more bytes than are taken, are told, and the files beside them come', async () => {
	const large = Buffer.alloc(2 * MAX_BYTES, 'x');
	const {end, told, stored} = await attempt({
		send: seed =>
			Buffer.concat([
				...[names('a.csv', 'b.csv', 'c.csv'), int(0), HEAD, plain(content), sumOf(seed + 1, content)],
				...[file(1, seed, large), file(2, seed, content), int(DONE, DONE)],
			]),
	});
	expect({end, stored}).toEqual({end: 23, stored: {'unprocessed/c.csv': content.toString()}});
	expect(told).toContain('unprocessed/a.csv: It was damaged on its way.');
	expect(told).toContain('unprocessed/b.csv: It is too large.');
});

test('a compressed stream that ends early is damaged or told to be none', async () => {
	const early = await attempt({
		isCompressed: true,
		send: seed => packed(seed, run(deflated.subarray(0, deflated.length >> 1)), Buffer.of(0)),
	});
	expect(early).toMatchObject({end: 23, told: expect.stringContaining('damaged on its way'), ...NOTHING});
	const garbage = await attempt({
		isCompressed: true,
		send: seed => packed(seed, run(Buffer.alloc(20, 0xff)), Buffer.of(0)),
	});
	expect(garbage).toMatchObject({end: 'What was compressed cannot be read', ...NOTHING});
	const odd = await attempt({isCompressed: true, send: seed => packed(seed, run(deflated), Buffer.of(0x80))});
	expect(odd).toMatchObject({end: 'What follows is no part of a file', ...NOTHING});
	// The client goes, whatever it was in the middle of.
	const whole = packed(0, run(deflated), Buffer.of(0)).subarray(0, -8);
	for (let length = 0; length < whole.length; length++) {
		const gone = await attempt({isCompressed: true, goes: true, send: () => whole.subarray(0, length)});
		expect([length, gone]).toEqual([length, {...gone, end: 'rsync has gone in the middle', ...NOTHING}]);
	}
});

test('lists have an end', async () => {
	const many = await attempt({
		send: () => Buffer.concat(Array.from({length: 100_001}, (_, index) => entry(`${index}`))),
	});
	expect(many).toMatchObject({end: 'rsync may send 100000 files at once', ...NOTHING});
	const long = await attempt({
		send: () => Buffer.concat(Array.from({length: 5000}, () => entry(Buffer.alloc(4000, 'n')))),
	});
	expect(long).toMatchObject({
		end: 'The names of all files may have 16777216 bytes: send fewer files at once',
		...NOTHING,
	});
});

test('of many that are refused the first are told, and how many there are: also to who does not read', async () => {
	const send = (): Buffer =>
		Buffer.concat([
			// No UTF-8.
			list(
				...Array.from({length: 4000}, (_, index) =>
					entry(Buffer.concat([Buffer.alloc(1000, 0xff), Buffer.from(`${index}`)])),
				),
			),
			int(DONE, DONE),
		]);
	const {end, told, stored} = await attempt({send});
	expect({end, stored}).toEqual({end: 23, stored: {}});
	expect(told.match(/Names are UTF-8/g)).toHaveLength(20);
	expect(told).toContain('Others that were not taken: 3,980.');
	expect(await attempt({send, isDeaf: true})).toMatchObject({end: 23, stored: {}});
});
