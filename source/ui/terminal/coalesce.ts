export interface Coalesced {
	/** Asks for a call. */
	readonly call: () => void;
	/** No call comes any more. */
	readonly cancel: () => void;
}

/** Calls at once, then at most once in so long; the last of many requests is never lost. */
export function coalesce(perform: () => void, spacingMs: number): Coalesced {
	let timer: NodeJS.Timeout | undefined;
	let isAsked = false;
	const call = (): void => {
		if (timer !== undefined) {
			isAsked = true;
			return;
		}
		perform();
		timer = setTimeout(() => {
			timer = undefined;
			if (!isAsked) return;
			isAsked = false;
			call();
		}, spacingMs);
	};
	return {
		call,
		cancel() {
			clearTimeout(timer);
			isAsked = false;
		},
	};
}
