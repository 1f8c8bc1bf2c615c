// What comes in pieces is in the file, whatever the pieces, the disk and the sender do.
import {PassThrough, Readable} from 'node:stream';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {receive} from '../../source/server/receive.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';

/** A disk that takes so many bytes at a time, each time after some turns. @param failAt - `null`: never. */
function diskOf(most: number, turns: number, failAt: number | null = null) {
	const content: number[] = [];
	let writes = 0;
	const take = async (bytes: Buffer, place: number): Promise<number> => {
		for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
		if (failAt === writes++) throw Object.assign(new Error('No space left'), {code: 'ENOSPC', syscall: 'write'});
		const taken = bytes.subarray(0, most);
		for (const [index, byte] of taken.entries()) content[place + index] = byte;
		return taken.length;
	};
	const handle = {
		writev: async (pieces: Buffer[], place: number) => ({bytesWritten: await take(Buffer.concat(pieces), place)}),
		write: async (bytes: Buffer, from: number, length: number, place: number) => ({
			bytesWritten: await take(bytes.subarray(from, from + length), place),
		}),
	};
	return {handle: handle as unknown as Parameters<typeof receive>[1], content, writes: () => writes};
}

const pieces = fc.array(fc.uint8Array({minLength: 1, maxLength: 50}), {maxLength: 30});

test('all of it is written and seen in order, also by a disk that takes little at a time and where the sender breaks off', () =>
	fc.assert(
		fc.asyncProperty(
			...[pieces, fc.integer({min: 1, max: 60}), fc.integer({min: 0, max: 3}), fc.boolean(), fc.nat(9)],
			async (sent, most, turns, isCut, offset) => {
				const {handle, content} = diskOf(most, turns);
				const seen: Buffer[] = [];
				async function* source() {
					yield* sent.map(bytes => Buffer.from(bytes));
					if (isCut) throw new Error('aborted');
				}
				const {end, isWhole} = await receive(Readable.from(source()), handle, offset, bytes => seen.push(bytes));
				const whole = Buffer.concat(sent);
				expect([end, isWhole]).toEqual([offset + whole.length, !isCut]);
				expect(Buffer.concat(seen).equals(whole)).toBe(true);
				expect(Buffer.from(content.slice(offset)).equals(whole)).toBe(true);
			},
		),
		{numRuns: randomCases(100), seed: randomSeed},
	));

test('what has come while the disk was busy is one write, and no more than a megabyte waits', async () => {
	const stream = new PassThrough({highWaterMark: 64 * 1024});
	let [asked, release] = [0, () => {}];
	const handle = {
		async writev(given: Buffer[]) {
			asked++;
			await new Promise<void>(resolve => {
				release = resolve;
			});
			return {bytesWritten: given.reduce((sum, {length}) => sum + length, 0)};
		},
	} as unknown as Parameters<typeof receive>[1];
	let seen = 0;
	const done = receive(stream, handle, 0, ({length}) => {
		seen += length;
	});
	const piece = Buffer.alloc(32 * 1024);
	let isFull = false;
	for (let turn = 0; turn < 500; turn++) {
		if (!isFull) isFull = !stream.write(piece);
		await new Promise(setImmediate);
	}
	// The first write has the first piece; what waits for it is bounded, and so is what is read.
	expect(asked).toBe(1);
	expect(isFull).toBe(true);
	expect(seen).toBeGreaterThanOrEqual(1024 * 1024);
	expect(seen).toBeLessThan(1.2 * 1024 * 1024);
	stream.end();
	for (let turn = 0; turn < 50; turn++) {
		release();
		await new Promise(setImmediate);
	}
	expect((await done).isWhole).toBe(true);
	expect(asked).toBeLessThan(6);
});

test('a disk that is full is the end of it, and so is who refuses the bytes; the stream is left for an answer', async () => {
	const [first, second] = [new PassThrough(), new PassThrough()];
	const full = receive(first, diskOf(100, 1, 1).handle, 0, () => {});
	const disk = diskOf(100, 50);
	let count = 0;
	const refused = receive(second, disk.handle, 0, () => {
		if (++count === 2) throw new Error('refused');
	});
	for (const stream of [first, second]) {
		for (let piece = 0; piece < 3; piece++) {
			stream.write('0123456789');
			await new Promise(setImmediate);
		}
	}
	await expect(refused).rejects.toThrow('refused');
	// What was under way has ended by then.
	expect(disk.content).toHaveLength(10);
	first.write('x');
	await expect(full).rejects.toThrow('No space left');
	for (const stream of [first, second]) expect(stream.destroyed).toBe(false);
});
