// Lists that are asked for by a line of terms.
import {type Filter, parseFilter} from '../store/filter.ts';
import {type PageQuery, pageProperties} from './paging.ts';
import {problem} from './problem.ts';
import {ofProperty} from './whose.ts';

export interface FilterQuery extends PageQuery {
	readonly q?: string;
	readonly of?: string;
}

export const filterQuery = {
	type: 'object',
	properties: {
		...pageProperties,
		q: {
			type: 'string',
			maxLength: 1000,
			description: 'Terms as in the filter of the dashboard: status:failed size>1GB',
		},
	},
} as const;

/** The same, also of other accounts. */
export const filterQueryOf = {...filterQuery, properties: {...filterQuery.properties, of: ofProperty}} as const;

/** @throws {Problem} When a term cannot be understood. */
export function readFilter(text: string): Filter {
	const parsed = parseFilter(text);
	if (!parsed.ok) throw problem('BAD_FILTER', `${parsed.message}.`);
	return parsed.filter;
}
