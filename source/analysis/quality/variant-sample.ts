// A sample of texts that differ in case alone, where a column has too many different cells to keep all: the texts with the smallest hashes,
// in lower case, with all of their forms and how often each is there.
import {hash64, hashLongValue} from '../hash64.ts';
import {HASH_LIMIT} from '../position-sample.ts';
import {comparePlaces, keepFirst, type Place} from './places.ts';

/** Longer texts are not looked at; they are sentences. */
export const MAX_VARIANT_BYTES = 64;
/** Of a text with more forms, they are only counted. */
export const MAX_FORMS = 8;

export interface VariantSample {
	maxTexts: number;
	/** Texts with this hash or a larger one are not in the sample. */
	limit: number;
	/** By the text in lower case. */
	readonly texts: Map<string, SampledText>;
}

export interface SampledText {
	readonly hash: number;
	count: number;
	/** By the form as it is written, without blanks at its ends; `null` where there are too many. */
	forms: Map<string, CountedForm> | null;
}

export interface CountedForm {
	count: number;
	readonly first: Place[];
}

export const createVariants = (maxTexts: number): VariantSample => ({maxTexts, limit: HASH_LIMIT, texts: new Map()});

/** Letters of ASCII alone: in other encodings than UTF-8, others are not known before the end. */
const lowerCase = (text: string): string => text.replace(/[A-Z]+/g, letters => letters.toLowerCase());

/** @param text - Of a cell, without blanks at its ends. */
export function addVariant(sample: VariantSample, text: string, count: number, first: readonly Place[]): void {
	if (text.length > MAX_VARIANT_BYTES) return;
	const folded = lowerCase(text);
	const hash = hashOf(folded);
	if (hash < sample.limit) addText(sample, folded, {hash, count, forms: new Map([[text, {count, first: [...first]}]])});
}

const HIGH_BITS = 20;

/** @returns A whole number below `HASH_LIMIT`. */
export function hashOf(text: string): number {
	hashLongValue(text);
	return (hash64.high >>> (32 - HIGH_BITS)) * 2 ** 32 + (hash64.low >>> 0);
}

function addText(sample: VariantSample, folded: string, {hash, count, forms}: SampledText): void {
	const known = sample.texts.get(folded);
	if (known === undefined) {
		sample.texts.set(folded, {hash, count, forms: forms === null ? null : copyForms(forms)});
		if (sample.texts.size > 2 * sample.maxTexts) settleVariants(sample);
		return;
	}
	known.count += count;
	if (forms === null) known.forms = null;
	else for (const [form, counted] of forms) addForm(known, form, counted);
}

function addForm(known: SampledText, form: string, {count, first}: CountedForm): void {
	const {forms} = known;
	if (forms === null) return;
	const own = forms.get(form);
	if (own === undefined) {
		forms.set(form, {count, first: [...first]});
		if (forms.size > MAX_FORMS) known.forms = null;
		return;
	}
	own.count += count;
	for (const place of first) keepFirst(own.first, place, comparePlaces);
}

const copyForms = (forms: ReadonlyMap<string, CountedForm>): Map<string, CountedForm> =>
	new Map(Array.from(forms, ([form, {count, first}]) => [form, {count, first: [...first]}]));

/** Leaves the texts that belong to the sample, in their order. */
export function settleVariants(sample: VariantSample): void {
	const all = [...sample.texts].filter(([, {hash}]) => hash < sample.limit).sort(compareTexts);
	const next = all[sample.maxTexts];
	if (next !== undefined) sample.limit = next[1].hash;
	sample.texts.clear();
	for (const [text, sampled] of all) if (sampled.hash < sample.limit) sample.texts.set(text, sampled);
}

/** By hash, then by text. */
export const compareTexts = (
	[one, {hash: left}]: readonly [string, SampledText],
	[other, {hash: right}]: readonly [string, SampledText],
): number => left - right || (one < other ? -1 : 1);

/** Merges `source` into `target`; `source` is left as it is. */
export function mergeVariants(target: VariantSample, source: VariantSample): void {
	target.limit = Math.min(target.limit, source.limit);
	for (const [text, sampled] of source.texts) if (sampled.hash < target.limit) addText(target, text, sampled);
}

/** The same with other texts; their hashes stay those of the file. */
export function mapVariants(source: VariantSample, toText: (text: string) => string): VariantSample {
	const target: VariantSample = {...createVariants(source.maxTexts), limit: source.limit};
	for (const [text, {hash, count, forms}] of source.texts)
		target.texts.set(toText(text), {
			hash,
			count,
			forms: forms === null ? null : new Map(Array.from(copyForms(forms), ([form, of]) => [toText(form), of])),
		});
	return target;
}
