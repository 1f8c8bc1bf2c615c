// The results of all files of an analysis, merged as they come: merging is commutative, so the order does not matter.
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {AnalysisPartials} from '../../analysis/analysis.ts';
import {analyses, analysisNames} from '../../analysis/registry.ts';
import type {AnalysisName, AnalysisResult, AnalysisResults} from '../../analysis/results.ts';
import type {FoldedFile, FoldedPartial} from './protocol.ts';

/** The figures of one partial. */
export const finishPartial = ({analysis, partial}: FoldedPartial): AnalysisResult => analyses[analysis].finish(partial);

/** A partial of a source in Windows-1252, with its texts in UTF-8. */
export const partialInUtf8 = ({analysis, partial}: FoldedPartial): FoldedPartial => ({
	analysis,
	partial: analyses[analysis].inUtf8(partial),
});

/** One partial as it travels to another thread. */
export const packPartial = ({analysis, partial}: FoldedPartial): FoldedPartial => ({
	analysis,
	partial: analyses[analysis].pack(partial),
});

/** Gives the memory of a partial back that is not looked at any more. */
export const discardPartial = ({analysis, partial}: FoldedPartial): void => {
	analyses[analysis].discard(partial);
};

/** Gives the groups of a partial up, which those it is merged into have done already. */
export const giveUpGroupsOf = ({analysis, partial}: FoldedPartial): void => {
	analyses[analysis].giveUpGroups(partial);
};

/** What of a packed partial need not be copied on its way. */
export const buffersOfPartial = ({analysis, partial}: FoldedPartial): ArrayBuffer[] =>
	analyses[analysis].buffersOf(partial);

/** Where the partials come from. */
export interface GroupSource {
	readonly giveUpGroups: () => void;
}

export class Consolidation {
	readonly #partials: {-readonly [Name in AnalysisName]?: AnalysisPartials[Name]} = {};

	/** What `finish` said last, while nothing has been added: views ask every second, and 500,000 groups take 10 ms. */
	#finished: Partial<AnalysisResults> | null = null;
	readonly #source: GroupSource | null;

	/** @param source - Told when groups of further files are not needed any more. */
	constructor(source: GroupSource | null = null) {
		this.#source = source;
	}

	add({analysis, partial}: FoldedPartial): void {
		analyses[analysis].mergeInto(this.#target(analysis), partial);
	}

	/** The same for partials that are not looked at any more. */
	absorb(...partials: readonly FoldedPartial[]): void {
		for (const {analysis, partial} of partials) analyses[analysis].absorb(this.#target(analysis), partial);
	}

	/** The same with turns for others. */
	async absorbInTurns({analysis, partial}: FoldedPartial): Promise<void> {
		const target = this.#target(analysis);
		await analyses[analysis].absorbInTurns(target, partial, nextTurn);
		this.#finished = null;
		if (analysisNames.every(name => this.#hasGivenUpGroups(name))) this.#source?.giveUpGroups();
	}

	#hasGivenUpGroups<Name extends AnalysisName>(analysis: Name): boolean {
		const partial = this.#partials[analysis];
		return partial !== undefined && analyses[analysis].hasGivenUpGroups(partial);
	}

	/** Resolves with the figures of a file, when they are among those of all. */
	async takeIn({folded, result: known}: FoldedFile): Promise<AnalysisResult | null> {
		if (folded === null) return null;
		const result = known ?? finishPartial(folded);
		await this.absorbInTurns(folded);
		return result;
	}

	/** Gives its memory back. */
	discard(): void {
		for (const analysis of analysisNames) {
			const partial = this.#partials[analysis];
			if (partial !== undefined) discardPartial({analysis, partial});
		}
	}

	#target<Name extends AnalysisName>(analysis: Name): AnalysisPartials[Name] {
		this.#finished = null;
		const known = this.#partials[analysis];
		if (known !== undefined) return known;
		const created = analyses[analysis].createPartial();
		this.#partials[analysis] = created;
		return created;
	}

	/** What has been merged, to be merged elsewhere. */
	takePartials(): FoldedPartial[] {
		return analysisNames.flatMap(analysis => {
			const partial = this.#partials[analysis];
			return partial === undefined ? [] : [packPartial({analysis, partial})];
		});
	}

	/** The figures of every analysis that at least one file was for. */
	finish(): Partial<AnalysisResults> {
		if (this.#finished !== null) return this.#finished;
		const results: {-readonly [Name in AnalysisName]?: AnalysisResults[Name]} = {};
		for (const name of analysisNames) {
			const partial = this.#partials[name];
			if (partial !== undefined) results[name] = analyses[name].finish(partial);
		}
		this.#finished = results;
		return results;
	}
}
