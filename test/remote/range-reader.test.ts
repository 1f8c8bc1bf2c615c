import {randomFillSync} from 'node:crypto';
import {Readable} from 'node:stream';
import {expect, test} from 'vitest';
import {InputError} from '../../source/input/input-error.ts';
import {openObject, type RemoteSource} from '../../source/remote/open-remote.ts';
import type {RangeAnswer, RangeRequest, RemoteObject} from '../../source/remote/range-answer.ts';
import {FIRST_BYTES, RANGE_BYTES} from '../../source/remote/range-reader.ts';
import {RemoteError} from '../../source/remote/remote-error.ts';

const retries = {attempts: 3, firstWaitMs: 0, longestWaitMs: 0};

interface FakeObject extends RemoteObject {
	readonly asked: RangeRequest[];
	data: Buffer;
	version: string;
}

/** @param spoil - What becomes of the answer to the n-th request, from 1 on. */
function fakeObject(
	data: Buffer,
	spoil: (answer: RangeAnswer, count: number) => RangeAnswer = answer => answer,
): FakeObject {
	const object: FakeObject = {
		...{name: 'the object', asked: [], data, version: '"1"', retries},
		explain: error => (error instanceof RemoteError ? error : new RemoteError('CONNECTION_LOST', String(error))),
		async request(range) {
			object.asked.push(range);
			if (range.version !== null && range.version !== object.version)
				throw new InputError('CHANGED_WHILE_READING', 'changed');
			const part = object.data.subarray(range.start, range.end);
			const pieces = Array.from({length: Math.ceil(part.length / 60_000)}, (_, index) =>
				part.subarray(index * 60_000, (index + 1) * 60_000),
			);
			const answer = {
				body: Readable.from(pieces),
				start: range.start,
				size: object.data.length,
				version: object.version,
				isRange: true,
			};
			return spoil(answer, object.asked.length);
		},
	};
	return object;
}

async function readRest(source: RemoteSource, chunkBytes = 256 * 1024): Promise<Buffer> {
	const parts: Buffer[] = [];
	for (;;) {
		const chunk = Buffer.alloc(chunkBytes);
		const length = await source.read(chunk);
		if (length === 0) return Buffer.concat(parts);
		parts.push(chunk.subarray(0, length));
	}
}

const bytes = (length: number): Buffer => randomFillSync(Buffer.alloc(length));

const shortened = (answer: RangeAnswer, length: number): RangeAnswer => ({
	...answer,
	body: Readable.from(
		(async function* () {
			let left = length;
			for await (const chunk of answer.body as AsyncIterable<Buffer>) {
				yield chunk.subarray(0, left);
				left -= chunk.length;
				if (left <= 0) return;
			}
		})(),
	),
});

test.each([
	0,
	1,
	FIRST_BYTES,
	FIRST_BYTES + 1,
	FIRST_BYTES + 2 * RANGE_BYTES + 5,
])('%d bytes are read as they are', async size => {
	const data = bytes(size);
	const object = fakeObject(data);
	const source = await openObject(object);
	expect(source).toMatchObject({size, version: '"1"'});
	expect((await readRest(source)).equals(data)).toBe(true);
	const ends = object.asked.slice(1).map(({start, end}) => [start, end, end - start <= RANGE_BYTES]);
	expect(ends).toEqual(
		Array.from({length: Math.ceil(Math.max(0, size - FIRST_BYTES) / RANGE_BYTES)}, (_, index) => {
			const start = FIRST_BYTES + index * RANGE_BYTES;
			return [start, Math.min(size, start + RANGE_BYTES), true];
		}),
	);
	expect(object.asked.slice(1).every(({version}) => version === '"1"')).toBe(true);
});

test('what is not wanted is not asked for: a header alone, and ranges as far as somebody reads', async () => {
	const data = bytes(5 * RANGE_BYTES);
	const object = fakeObject(data);
	const source = await openObject(object);
	const start = Buffer.alloc(256 * 1024);
	await source.read(start);
	expect(object.asked).toHaveLength(1);
	source.seek?.(RANGE_BYTES - 1);
	source.expect(2 * RANGE_BYTES);
	const part = Buffer.alloc(RANGE_BYTES + 1000);
	for (let filled = 0; filled < part.length; ) filled += await source.read(part.subarray(filled));
	expect(part.equals(data.subarray(RANGE_BYTES - 1, 2 * RANGE_BYTES + 999))).toBe(true);
	const asked = object.asked.slice(1).map(({start, end}) => end - start);
	expect(asked.reduce((sum, length) => sum + length, 0)).toBe(RANGE_BYTES + 1 + 64 * 1024);
});

test('an answer that breaks off goes on where it did, as often as it gets further', async () => {
	const data = bytes(FIRST_BYTES + 3_000_000);
	const object = fakeObject(data, (answer, count) => (count % 5 === 0 ? answer : shortened(answer, 200_000)));
	expect((await readRest(await openObject(object))).equals(data)).toBe(true);
	const starts = object.asked.map(({start}) => start);
	expect(starts.length).toBeGreaterThan(2 * retries.attempts);
	expect(new Set(starts).size).toBe(starts.length);
});

test('an answer that never has anything fails with its place, after some attempts', async () => {
	const object = fakeObject(bytes(FIRST_BYTES + 10), (answer, count) => (count === 1 ? answer : shortened(answer, 0)));
	const source = await openObject(object);
	await expect(readRest(source)).rejects.toMatchObject({
		code: 'SHORT_ANSWER',
		message: `the object: the server ended its answer at byte ${FIRST_BYTES}; expected bytes until ${FIRST_BYTES + 10}`,
	});
	expect(object.asked).toHaveLength(1 + retries.attempts);
});

test('a busy server is asked again; one that refuses is not', async () => {
	let failures = 0;
	const busy = fakeObject(bytes(100), answer => {
		if (failures++ < 2) throw new RemoteError('SERVER_BUSY', 'slow down');
		return answer;
	});
	expect((await readRest(await openObject(busy))).length).toBe(100);
	const refused = fakeObject(bytes(100), () => {
		throw new RemoteError('ACCESS_DENIED', 'no');
	});
	await expect(openObject(refused)).rejects.toMatchObject({code: 'ACCESS_DENIED'});
	expect(refused.asked).toHaveLength(1);
});

test.each(['by its condition', 'by its version', 'by its size'])('another version is noticed %s', async how => {
	const object = fakeObject(bytes(FIRST_BYTES + 10), (answer, count) => {
		if (count === 1) return answer;
		return how === 'by its size'
			? {...answer, size: 7}
			: how === 'by its version'
				? {...answer, version: '"2"'}
				: answer;
	});
	const source = await openObject(object);
	if (how === 'by its condition') object.version = '"2"';
	await expect(readRest(source)).rejects.toMatchObject({code: 'CHANGED_WHILE_READING'});
});

test('a server without ranges, or without versions, gives a stream', async () => {
	const data = bytes(FIRST_BYTES + 3);
	for (const missing of [{isRange: false}, {version: null}]) {
		const object = fakeObject(data);
		const whole: RemoteObject = {
			...object,
			request: async range => ({
				...(await object.request({
					...range,
					...('isRange' in missing && {start: 0, end: data.length}),
					...(range.end === 0 && {end: data.length}),
				})),
				...missing,
			}),
		};
		const source = await openObject(whole);
		expect(source.seek).toBeNull();
		expect((await readRest(source)).equals(data)).toBe(true);
	}
});
