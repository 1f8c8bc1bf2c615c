import {finishState} from '../../source/analysis/finish.ts';
import {type AnalysisState, createState, mergeState} from '../../source/analysis/state.ts';
import {decodeState, type NamedState} from '../../source/engine/shared/consolidation.ts';
import type {NamedPartial} from '../../source/engine/shared/protocol.ts';
import type {Folded, TakenState} from '../../source/engine/worker/read/fold.ts';
import type {AnalysisResult} from '../../source/model/results.ts';

type Named = NamedPartial | NamedState;

export const toState = (folded: Named): AnalysisState =>
	'partial' in folded ? decodeState(folded).state : folded.state;

/** Of a file for one analysis; `null` where it is empty. */
export function onlyOf<Each>(folded: Iterable<Each>): Each | null {
	const [only, ...others] = folded;
	if (others.length > 0) throw new Error('Expected a file of one analysis');
	return only ?? null;
}

/** What a reading for one analysis came to, with all groups. */
export const takeState = ({take}: Pick<Folded, 'take'>): NamedState | null => onlyOf(take(() => true));

/** The same without its groups, but with its result. */
export const takeListed = ({take}: Pick<Folded, 'take'>): TakenState | null => onlyOf(take(() => false));

const isList = (folded: Named | readonly Named[] | null | undefined): folded is readonly Named[] =>
	Array.isArray(folded);

/** Of a file for one analysis. */
export function resultOf(folded: Named | readonly Named[] | null | undefined): AnalysisResult | null {
	const only = isList(folded) ? onlyOf(folded) : folded;
	return only == null ? null : finishState(toState(only));
}

/** Of the estimate of the first column whose values are counted; `null` where it is exact. */
export function registersOf(folded: Named | readonly Named[]): Uint8Array | null {
	const only = isList(folded) ? onlyOf(folded) : folded;
	return only === null ? null : (toState(only).sets[0]?.registers ?? null);
}

export function copyOf(state: AnalysisState): AnalysisState {
	const copy = createState(state.layout);
	mergeState(copy, state);
	return copy;
}
