// A file of its own, because the threads that are started before anything else need no other error.

/** No thread is started while this number of threads hangs. */
export class TooManyHungThreadsError extends Error {
	override readonly name = 'TooManyHungThreadsError';
	readonly code = 'TOO_MANY_HUNG_THREADS';

	constructor(count: number) {
		super(
			`The file was not read: ${count} threads wait for other files that do not answer, and no more are started. Is their drive reachable? Process what is left when it is`,
		);
	}
}
