// Reads a source for what no report has: the amounts by month. See engine/run/month-sums.ts.
import type {ByteSource} from '../../../input/byte-source.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {MonthFigure} from '../../../model/run-control.ts';
import {monotonicMs} from '../../shared/monotonic.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import type {FoldPulse} from './fold.ts';
import {KernelReading} from './kernel-reading.ts';

/** What is read in less is told as a whole; beyond it, four times a second is live enough. */
const SO_FAR_INTERVAL_MS = 250;

/** Telling takes at most one part in so many of the time: a file may have 120,000 months, which take 100 ms to hand over. */
const TELLING_PART = 20;

/**
@param tellSoFar - Told between chunks, now and then, what the records in front of a place in the source came to.
@param now - Monotonic milliseconds.
*/
export async function sumByMonth(
	source: ByteSource,
	kernel: Kernel,
	settings: ReadSettings,
	tellSoFar: (months: MonthFigure[], bytesConsumed: number) => void,
	now = monotonicMs,
): Promise<MonthFigure[]> {
	const {tellsEachChunk = false} = settings;
	let tellAtMs = now() + SO_FAR_INTERVAL_MS;
	const pulse: FoldPulse = {
		report() {
			const nowMs = now();
			if (nowMs < tellAtMs && !tellsEachChunk) return;
			tellSoFar(reading.takeMonths(), reading.offset);
			const toldAtMs = now();
			tellAtMs = toldAtMs + Math.max(SO_FAR_INTERVAL_MS, TELLING_PART * (toldAtMs - nowMs));
		},
		wait() {},
	};
	// Waits are simulated to watch a run; this is none.
	const reading = new KernelReading(kernel, {...settings, simulateIoMs: 0}, pulse, {sumsMonths: true});
	await reading.begin(source);
	await reading.readRecords(source);
	return reading.takeMonths();
}
