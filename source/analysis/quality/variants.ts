// Cells that differ from others in case alone: of each text, all forms but the most frequent one.
import {comparePlacedCells, keepFirst, type Place, type PlacedCell, placeCell} from './places.ts';
import type {VariantSample} from './variant-sample.ts';

export interface Variants {
	readonly count: number;
	readonly first: readonly PlacedCell[];
	/** Two forms of a text, the most frequent one in front; of the text with the most other forms. */
	readonly pair: readonly [string, string] | null;
}

export interface Form {
	readonly text: string;
	readonly count: number;
	readonly first: readonly Place[];
}

/** @param groups - The forms of each text. */
export function findVariants(groups: Iterable<readonly Form[]>): Variants {
	const first: PlacedCell[] = [];
	let count = 0;
	let pair: {readonly texts: readonly [string, string]; readonly count: number} | null = null;
	for (const forms of groups) {
		const [usual, ...others] = [...forms].sort(compareForms);
		const [next] = others;
		if (usual === undefined || next === undefined) continue;
		const sum = others.reduce((all, form) => all + form.count, 0);
		count += sum;
		const texts = [usual.text, next.text] as const;
		const isMore = pair === null || sum > pair.count || (sum === pair.count && usual.text < pair.texts[0]);
		if (isMore) pair = {texts, count: sum};
		for (const form of others)
			for (const place of form.first) keepFirst(first, placeCell(place, form.text), comparePlacedCells);
	}
	return {count, first, pair: pair?.texts ?? null};
}

const compareForms = (one: Form, other: Form): number =>
	other.count - one.count || (one.text < other.text ? -1 : one.text > other.text ? 1 : 0);

export interface EstimatedVariants extends Variants {
	/** The standard error of the share of such cells. */
	readonly error: number;
}

/** @param sample - Settled. @param cells - How many texts the column has. */
export function estimateVariants({texts}: VariantSample, cells: number): EstimatedVariants {
	const groups: Form[][] = [];
	let [sampled, beyond] = [0, 0];
	for (const {count, forms} of texts.values()) {
		sampled += count;
		if (forms === null) beyond += count;
		else if (forms.size > 1) groups.push(Array.from(forms, ([text, form]) => ({text, ...form})));
	}
	const found = findVariants(groups);
	const share = sampled === 0 ? 0 : (found.count + beyond) / sampled;
	return {...found, count: Math.round(share * cells), error: 1 / Math.sqrt(Math.max(1, texts.size))};
}
