// Lists come page by page, with an opaque cursor for the next one (RFC 8288): never by counting, because something may be removed meanwhile.
import type {FastifyReply} from 'fastify';
import {addLinks} from './answer-links.ts';
import {problem} from './problem.ts';

export interface PageQuery {
	readonly limit: number;
	readonly cursor?: string;
}

export const MAX_PAGE = 1000;

/** A name of a file has up to 255 bytes, and what stands before it. */
const MAX_CURSOR = 1000;

export const pageProperties = {
	limit: {type: 'integer', minimum: 1, maximum: MAX_PAGE, default: 100},
	cursor: {type: 'string', maxLength: MAX_CURSOR},
} as const;

export const pageQuery = {type: 'object', properties: pageProperties} as const;

export interface Page<Item> {
	readonly items: readonly Item[];
	readonly next: string | null;
}

/** How the place of an item in its list is written in a cursor. */
export interface Places<Item, Place> {
	readonly write: (item: Item) => string;
	/** `null`: the cursor is none. */
	readonly read: (cursor: string) => Place | null;
}

export const byNumber: Places<{readonly number: number}, number> = {
	write: ({number}) => number.toString(36),
	read(cursor) {
		const number = Number.parseInt(cursor, 36);
		return Number.isSafeInteger(number) && number.toString(36) === cursor ? number : null;
	},
};

/** @param textOf - What no other item of the list has. */
export const byText = <Item>(textOf: (item: Item) => string): Places<Item, string> => {
	const write = (text: string): string => Buffer.from(text).toString('base64url');
	return {
		write: item => write(textOf(item)),
		read(cursor) {
			const text = Buffer.from(cursor, 'base64url').toString();
			return text !== '' && write(text) === cursor ? text : null;
		},
	};
};

/**
@param path - Of the list, for the link to the next page, which has the other parameters of the query, too.
@param find - Gives so many behind a place; `null`: from the beginning.
@throws {Problem} Where the cursor is none.
*/
export function pageOf<Item, Place>(
	reply: FastifyReply,
	path: string,
	query: PageQuery,
	places: Places<Item, Place>,
	find: (after: Place | null, limit: number) => readonly Item[],
): Page<Item> {
	const {limit} = query;
	const found = find(placeOf(query, places), limit + 1);
	const items = found.slice(0, limit);
	const last = found.length > limit ? items.at(-1) : undefined;
	const next = last === undefined ? null : places.write(last);
	linkNext(reply, path, query, next);
	return {items, next};
}

/** Where a page begins; `null`: from the beginning. @throws {Problem} Where the cursor is none. */
export function placeOf<Item, Place>({cursor}: PageQuery, places: Places<Item, Place>): Place | null {
	const after = cursor === undefined ? null : places.read(cursor);
	if (cursor !== undefined && after === null) throw problem('BAD_CURSOR', 'Expected the cursor of an earlier page.');
	return after;
}

/** @param next - The cursor of the next page; `null`: there is none. */
export function linkNext(
	reply: FastifyReply,
	path: string,
	{limit, cursor: _, ...filter}: PageQuery,
	next: string | null,
): void {
	if (next === null) return;
	const query = new URLSearchParams({limit: `${limit}`, cursor: next, ...filter});
	addLinks(reply, [`<${path}?${query}>; rel="next"`]);
}
