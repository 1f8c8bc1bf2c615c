// What a thread reported of the files of a group, with their figures.
import {ResultRow, ResultRows} from '../results/result-rows.ts';
import type {FileRows, OutcomeList, SmallFileOutcome, SummedFile} from '../shared/protocol.ts';

export interface SmallFileCompleted {
	readonly type: 'summed';
	readonly file: SummedFile & {readonly elapsedMs: number};
	/** Its figures; `null` where it is empty. */
	readonly row: ResultRow | null;
	/** See shared/kept-file.ts; a part of larger memory; `null` where it is not kept. */
	readonly kept: Uint8Array | null;
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
export function withResults(outcomes: OutcomeList, allRows: readonly FileRows[]): ReportedOutcomes {
	const blocks = allRows.map(rows => new ResultRows(rows));
	const results = new Array<ResultRow | null>(outcomes.length).fill(null);
	let block = 0;
	let start = 0;
	const kept = new Array<Uint8Array | null>(outcomes.kept === undefined ? 0 : outcomes.length).fill(null);
	let keptEnd = 0;
	for (let place = 0; place < outcomes.length; place++) {
		const outcome = outcomes.at(place);
		if (outcome?.type !== 'completed') continue;
		const {keptBytes = 0} = outcome;
		if (keptBytes > 0) kept[place] = outcomes.kept?.subarray(keptEnd, keptEnd + keptBytes) ?? null;
		keptEnd += keptBytes;
		if (outcome.rowBytes === 0) continue;
		if (start === blocks[block]?.length) {
			block++;
			start = 0;
		}
		const rows = blocks[block];
		if (rows === undefined || start + outcome.rowBytes > rows.length) throw new Error('Expected a row for each file');
		results[place] = new ResultRow(rows, start);
		start += outcome.rowBytes;
	}
	return {
		length: outcomes.length,
		at(place) {
			const outcome = outcomes.at(place);
			if (outcome?.type !== 'completed') return outcome;
			return {type: 'summed', file: outcome, row: results[place] ?? null, kept: kept[place] ?? null};
		},
	};
}
