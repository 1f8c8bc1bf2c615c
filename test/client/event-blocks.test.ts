import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type EventBlock, EventBlocks} from '../../source/client/event-blocks.ts';
import {randomCases, randomSeed} from '../helpers/random-cases.ts';

const word = fc.stringMatching(/^[^\r\n\0]{0,20}$/);
const block = fc.record({
	name: fc.option(word),
	id: fc.option(word),
	data: fc.array(word, {minLength: 1, maxLength: 3}),
	end: fc.constantFrom('\n', '\r\n'),
	isCommented: fc.boolean(),
});

test('however a stream is cut, its events are the same', () => {
	fc.assert(
		fc.property(fc.array(block), fc.array(fc.nat(40)), (blocks, cuts) => {
			const text = blocks
				.map(({name, id, data, end, isCommented}) =>
					[
						...(isCommented ? [': still here'] : []),
						...(name === null ? [] : [`event: ${name}`]),
						...(id === null ? [] : [`id: ${id}`]),
						...data.map(line => `data: ${line}`),
						...['', ''],
					].join(end),
				)
				.join('');
			const found: EventBlock[] = [];
			const reader = new EventBlocks();
			let at = 0;
			for (const length of cuts) {
				found.push(...reader.push(text.slice(at, at + length)));
				at += length;
			}
			found.push(...reader.push(text.slice(at)));
			expect(found).toEqual(blocks.map(({name, id, data}) => ({name, id, data: data.join('\n')})));
		}),
		{seed: randomSeed, numRuns: randomCases(300)},
	);
});

test('signs of life are no events, what is not complete is none yet, and fields that nobody knows are passed over', () => {
	const blocks = new EventBlocks();
	expect(blocks.push('retry: 2500\n\n: still here\n\nfuture: x\ndata: {"a":1}\nid: e1:7\n')).toEqual([]);
	expect(blocks.retryMs).toBe(2500);
	expect(blocks.push('\n')).toEqual([{name: null, id: 'e1:7', data: '{"a":1}'}]);
	// An id belongs to its own event alone: the next one has no place.
	expect(blocks.push('data\ndata:x\n\n')).toEqual([{name: null, id: null, data: '\nx'}]);
});

test('what has no end is refused before it fills the memory', () => {
	const blocks = new EventBlocks();
	const line = `data: ${'x'.repeat(1024 * 1024)}\n`;
	expect(() => {
		for (let count = 0; count < 20; count++) blocks.push(line);
	}).toThrow(RangeError);
	expect(() => new EventBlocks().push('x'.repeat(9 * 1024 * 1024))).toThrow(RangeError);
});
