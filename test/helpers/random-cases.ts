// How many cases random tests try: with `npm test` few, which are others each time, and with `npm run test:long` ten times as many.

/** By hand any other one. */
const factor = Number(process.env.RANDOM_CASES ?? 1);
if (!(factor >= 1)) throw new Error('Expected RANDOM_CASES to be a number from 1');

/** @param count - As many as `npm test` tries, in a second or so. */
export const randomCases = (count: number): number => Math.ceil(count * factor);

/** A test tells with which seed it has failed: then that one may be given. */
export const randomSeed = Number(process.env.RANDOM_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** So many, from another one on in each run of the tests. */
export const randomSeeds = (count: number): readonly number[] =>
	Array.from({length: randomCases(count)}, (_, index) => randomSeed + index);
