import {finishState} from '../../source/analysis/finish.ts';
import {type AnalysisState, createState, mergeState} from '../../source/analysis/state.ts';
import {decodeState, type NamedState} from '../../source/engine/shared/consolidation.ts';
import type {NamedPartial} from '../../source/engine/shared/protocol.ts';
import type {AnalysisResult} from '../../source/model/results.ts';

export const toState = (folded: NamedPartial | NamedState): AnalysisState =>
	'partial' in folded ? decodeState(folded).state : folded.state;

export const resultOf = (folded: NamedPartial | NamedState | null | undefined): AnalysisResult | null =>
	folded == null ? null : finishState(toState(folded));

/** Of the estimate of the first column whose values are counted; `null` where it is exact. */
export const registersOf = (folded: NamedPartial | NamedState): Uint8Array | null =>
	toState(folded).sets[0]?.registers ?? null;

export function copyOf(state: AnalysisState): AnalysisState {
	const copy = createState(state.layout);
	mergeState(copy, state);
	return copy;
}
