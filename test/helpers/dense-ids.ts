// Sets of ids as the kernel gives them: some as bits, others as keys.
import fc from 'fast-check';
import type {DenseIds} from '../../source/analysis/dense-ids.ts';
import {addDistinct, createDistinct, type DistinctCaps, type DistinctValues} from '../../source/analysis/distinct.ts';

export interface Form {
	readonly prefix: string;
	readonly length: number;
	readonly words: number;
}

export const forms: readonly Form[] = [
	{prefix: 'C', length: 5, words: 32},
	{prefix: 'C', length: 5, words: 4},
	{prefix: 'C', length: 0, words: 32},
	{prefix: 'C0', length: 5, words: 32},
	{prefix: '', length: 0, words: 16},
	{prefix: '', length: 4, words: 16},
	{prefix: '\xffprefix8', length: 12, words: 16},
];

/** The partial of ids as the kernel gives it: those of the form as bits, the others as keys. */
export function partialOf(ids: Iterable<string>, form: Form | null, caps?: DistinctCaps): DistinctValues {
	const partial = createDistinct(caps);
	if (form === null) {
		for (const id of ids) addDistinct(partial, id);
		return partial;
	}
	const {prefix, length, words} = form;
	const denseIds: DenseIds = {prefix, length, bits: new Uint32Array(words), count: 0};
	for (const id of new Set(ids)) {
		const number = Number(id.slice(prefix.length));
		const isOfForm =
			/^\d{1,8}$/.test(id.slice(prefix.length)) &&
			id === prefix + String(number).padStart(length - prefix.length, '0') &&
			(length === 0 || id.length === length);
		if (!isOfForm || number >= words * 32) addDistinct(partial, id);
		else {
			denseIds.bits[number >>> 5] = (denseIds.bits[number >>> 5] ?? 0) | (1 << (number & 31));
			denseIds.count++;
		}
	}
	return denseIds.count === 0 ? partial : {...partial, denseIds};
}

export const id = fc.oneof(
	...forms.map(({prefix, length}) =>
		fc.oneof(
			fc.integer({min: 0, max: 1200}).map(number => prefix + String(number).padStart(length - prefix.length, '0')),
			fc.integer({min: 0, max: 99}).map(number => `${prefix}${number}`),
		),
	),
	fc.constantFrom('', 'C', 'C-1', 'C00', '00', '0', '007', 'C0001x', '123456789', 'an id of more than 15 bytes 7'),
);
