// Parts of a file that come one after the other, from wherever its ranges are read: their states are merged as they come, so that there is
// one of each analysis, however many parts there are.
import {layoutOf} from '../../analysis/registry.ts';
import {createState, discardState} from '../../analysis/state.ts';
import {encodeState, type NamedState, takeStateInTurns} from '../shared/consolidation.ts';
import type {NamedPartial, RangedPart} from '../shared/protocol.ts';
import {absorbPart} from './merge-parts.ts';

export class PartSum {
	readonly #parts: RangedPart[] = [];
	#merged: readonly NamedState[] | null = null;
	#fits = true;
	/** One after the other: what is merged with turns for others must not be merged twice at a time. */
	#added: Promise<void> = Promise.resolve();

	/**
	Takes a part over, with turns for others.

	@throws {PartialError} Where its bytes are none; then nothing can be added or taken any more.
	*/
	add(part: RangedPart): Promise<void> {
		this.#added = this.#added.then(() => this.#absorb(part));
		return this.#added;
	}

	/** What there is so far, for who goes on from there: the first part has the states of all. Nothing where it is of no use. */
	copy(): Promise<readonly RangedPart[]> {
		const copied = this.#added.then(() => {
			if (!this.#fits || this.#merged === null) return [];
			const merged = this.#merged.map(encodeState);
			return this.#parts.map((part, place) => ({...part, folded: place === 0 ? merged : merged.map(emptyOf)}));
		});
		this.#added = copied.then(() => {});
		return copied;
	}

	/** All that there is, when what was added so far has been merged; no states where parts are not of the same analyses. */
	async take(): Promise<{readonly parts: readonly RangedPart[]; readonly merged: readonly NamedState[]}> {
		await this.#added;
		const merged = this.#merged ?? [];
		this.#merged = null;
		if (this.#fits) return {parts: this.#parts, merged};
		for (const {state} of merged) discardState(state);
		return {parts: this.#parts, merged: []};
	}

	/** Gives the memory back, also of what could not be added. */
	async discard(): Promise<void> {
		this.#fits = false;
		this.#added = this.#added.catch(() => {});
		await this.take();
	}

	async #absorb(part: RangedPart): Promise<void> {
		this.#parts.push({...part, folded: []});
		if (!this.#fits) return;
		if (this.#merged === null) this.#merged = await Promise.all(part.folded.map(takeStateInTurns));
		else this.#fits = await absorbPart(this.#merged, part.folded, takeStateInTurns);
	}
}

const emptyOf = ({analysis}: NamedPartial): NamedPartial =>
	encodeState({analysis, state: createState(layoutOf(analysis))});
