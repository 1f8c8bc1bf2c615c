// The results of all files of an analysis, merged as they come: merging is commutative, so the order does not matter.
import {setImmediate as nextTurn} from 'node:timers/promises';
import {completeTables} from '../../analysis/complete-tables.ts';
import {finishState} from '../../analysis/finish.ts';
import {discard} from '../../analysis/groups/large-memory.ts';
import {decodePartial, decodePartialInTurns, encodePartial} from '../../analysis/partial/partial.ts';
import {knownNames, layoutOf} from '../../analysis/registry.ts';
import {
	type AnalysisState,
	absorbState,
	absorbStateInTurns,
	createState,
	discardState,
	hasGivenUpTables,
} from '../../analysis/state.ts';
import type {CompleteTable} from '../../model/complete-table.ts';
import type {AnalysisResult, AnalysisResults} from '../../model/results.ts';
import type {FoldedFile, NamedPartial} from './protocol.ts';

/** What records came to, where it is merged and finished; on its way it is a partial. */
export interface NamedState {
	readonly analysis: string;
	readonly state: AnalysisState;
}

export const encodeState = ({analysis, state}: NamedState): NamedPartial => ({
	analysis,
	partial: encodePartial(state, 'between-threads'),
});

/** The same of a state that is not looked at any more. */
export function packState(named: NamedState): NamedPartial {
	const partial = encodeState(named);
	discardState(named.state);
	return partial;
}

export const decodeState = ({analysis, partial}: NamedPartial): NamedState => ({
	analysis,
	state: decodePartial(partial, layoutOf(analysis), 'between-threads'),
});

/** The same with turns for others. */
export const decodeStateInTurns = async ({analysis, partial}: NamedPartial): Promise<NamedState> => ({
	analysis,
	state: await decodePartialInTurns(partial, layoutOf(analysis), nextTurn),
});

/** The same, where the bytes are not looked at any more. */
export async function takeStateInTurns(named: NamedPartial): Promise<NamedState> {
	const state = await decodeStateInTurns(named);
	discard(named.partial);
	return state;
}

/** What a file came to for one analysis. */
export interface FileResult {
	readonly analysis: string;
	readonly acceptedRows: number;
	readonly result: AnalysisResult;
}

/**
The results of a file that is merged with no other.

@returns Also what gives its partials, as they cross threads.
*/
export async function finishAlone({
	folded,
}: FoldedFile): Promise<{readonly results: readonly FileResult[]; readonly encode: () => readonly NamedPartial[]}> {
	const results: FileResult[] = [];
	for (const each of folded) {
		const {analysis, state} = 'partial' in each ? await decodeStateInTurns(each) : each;
		results.push({analysis, acceptedRows: state.records, result: each.result ?? finishState(state)});
		if ('partial' in each) discardState(state);
	}
	return {results, encode: () => folded.map(each => ('partial' in each ? each : packState(each)))};
}

/** Where the partials come from. */
export interface GroupSource {
	readonly giveUpGroups: (analysis: string) => void;
}

export class Consolidation {
	readonly #states = new Map<string, AnalysisState>();
	/** Of analyses that have had a single state so far: its result, which is that of all. */
	readonly #resultsOfOne = new Map<string, AnalysisResult>();

	/** What `finish` said last, while nothing has been added: views ask every second, and 500,000 groups take 10 ms. */
	#finished: AnalysisResults | null = null;
	readonly #source: GroupSource | null;

	/** @param source - Told when groups of further files are not needed any more. */
	constructor(source: GroupSource | null = null) {
		this.#source = source;
	}

	/** Takes states in that are not looked at any more. */
	absorb(...states: readonly NamedState[]): void {
		for (const {analysis, state} of states) {
			this.#resultsOfOne.delete(analysis);
			absorbState(this.#target(analysis), state);
		}
	}

	/** The same with turns for others. */
	async absorbInTurns({analysis, state}: NamedState): Promise<void> {
		this.#resultsOfOne.delete(analysis);
		await absorbStateInTurns(this.#target(analysis), state, nextTurn);
		this.#finished = null;
		if (hasGivenUpTables(this.#target(analysis))) this.#source?.giveUpGroups(analysis);
	}

	/** Resolves with the results of a file, when they are among those of all. */
	async takeIn({folded}: FoldedFile): Promise<readonly FileResult[]> {
		const results: FileResult[] = [];
		for (const each of folded) {
			const {analysis, state} = 'partial' in each ? await takeStateInTurns(each) : each;
			const result = each.result ?? finishState(state);
			results.push({analysis, acceptedRows: state.records, result});
			const isFirst = !this.#states.has(analysis);
			const absorbing = this.absorbInTurns({analysis, state});
			if (isFirst && each.result === undefined) this.#resultsOfOne.set(analysis, result);
			await absorbing;
		}
		return results;
	}

	#target(analysis: string): AnalysisState {
		this.#finished = null;
		const known = this.#states.get(analysis);
		if (known !== undefined) return known;
		const created = createState(layoutOf(analysis));
		this.#states.set(analysis, created);
		return created;
	}

	/** Hands over what has been merged, to be merged elsewhere. */
	take(): NamedState[] {
		const states = Array.from(this.#states, ([analysis, state]) => ({analysis, state}));
		this.#states.clear();
		this.#resultsOfOne.clear();
		this.#finished = null;
		return states;
	}

	/** The tables of every analysis that at least one file was for, with all of their rows. */
	tables(): readonly CompleteTable[] {
		return this.#names().flatMap(name => {
			const state = this.#states.get(name);
			return state === undefined ? [] : completeTables(state);
		});
	}

	/** In one order, however files came. A question has a name of its own. */
	#names(): readonly string[] {
		const known = knownNames();
		return [...known, ...Array.from(this.#states.keys()).filter(name => !known.includes(name))];
	}

	/** The results of every analysis that at least one file was for. */
	finish(): AnalysisResults {
		if (this.#finished !== null) return this.#finished;
		this.#finished = Object.fromEntries(
			this.#names().flatMap(name => {
				const state = this.#states.get(name);
				return state === undefined ? [] : [[name, this.#resultsOfOne.get(name) ?? finishState(state)]];
			}),
		);
		return this.#finished;
	}
}
