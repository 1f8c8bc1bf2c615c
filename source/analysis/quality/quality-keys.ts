// The keys of rows of the result of quality, in their order. `exact` and `error` are those of estimates.

export const qualityColumnKeys = [
	'name',
	'missing',
	'out_of_type',
	'blanks',
	'case_variants',
	'outliers',
	'constant',
	'empty',
	'exact',
] as const;

export const findingKeys = ['kind', 'column', 'count', 'share', 'exact', 'error', 'examples', 'text'] as const;

/** Of a part of a result; an empty list where it has no rows. */
export function qualityRowKeys(part: unknown): readonly string[] {
	return part === 'columns' ? qualityColumnKeys : part === 'findings' ? findingKeys : [];
}
