// The recorded run of pictures and golden screens, as `fileproc-tui replay` would play it: up to a moment, where it stands
// still. Inspections of running files are not recorded, so they are derived from it.
import {readRecording} from '../../source/cli/replay/read-recording.ts';
import type {FileInspection, RunControl} from '../../source/model/run-control.ts';
import type {FileState} from '../../source/store/state.ts';
import {onDemandOf} from '../helpers/months.ts';
import {SampleRun, sampleReport} from './sample-run.ts';
import {monthFigures, REJECTS, resultOf} from './simulated-run.ts';

export const RECORDING = 'fixtures/recordings/branches.jsonl';

/** Plays the run up to a moment, or to its end. */
export async function recordedRun(untilMs = 42_000): Promise<SampleRun> {
	const run = new SampleRun();
	for await (const event of readRecording(RECORDING)) {
		if (event.elapsedMs > untilMs) break;
		run.replay(event);
	}
	run.store.flush();
	const stateOf = (file: string): FileState | undefined => {
		const {files, indexByFile} = run.store.getSnapshot();
		return files[indexByFile.get(file) ?? -1];
	};
	const inspectFile = async (file: string): Promise<FileInspection | null> => {
		const state = stateOf(file);
		if (state === undefined) return null;
		return {
			rows: state.rows,
			rejectedRows: state.rejectedRows,
			analysis: 'transactions',
			result: resultOf(state.rows - state.rejectedRows),
			rejects: state.rejectedRows > 0 ? REJECTS : [],
			dialect: sampleReport(file).dialect,
		};
	};
	/** The months of a running file do not change, so that pictures do not either. */
	const onDemand = onDemandOf(async (file, _signal, onSoFar) => {
		const state = stateOf(file);
		if (state?.status === 'completed') return monthFigures;
		const bytesTotal = state?.bytesTotal ?? 0;
		onSoFar?.({months: monthFigures.slice(0, 15), bytesRead: Math.round(bytesTotal * 0.625), bytesTotal});
		return new Promise(() => {});
	});
	const inspectRun: RunControl['inspectRun'] = async () => {
		const {rows, rejectedRows} = run.store.getSnapshot();
		return {transactions: resultOf(rows - rejectedRows)};
	};
	Object.assign(run.control, {inspectFile, onDemand, inspectRun});
	return run;
}
