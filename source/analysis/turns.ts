// Long work in steps: at once, or in turns with other work of the thread.

/** Does all steps at once. */
export function runToEnd<Result>(steps: Generator<void, Result>): Result {
	for (;;) {
		const {done, value} = steps.next();
		if (done === true) return value;
	}
}

/** For a thread that has others to serve: `nextTurn` resolves when they have been. */
export async function runInTurns<Result>(
	steps: Generator<void, Result>,
	nextTurn: () => Promise<unknown>,
): Promise<Result> {
	for (;;) {
		const {done, value} = steps.next();
		if (done === true) return value;
		await nextTurn();
	}
}
