// Lists come page by page, with an opaque cursor for the next one (RFC 8288): never by counting, because something may be removed meanwhile.
import type {FastifyReply} from 'fastify';
import {problem} from './problem.ts';

export interface PageQuery {
	readonly limit: number;
	readonly cursor?: string;
}

export const MAX_PAGE = 1000;

export const pageProperties = {
	limit: {type: 'integer', minimum: 1, maximum: MAX_PAGE, default: 100},
	cursor: {type: 'string', maxLength: 100},
} as const;

export const pageQuery = {type: 'object', properties: pageProperties} as const;

export interface Page<Item> {
	readonly items: readonly Item[];
	readonly next: string | null;
}

/**
@param path - Of the list, for the link to the next page, which has the other parameters of the query, too.
@param find - Gives so many behind a place, which is the number of an item; `null`: from the beginning.
@throws {Problem} Where the cursor is none.
*/
export function pageOf<Item extends {readonly number: number}>(
	reply: FastifyReply,
	path: string,
	{limit, cursor, ...filter}: PageQuery,
	find: (after: number | null, limit: number) => readonly Item[],
): Page<Item> {
	const after = cursor === undefined ? null : Number.parseInt(cursor, 36);
	if (after !== null && !Number.isSafeInteger(after))
		throw problem('BAD_CURSOR', 'Expected the cursor of an earlier page.');
	const found = find(after, limit + 1);
	const items = found.slice(0, limit);
	const last = found.length > limit ? items.at(-1) : undefined;
	const next = last?.number.toString(36) ?? null;
	if (next !== null) {
		const query = new URLSearchParams({limit: `${limit}`, cursor: next, ...filter});
		reply.header('link', `<${path}?${query}>; rel="next"`);
	}
	return {items, next};
}
