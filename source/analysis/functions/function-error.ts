/** A function of an own analysis threw, or returned what it may not. */
export class FunctionError extends Error {
	override readonly name = 'FunctionError';
	readonly analysis: string;
	/** `derive.fee` */
	readonly path: string;

	/** @param cause - What it threw, or a `ReturnError`. */
	constructor(analysis: string, path: string, cause: unknown) {
		super(`${path} of ${analysis} failed`, {cause});
		this.analysis = analysis;
		this.path = path;
	}
}
