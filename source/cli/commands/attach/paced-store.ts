// A store for a screen that is painted less often than the store changes.
import {AsyncResource} from 'node:async_hooks';
import type {ShownStore} from '../../../store/store.ts';

/**
The same states, of which listeners are told at most so often: the first news at once, and further ones one turn after another. They are told in the
context of whoever asks for this, and by themselves, so that what they throw is theirs alone.
*/
export function pacedStore({getSnapshot, subscribe}: ShownStore, timesPerSecond: number): ShownStore {
	const spacingMs = 1000 / Math.max(1, timesPerSecond);
	const listeners = new Set<() => void>();
	let timer: NodeJS.Timeout | undefined;
	let nextAtMs = Number.NEGATIVE_INFINITY;
	let unsubscribe = (): void => {};
	const tell = (): void => {
		timer = undefined;
		nextAtMs = performance.now() + spacingMs;
		for (const listener of listeners) listener();
	};
	const hear = AsyncResource.bind(() => {
		timer ??= setTimeout(tell, Math.max(0, nextAtMs - performance.now())).unref();
	});
	return {
		getSnapshot,
		subscribe(listener) {
			if (listeners.size === 0) unsubscribe = subscribe(hear);
			listeners.add(listener);
			return () => {
				if (!listeners.delete(listener) || listeners.size > 0) return;
				clearTimeout(timer);
				timer = undefined;
				unsubscribe();
			};
		},
	};
}
