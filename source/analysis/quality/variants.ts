// Cells that differ from others in case alone: of each text, all forms but the most frequent one.
import {readCell} from '../columns/cell.ts';
import {type CellSample, countTexts} from '../columns/cell-sample.ts';
import {decodeBytes} from '../text-encoding.ts';
import {mayVary, trimBlanks} from './column-faults.ts';
import {comparePlacedCells, keepFirst, type Place, type PlacedCell, placeCell} from './places.ts';

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

/** The forms of each text. Blanks at the ends of cells are another fault. @param cells - In UTF-8. */
export function groupForms(cells: Iterable<Form>): readonly (readonly Form[])[] {
	const groups = new Map<string, Map<string, Form>>();
	for (const {text, count, first} of cells) {
		if (!mayVary(readCell(text))) continue;
		const form = trimBlanks(text);
		const folded = decodeBytes(form, 'utf-8').toLowerCase();
		const forms = groups.get(folded) ?? new Map<string, Form>();
		const known = forms.get(form);
		forms.set(form, {text: form, count: count + (known?.count ?? 0), first: [...(known?.first ?? []), ...first]});
		groups.set(folded, forms);
	}
	return Array.from(groups.values(), forms => Array.from(forms.values()));
}

export interface EstimatedVariants extends Variants {
	/** The standard error of the share of such cells. */
	readonly error: number;
}

/**
By the share that they have in a sample: of texts that are so rare that none of them is in it twice, nothing is known.

@param sample - Settled. @param cells - How many texts the column has.
*/
export function estimateVariants(sample: CellSample, cells: number): EstimatedVariants {
	const groups = groupForms(Array.from(countTexts(sample), ([text, count]) => ({text, count, first: []})));
	const sampled = groups.flat().reduce((sum, {count}) => sum + count, 0);
	const found = findVariants(groups);
	return {
		...found,
		count: sampled === 0 ? 0 : Math.round((found.count / sampled) * cells),
		error: 1 / Math.sqrt(Math.max(1, sampled)),
	};
}
