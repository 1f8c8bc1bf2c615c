// When the dashboard is loaded. That takes as much of a processor as reading 200 MB does, so threads get their work first, and a
// run that is over in less than a second is let end: all that there would have been to see is its summary.
import {threadsSettled} from '../../engine/pool/start-thread.ts';
import type {RunEvent} from '../../model/events.ts';

/** So long nobody waits for the dashboard because threads are slow to start. */
const LONGEST_START_MS = 300;
/** Of a run: by then the first progress has been told. */
const FIRST_LOOK_MS = 130;
const SHORT_RUN_MS = 1000;

export interface Watched {
	/** Milliseconds since the run began. */
	readonly now: () => number;
	/** Settles when it is over and its report is where it shall be. */
	readonly saved: Promise<void>;
	/** All that has been told of it; more come. */
	readonly events: readonly RunEvent[];
	readonly sleep: (durationMs: number) => Promise<void>;
}

export async function waitUntilWorthIt({now, saved, events, sleep}: Watched): Promise<void> {
	const over = saved.catch(() => {});
	const pass = (durationMs: number): Promise<void> => Promise.race([over, sleep(Math.max(0, durationMs))]);
	await Promise.race([threadsSettled(), pass(LONGEST_START_MS)]);
	await pass(FIRST_LOOK_MS - now());
	const wholeMs = now() / progressOf(events);
	if (wholeMs < SHORT_RUN_MS) await pass(SHORT_RUN_MS - now());
}

/** How much has been read, 0 to 1. To reduce the events of 100,000 files, as the dashboard will, would take too long here. */
function progressOf(events: readonly RunEvent[]): number {
	let bytesTotal = 0;
	const bytesRead = new Map<string, number>();
	for (const event of events) {
		if (event.type === 'run-started') bytesTotal = event.bytesTotal;
		else if (event.type === 'file-progressed') bytesRead.set(event.file, event.bytesRead);
		else if ('report' in event) bytesRead.set(event.file, event.report.bytes);
	}
	let sum = 0;
	for (const bytes of bytesRead.values()) sum += bytes;
	return bytesTotal === 0 ? 0 : sum / bytesTotal;
}
