// How long tests wait for a state: far longer than it ever takes, so that only what never comes fails.

/** For `vi.waitFor` and `vi.waitUntil`, which by themselves give up after a second. A second of work takes a minute where thirty others want a core. */
export const PATIENT = {timeout: 240_000, interval: 5} as const;
