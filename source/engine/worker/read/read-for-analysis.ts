// Reads a source for one analysis that is asked for on demand. See engine/run/read-on-demand.ts.
import type {AnalysisDeclaration} from '../../../analysis/declaration.ts';
import {finishState} from '../../../analysis/finish.ts';
import type {FormsRead} from '../../../analysis/forms/with-forms.ts';
import type {Program} from '../../../analysis/program.ts';
import {createState, stateOfFigures} from '../../../analysis/state.ts';
import {layOutStates} from '../../../analysis/state-layout.ts';
import type {ByteSource} from '../../../input/byte-source.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {ResultObject} from '../../../model/analysis-info.ts';
import {monotonicMs} from '../../shared/monotonic.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import type {FoldPulse} from './fold.ts';
import {KernelReading} from './kernel-reading.ts';
import type {MatchedHeader} from './match-header.ts';

/** What is read in less is posted as a whole; beyond it, four times a second is live enough. */
const SO_FAR_INTERVAL_MS = 250;

/** Posting takes at most one part in 20 of the time: a result may have 120,000 months, which take 100 ms to hand over. */
const POSTING_PART = 20;

/**
@param postSoFar - Called between chunks, now and then, with what the records in front of a place in the source came to.
@param now - Monotonic milliseconds.
@throws {InputError} When the header does not have the columns.
*/
export async function readForAnalysis(
	declaration: AnalysisDeclaration,
	source: ByteSource,
	kernel: Kernel,
	settings: ReadSettings,
	postSoFar: (result: ResultObject, bytesConsumed: number) => void,
	now = monotonicMs,
): Promise<{readonly result: ResultObject; readonly formsRead: FormsRead}> {
	const {postsEachChunk = false} = settings;
	const layout = layOutStates(declaration);
	const finish = (): ResultObject => {
		const [figures] = reading.takeFigures();
		return finishState(figures === undefined ? createState(layout) : stateOfFigures(layout, figures, reading.encoding));
	};
	let postAtMs = now() + SO_FAR_INTERVAL_MS;
	const pulse: FoldPulse = {
		report() {
			const nowMs = now();
			if (nowMs < postAtMs && !postsEachChunk) return;
			postSoFar(finish(), reading.offset);
			const postedAtMs = now();
			postAtMs = postedAtMs + Math.max(SO_FAR_INTERVAL_MS, POSTING_PART * (postedAtMs - nowMs));
		},
		wait() {},
	};
	// Waits are simulated to watch a run; nobody watches this reading.
	const compile = (columns: MatchedHeader): Program => columns.compileOther(declaration);
	const reading = new KernelReading(kernel, {...settings, simulateIoMs: 0, rejectSpool: undefined}, pulse, compile);
	await reading.begin(source);
	await reading.readRecords(source);
	return {result: finish(), formsRead: reading.formsRead(true)};
}
