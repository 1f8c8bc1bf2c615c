/**
A small generator of pseudo-random numbers (mulberry32): the same seed gives the same data on every machine.

@returns A function that gives the next whole number from 0 to 2³² − 1.
*/
export function createRandom(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
		return (mixed ^ (mixed >>> 14)) >>> 0;
	};
}
