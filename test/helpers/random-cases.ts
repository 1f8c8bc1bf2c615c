// How many cases random tests try: with `npm test` few, which are others each time, and with `npm run test:long` twenty times as many.

/** By hand any other one. */
const factor = Number(process.env.RANDOM_CASES ?? 0.5);
if (!(factor > 0)) throw new Error('Expected RANDOM_CASES to be a number above 0');

/** @param count - As many as take a second or so; `npm test` tries half of them. */
export const randomCases = (count: number): number => Math.ceil(count * factor);

/** A test tells with which seed it has failed: then that one may be given. */
export const randomSeed = Number(process.env.RANDOM_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** So many, from another one on in each run of the tests. */
export const randomSeeds = (count: number): readonly number[] =>
	Array.from({length: randomCases(count)}, (_, index) => randomSeed + index);
