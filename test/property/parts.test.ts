// A file that is read in two parts, cut at any byte, comes to what it comes to in one.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {InputError} from '../../source/input/input-error.ts';
import {addParts, figuresOf, readFromGuess, readFromPosition, readWithStop} from '../helpers/parts.ts';
import {soup, table, transactionHeader} from '../helpers/random-tables.ts';

const soupTable = soup.map(text => Buffer.from(`${transactionHeader}\n${text}\n1,c,2.50,2024-01-01,g\n`));
const anything = fc.oneof({weight: 2, arbitrary: table}, {weight: 1, arbitrary: soupTable});

/** `null` where the file fails as a whole, which it does in parts too, but elsewhere. */
async function orFailure<Value>(reading: Promise<Value>): Promise<Value | null> {
	try {
		return await reading;
	} catch (error) {
		if (error instanceof InputError) return null;
		throw error;
	}
}

const cutsOf = (bytes: Uint8Array, step: number): number[] =>
	Array.from({length: Math.ceil(bytes.length / step)}, (_, index) => index * step + 1);

test('a reading that stops anywhere and goes on comes to the same', async () => {
	await fc.assert(
		fc.asyncProperty(anything, fc.integer({min: 1, max: 7}), async (bytes, step) => {
			const uncut = await orFailure(readWithStop(bytes, bytes.length + 1));
			for (const cut of cutsOf(bytes, step)) {
				const parts = await orFailure(readWithStop(bytes, cut));
				expect(parts && figuresOf(parts.whole)).toEqual(uncut && figuresOf(uncut.whole));
				if (parts === null) continue;
				// It stopped at the first record that could begin there, or where the file ended.
				expect(parts.first.end).toBeGreaterThanOrEqual(Math.min(cut, bytes.length));
			}
		}),
		{numRuns: 150},
	);
});

test('where a guess is right, the two parts add up to the whole', async () => {
	await fc.assert(
		fc.asyncProperty(anything, fc.integer({min: 1, max: 7}), async (bytes, step) => {
			for (const cut of cutsOf(bytes, step)) {
				const parts = await orFailure(readWithStop(bytes, cut));
				const second = parts && (await orFailure(readFromGuess(bytes, cut)));
				if (parts === null || second === null || second.start !== parts.first.end) continue;
				expect(figuresOf(addParts(parts.first, second))).toEqual(figuresOf(parts.whole));
			}
		}),
		{numRuns: 150},
	);
});

test('a reading that is resumed where another one stopped gives the figures of the rest, on the right lines', async () => {
	await fc.assert(
		fc.asyncProperty(anything, fc.integer({min: 1, max: 7}), async (bytes, step) => {
			for (const cut of cutsOf(bytes, step)) {
				const parts = await orFailure(readWithStop(bytes, cut));
				if (parts === null || parts.position === null) continue;
				const {position, ...second} = await readFromPosition(bytes, parts.position);
				expect(position).toEqual(parts.position);
				expect(figuresOf(addParts(parts.first, second))).toEqual(figuresOf(parts.whole));
			}
		}),
		{numRuns: 150},
	);
});
