import {Writable} from 'node:stream';
import {expect, test} from 'vitest';
import {LineQueue} from '../../source/cli/outputs/line-queue.ts';
import {createOutputStream} from '../../source/cli/outputs/output-stream.ts';
import {createJsonLinesOutput} from '../../source/cli/outputs/run-output.ts';
import {PATIENT} from '../helpers/patient.ts';
import {progressed, queued, runStarted, stamp, started} from '../store/run-log.ts';

/** A pipe whose reader reads what is there on request, and everything from `goOn` on. */
function createPipe() {
	let taken = '';
	let writeCount = 0;
	let isReading = false;
	const waiting: Array<() => void> = [];
	const stream = new Writable({
		decodeStrings: true,
		write(chunk: Buffer, _encoding, done) {
			writeCount++;
			const take = (): void => {
				taken += chunk.toString();
				done();
			};
			if (isReading) setImmediate(take);
			else waiting.push(take);
		},
	});
	return {
		stream,
		read: () => taken,
		countWrites: () => writeCount,
		goOn() {
			isReading = true;
			for (const take of waiting.splice(0)) take();
		},
	};
}

const MEBIBYTE = 1024 * 1024;
const line = (index: number): string => `${index} ${'ä'.repeat(490)}\n`;

test('a reader that has stopped is waited for, and gets every line in order when it resumes, many at a time', async () => {
	const pipe = createPipe();
	const queue = new LineQueue(createOutputStream(pipe.stream));
	let expected = '';
	let room: Promise<void> | null = null;
	for (let index = 0; room === null; index++) {
		expect(expected.length).toBeLessThan(16 * MEBIBYTE);
		queue.add(line(index));
		expected += line(index);
		room = queue.untilRoom();
	}
	expect(Buffer.byteLength(expected)).toBeGreaterThan(4 * MEBIBYTE);
	expect(queue.isReaderKeepingUp).toBe(false);
	pipe.goOn();
	await room;
	expect([queue.untilRoom(), queue.isReaderKeepingUp]).toEqual([null, true]);
	await expect.poll(() => pipe.read() === expected, PATIENT).toBe(true);
	expect(pipe.countWrites()).toBeLessThan(expected.length / 16_384);
	queue.add('last\n');
	await expect.poll(() => pipe.read() === `${expected}last\n`, PATIENT).toBe(true);
});

test('a line is written at once where the reader keeps up', async () => {
	const pipe = createPipe();
	pipe.goOn();
	const queue = new LineQueue(createOutputStream(pipe.stream));
	queue.add('a\n');
	expect(pipe.countWrites()).toBe(1);
	await expect.poll(() => pipe.read(), PATIENT).toBe('a\n');
	queue.add('b\n');
	await expect.poll(() => pipe.read(), PATIENT).toBe('a\nb\n');
});

test('a reader that has left, or a full disk, is not waited for', async () => {
	for (const code of ['EPIPE', 'ENOSPC']) {
		const pipe = createPipe();
		const queue = new LineQueue(createOutputStream(pipe.stream));
		for (let index = 0; queue.untilRoom() === null; index++) queue.add(line(index));
		const room = queue.untilRoom();
		const written = queue.written();
		pipe.stream.destroy(Object.assign(new Error(code), {code}));
		await room;
		expect(queue.untilRoom()).toBe(null);
		if (code === 'EPIPE') await written;
		else await expect(written).rejects.toThrow('Standard output cannot be written');
		queue.add('in vain\n');
		expect(queue.untilRoom()).toBe(null);
	}
});

test('a slow reader gets the events of files but no progress, all numbered without a gap, and all events when it keeps up', async () => {
	const pipe = createPipe();
	const output = createJsonLinesOutput(createOutputStream(pipe.stream));
	const names = Array.from({length: 2000}, (_, index) => `${index}.csv`);
	const events = stamp([runStarted(), ...names.flatMap(name => [queued(name), started(name), progressed(name, 1)])]);
	for (const event of events) output.handle(event);
	pipe.goOn();
	await output.untilRoom?.();
	const [late] = stamp([progressed('0.csv', 2)]);
	if (late === undefined) throw new Error('There is none');
	await expect.poll(() => pipe.read().split('\n').length, PATIENT).toBeGreaterThan(4001);
	output.handle({...late, seq: events.length + 1});
	await expect.poll(() => pipe.read().endsWith('\n') && pipe.read().includes('"bytesRead":2'), PATIENT).toBe(true);
	const told = pipe
		.read()
		.trimEnd()
		.split('\n')
		.map(text => JSON.parse(text) as {type: string; seq: number});
	const count = (type: string): number => told.filter(event => event.type === type).length;
	expect([count('run-started'), count('file-queued'), count('file-started')]).toEqual([1, 2000, 2000]);
	expect(count('file-progressed')).toBeLessThan(2000);
	expect(told.map(({seq}) => seq)).toEqual(told.map((_, index) => index + 1));
	expect(told.map(({seq}) => seq)).toEqual(told.map(({seq}) => seq).toSorted((left, right) => left - right));
});
