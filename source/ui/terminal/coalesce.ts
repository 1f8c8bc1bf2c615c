export interface Coalesced {
	/** Requests a call. */
	readonly call: () => void;
	/** Cancels pending calls. */
	readonly cancel: () => void;
}

/** Calls at once, then at most once per interval; the last of many requests is never lost. */
export function coalesce(perform: () => void, spacingMs: number): Coalesced {
	let timer: NodeJS.Timeout | undefined;
	let isRequested = false;
	const call = (): void => {
		if (timer !== undefined) {
			isRequested = true;
			return;
		}
		perform();
		timer = setTimeout(() => {
			timer = undefined;
			if (!isRequested) return;
			isRequested = false;
			call();
		}, spacingMs);
	};
	return {
		call,
		cancel() {
			clearTimeout(timer);
			isRequested = false;
		},
	};
}
