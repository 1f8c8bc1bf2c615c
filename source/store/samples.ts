// How far a run and its files had come at recent moments: what rates and remaining times are computed from.
import {withMoment} from './history.ts';
import type {FileState, RunState, Sample} from './state.ts';

/** Samples closer together than this add nothing to a rate. */
const SAMPLE_SPACING_MS = 250;
/** 40 × 250 ms: rates and the sparkline look back over the last 10 s. */
const SAMPLE_COUNT = 40;
/** The part of a state that tells how far the run has come. */
type Moment = Pick<RunState, 'isPaused' | 'heldCount' | 'counts' | 'elapsedMs' | 'bytesRead'> & {
	-readonly [Key in 'heldSinceMs' | 'samples' | 'history']: RunState[Key];
};

/**
Records how much has been read by now. While a person holds every running file, the clock of rates stands still: a pause
does not change the reading speed, and the remaining time does not grow.
*/
export function recordMoment(draft: Moment): void {
	const isHeld = draft.isPaused || (draft.heldCount > 0 && draft.heldCount === draft.counts.running);
	if (isHeld) draft.heldSinceMs ??= draft.elapsedMs;
	else if (draft.heldSinceMs !== null) {
		const heldMs = draft.elapsedMs - draft.heldSinceMs;
		draft.samples = draft.samples.map(sample => ({...sample, elapsedMs: sample.elapsedMs + heldMs}));
		draft.heldSinceMs = null;
	}
	if (draft.heldSinceMs === null) draft.samples = withSample(draft.samples, draft);
	draft.history = withMoment(draft.history, draft);
}

/** A held file gets no samples; on resume, its samples are moved past the pause. */
export function samplesAfter(file: FileState, next: FileState, elapsedMs: number): readonly Sample[] {
	if (next.isPaused) return file.samples;
	const last = file.samples.at(-1);
	const heldMs = file.isPaused && last !== undefined ? elapsedMs - last.elapsedMs : 0;
	const samples =
		heldMs > 0 ? file.samples.map(sample => ({...sample, elapsedMs: sample.elapsedMs + heldMs})) : file.samples;
	return withSample(samples, {elapsedMs, bytesRead: next.bytesRead});
}

function withSample(samples: readonly Sample[], now: Sample): readonly Sample[] {
	const last = samples.at(-1);
	if (last !== undefined && now.elapsedMs - last.elapsedMs < SAMPLE_SPACING_MS) return samples;
	return [...samples.slice(1 - SAMPLE_COUNT), {elapsedMs: now.elapsedMs, bytesRead: now.bytesRead}];
}
