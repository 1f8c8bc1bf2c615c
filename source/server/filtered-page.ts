// A page of what is left of a long list by a filter. Others have their turn between some items and the next ones: of each, a report may have to be
// unpacked.
import {setImmediate as nextTurn} from 'node:timers/promises';

/** Items of one turn: to unpack and parse the report of each takes a tenth of a millisecond and more. */
const READ_AT_A_TIME = 50;
/** Most may be filtered out: then a page is what of so many is left. */
const LOOKED_AT_FOR_A_PAGE = 5000;

/**
@param read - Gives so many that follow the one with a number.
@param after - The number of the one in front of the page.
@returns Also after which one the next page begins; `null`: there is none. A page may have fewer items than its limit, and another one behind it.
*/
export async function findPage<Item extends {readonly number: number}>(
	read: (last: number, count: number) => readonly Item[],
	matches: (item: Item) => boolean,
	{after, limit}: {readonly after: number; readonly limit: number},
): Promise<{readonly items: readonly Item[]; readonly next: number | null}> {
	const items: Item[] = [];
	let last = after;
	for (let looked = 0; looked < LOOKED_AT_FOR_A_PAGE; looked += READ_AT_A_TIME) {
		const found = read(last, READ_AT_A_TIME);
		for (const item of found) {
			if (matches(item)) {
				// There is one more than there is room for.
				if (items.length === limit) return {items, next: last};
				items.push(item);
			}
			last = item.number;
		}
		if (found.length < READ_AT_A_TIME) return {items, next: null};
		await nextTurn();
	}
	return {items, next: last};
}
