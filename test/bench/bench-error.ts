/** Something that ends the benchmark and is for people to solve: told in a sentence, without a stack. */
export class BenchError extends Error {
	override readonly name = 'BenchError';
}
