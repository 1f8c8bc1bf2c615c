// Reads a source once more for what its report does not have: the amounts by month. See engine/month-sums.ts.
import type {ByteSource} from '../../csv/byte-source.ts';
import type {Kernel} from '../../kernel/kernel.ts';
import type {MonthFigure} from '../../store/control.ts';
import type {FoldPulse} from './fold.ts';
import {KernelReading} from './kernel-reading.ts';
import type {ReadSettings} from './protocol.ts';

/** @param checkpoint - Called between chunks; what it throws ends the reading. */
export async function sumByMonth(
	source: ByteSource,
	kernel: Kernel,
	settings: ReadSettings,
	checkpoint: () => void,
): Promise<MonthFigure[]> {
	const pulse: FoldPulse = {report: checkpoint, wait() {}};
	// Waits are simulated to watch a run; this is none.
	const reading = new KernelReading(kernel, {...settings, simulateIoMs: 0}, pulse, {sumsMonths: true});
	await reading.begin(source);
	await reading.readRecords(source);
	return reading.takeMonths();
}
