// A source that takes its time comes to what a file with the same bytes comes to, through the same code; and wherever it
// fails, that is told, and it is closed.
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {defaultLimits} from '../../source/engine/shared/limits.ts';
import type {ReadSettings} from '../../source/engine/shared/protocol.ts';
import {type FileReply, processSource, type SourceRequest} from '../../source/engine/worker/process-source.ts';
import {foldByReference} from '../../source/engine/worker/read/fold-by-reference.ts';
import {foldWithKernel} from '../../source/engine/worker/read/fold-with-kernel.ts';
import {InputError} from '../../source/input/input-error.ts';
import {Kernel} from '../../source/kernel/kernel.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {soup, table, transactionHeader} from '../helpers/random-tables.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {createRemoteSource, type RemotePlan, type RemoteSource} from '../helpers/remote-source.ts';
import {registersOf, resultOf} from '../helpers/states.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const kernelFold = foldWithKernel(new Kernel());

const settingsOf = (chunkBytes: number, reader: ReadSettings['reader'] = 'kernel'): ReadSettings => ({
	...readDefaults,
	limits: defaultLimits,
	simulateIoMs: 0,
	chunkBytes,
	reader,
});

async function read(path: string, settings: ReadSettings, open?: SourceRequest['open']): Promise<FileReply> {
	const request: SourceRequest = {
		location: {kind: 'file', path},
		settings,
		chooseFold: async ({reader}) => (reader === 'kernel' ? kernelFold : foldByReference),
		take: takeStates => [...takeStates(() => true)],
		...(open !== undefined && {open}),
	};
	return processSource(request, {progress: {write() {}, sleep() {}}, checkpoint() {}, postSnapshot() {}});
}

const readRemote = (path: string, settings: ReadSettings, remote: RemoteSource): Promise<FileReply> =>
	read(path, settings, (_, limits = defaultLimits, onPackedRead) => remote.open(limits, onPackedRead));

/** With every figure, reject and error that the report would have. */
function describe(reply: FileReply): unknown {
	if (reply.type !== 'completed') return reply;
	const {folded, identity, ...rest} = reply;
	return {...rest, result: resultOf(folded), registers: registersOf(folded)};
}

const soupTable = soup.map(text => Buffer.from(`${transactionHeader}\n${text}\n1,c,2.50,2024-01-01,g\n`));
const anything = fc
	.tuple(fc.oneof({weight: 2, arbitrary: table}, {weight: 1, arbitrary: soupTable}), fc.boolean())
	.map(([bytes, isPacked]) => (isPacked ? gzipSync(bytes) : bytes));
const remotePlan: fc.Arbitrary<RemotePlan> = fc.record({
	pieces: fc.array(fc.integer({min: 1, max: 60}), {minLength: 1, maxLength: 4}),
	delays: fc.array(fc.nat({max: 2}), {minLength: 1, maxLength: 3}),
	isSeekable: fc.boolean(),
});
const chunkBytes = fc.integer({min: 1, max: 500});
const reader = fc.constantFrom('kernel' as const, 'reference' as const);

test('a source that takes its time gives the same as a file, for reads of any size', async () => {
	const folder = createTemporaryFolder();
	await fc.assert(
		fc.asyncProperty(anything, remotePlan, chunkBytes, reader, async (bytes, plan, size, by) => {
			const path = folder.write('a', bytes);
			const remote = createRemoteSource(bytes, plan);
			const reply = await readRemote(path, settingsOf(size, by), remote);
			expect(describe(reply)).toEqual(describe(await read(path, settingsOf(4096, by))));
			expect(remote.openCount(), 'sources left open').toBe(0);
		}),
		{numRuns: randomCases(60)},
	);
});

test('a read that fails, whichever it is, is told with its place, and the source is closed', async () => {
	await fc.assert(
		fc.asyncProperty(anything, remotePlan, chunkBytes, fc.nat({max: 12}), async (bytes, plan, size, failsAtRead) => {
			const remote = createRemoteSource(bytes, {...plan, failsAtRead});
			const reply = await readRemote('a', settingsOf(size), remote);
			expect(remote.openCount(), 'sources left open').toBe(0);
			if (reply.type !== 'failed' || reply.error.code !== 'EIO') {
				// It had been read to its end, or was found unusable before.
				const whole = await readRemote('a', settingsOf(size), createRemoteSource(bytes, plan));
				expect(describe(reply)).toEqual(describe(whole));
				return;
			}
			expect(reply.error.byte_offset).toBe(remote.givenBytes());
			expect(reply.bytesRead).toBe(remote.givenBytes());
		}),
		{numRuns: randomCases(100)},
	);
});

const TABLE = Buffer.from(`${transactionHeader}\n1,c,2.50,2024-01-01,g\n`);
const BROKEN = Buffer.from(`${transactionHeader}\n1,c,"2.50,2024-01-01,g\n`);
const slow = {pieces: [7], delays: [1]};

test('a source that cannot be opened is told of', async () => {
	const remote = createRemoteSource(TABLE, {...slow, failsToOpen: true});
	expect(await readRemote('a', settingsOf(100), remote)).toMatchObject({
		type: 'failed',
		error: {code: 'ECONNRESET'},
		bytesRead: 0,
	});
});

test.each([
	['a good', TABLE],
	['a broken', BROKEN],
])('%s source that has changed meanwhile fails for that', async (_, bytes) => {
	const change = new InputError('CHANGED_WHILE_READING', 'It has another tag');
	const remote = createRemoteSource(bytes, {...slow, change});
	expect(await readRemote('a', settingsOf(100), remote)).toMatchObject({
		type: 'failed',
		error: {code: 'CHANGED_WHILE_READING'},
	});
	expect(remote.openCount()).toBe(0);
});

test('a source goes to any place once it is known to be plain', async () => {
	const remote = createRemoteSource(TABLE, slow);
	const source = await remote.open(defaultLimits);
	const target = new Uint8Array(1);
	expect(source.isSeekable).toBe(false);
	expect(await source.read(target)).toBe(1);
	expect(source.isSeekable).toBe(true);
	source.seek(5);
	expect(await source.read(target)).toBe(1);
	expect(target[0]).toBe(TABLE[5]);
	source.close();
});
