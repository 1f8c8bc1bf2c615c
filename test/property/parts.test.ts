// A file that is read in two parts, cut at any byte, comes to what it comes to in one.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {InputError} from '../../source/input/input-error.ts';
import {addParts, figuresOf, readFromGuess, readFromPosition, readWithStop} from '../helpers/parts.ts';
import {randomCases} from '../helpers/random-cases.ts';
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

test('a reading that stops anywhere and goes on, and what another one reads from there, come to what it comes to at once', async () => {
	const seen = {guesses: 0, resumptions: 0};
	await fc.assert(
		fc.asyncProperty(anything, fc.integer({min: 1, max: 7}), async (bytes, step) => {
			const uncut = await orFailure(readWithStop(bytes, bytes.length + 1));
			const expected = uncut && figuresOf(uncut.whole);
			for (const cut of cutsOf(bytes, step)) {
				const parts = await orFailure(readWithStop(bytes, cut));
				expect(parts && figuresOf(parts.whole)).toEqual(expected);
				if (parts === null) continue;
				const {first, position: end} = parts;
				// It stopped at the first record that could begin there, or where the file ended.
				expect(first.end).toBeGreaterThanOrEqual(Math.min(cut, bytes.length));

				const guessed = await orFailure(readFromGuess(bytes, cut));
				if (guessed?.start === first.end) {
					expect(figuresOf(addParts(first, guessed)), 'from a guess that is right').toEqual(expected);
					seen.guesses++;
				}
				if (end === null) continue;
				const {position, ...resumed} = await readFromPosition(bytes, end);
				expect(position).toEqual(end);
				expect(figuresOf(addParts(first, resumed)), 'from where the first one stopped').toEqual(expected);
				seen.resumptions++;
			}
		}),
		{numRuns: randomCases(15)},
	);
	expect(Math.min(...Object.values(seen))).toBeGreaterThan(randomCases(30));
});
