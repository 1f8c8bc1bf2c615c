// Decides when the dashboard is loaded. Loading costs as much CPU as reading 200 MB, so the threads get their work first. A
// run that ends within a second shows only its summary.
import {threadsSettled} from '../../engine/pool/start-thread.ts';
import type {RunEvent} from '../../model/events.ts';
import {keyOf} from '../../model/file-address.ts';

/** The dashboard waits at most this long for threads to start. */
const MAX_START_MS = 300;
/** Since the start of the run: by then the first progress has been reported. */
const FIRST_POLL_MS = 130;
const SHORT_RUN_MS = 1000;

export interface WatchedRun {
	/** Milliseconds since the run began. */
	readonly now: () => number;
	/** Settles when the run is over and its report is saved. */
	readonly saved: Promise<void>;
	/** All events so far; more are added. */
	readonly events: readonly RunEvent[];
	readonly sleep: (durationMs: number) => Promise<void>;
}

export async function deferDashboard({now, saved, events, sleep}: WatchedRun): Promise<void> {
	const over = saved.catch(() => {});
	const waitFor = (durationMs: number): Promise<void> => Promise.race([over, sleep(Math.max(0, durationMs))]);
	await Promise.race([threadsSettled(), waitFor(MAX_START_MS)]);
	await waitFor(FIRST_POLL_MS - now());
	const expectedMs = now() / progressOf(events);
	if (expectedMs < SHORT_RUN_MS) await waitFor(SHORT_RUN_MS - now());
}

/**
The share that has been read, 0 to 1. Reducing the events of 100,000 files, as the dashboard does, would take too long here.
*/
function progressOf(events: readonly RunEvent[]): number {
	let bytesTotal = 0;
	const bytesRead = new Map<string | number, number>();
	for (const event of events) {
		if (event.type === 'run-started') bytesTotal = event.bytesTotal;
		else if (event.type === 'file-progressed') bytesRead.set(keyOf(event), event.bytesRead);
		else if ('report' in event) bytesRead.set(keyOf(event), event.report.bytes);
	}
	let sum = 0;
	for (const bytes of bytesRead.values()) sum += bytes;
	return bytesTotal === 0 ? 0 : sum / bytesTotal;
}
