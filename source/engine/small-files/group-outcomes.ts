// What a thread reported of the files of a group, with their figures.
import type {KeptTexts, TextSlice} from '../../text/kept-texts.ts';
import type {OutcomeList, SmallFileOutcome, SummedFile} from '../shared/protocol.ts';

export interface SmallFileCompleted {
	readonly type: 'summed';
	readonly file: SummedFile & {readonly elapsedMs: number};
	readonly resultText: TextSlice | null;
}

type ReportedOutcome = SmallFileCompleted | Exclude<SmallFileOutcome, {type: 'completed'}>;
export type GroupedOutcome = Exclude<ReportedOutcome, {type: 'skipped'}>;

export interface ReportedOutcomes {
	readonly length: number;
	readonly at: (place: number) => ReportedOutcome | undefined;
}

export const elapsedMsOf = (outcome: GroupedOutcome): number =>
	outcome.type === 'summed' ? outcome.file.elapsedMs : outcome.elapsedMs;

/** Gives each file the figures that came beside the outcomes. */
export function withTexts(outcomes: OutcomeList, kept: KeptTexts, bytes: Uint8Array): ReportedOutcomes {
	const lengths = Array.from(outcomes, outcome => (outcome.type === 'completed' ? outcome.textBytes : 0));
	const texts = kept.keep(bytes, lengths);
	return {
		length: outcomes.length,
		at(place) {
			const outcome = outcomes.at(place);
			if (outcome?.type !== 'completed') return outcome;
			return {type: 'summed', file: outcome, resultText: outcome.textBytes === 0 ? null : (texts[place] ?? null)};
		},
	};
}
