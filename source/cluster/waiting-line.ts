// Who waits until something may go on: woken one after the other, in the order in which they came.
export class WaitingLine {
	readonly #wakes = new Set<() => void>();

	/** Resolves when it is woken, or the signal is aborted: then it takes no wake-up of another. */
	async wait(signal: AbortSignal): Promise<void> {
		if (signal.aborted) return;
		await new Promise<void>(resolve => {
			const wake = (): void => {
				this.#wakes.delete(wake);
				signal.removeEventListener('abort', wake);
				resolve();
			};
			this.#wakes.add(wake);
			signal.addEventListener('abort', wake, {once: true});
		});
	}

	wakeOne(): void {
		const [wake] = this.#wakes;
		wake?.();
	}

	wakeAll(): void {
		for (const wake of this.#wakes) wake();
	}
}
