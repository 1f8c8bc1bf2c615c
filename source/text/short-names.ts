// Names for a list on the screen, cut so that the part in which they differ stays visible.
import {type CutOptions, splitGraphemes, truncateEnd, truncateMiddle, truncatePath} from './width.ts';

/**
Cuts names to at most `columns`. Names that look the same after the usual cut are cut in their middle, and where they
still look the same, around the first place where they differ.
*/
export function shortenNames(names: readonly string[], columns: number, options: CutOptions = {}): string[] {
	const shortened = names.map(name => truncatePath(name, columns, options));
	for (const places of findLookAlikes(names, shortened)) {
		const group = places.map(place => names[place] ?? '');
		const others = new Set(shortened.filter((_, place) => !places.includes(place)));
		const ways = [
			group.map(name => truncateMiddle(name, columns, options)),
			cutAroundDifference(group, columns, options),
		];
		const distinct = ways.find(
			cut => new Set(cut).size === new Set(group).size && cut.every(name => !others.has(name)),
		);
		for (const [index, place] of places.entries()) shortened[place] = distinct?.[index] ?? shortened[place] ?? '';
	}
	return shortened;
}

/** Groups of indexes of different names that look the same. */
function findLookAlikes(names: readonly string[], shortened: readonly string[]): number[][] {
	const groups = new Map<string, number[]>();
	for (const [place, text] of shortened.entries()) {
		const group = groups.get(text);
		if (group === undefined) groups.set(text, [place]);
		else group.push(place);
	}
	return [...groups.values()].filter(places => new Set(places.map(place => names[place])).size > 1);
}

function cutAroundDifference(names: readonly string[], columns: number, options: CutOptions): string[] {
	const split = names.map(splitGraphemes);
	const [first = [], ...rest] = split;
	let same = 0;
	while (same < first.length && rest.every(name => name[same] === first[same])) same++;
	// A little of the common part shows the context.
	const start = Math.max(0, same - Math.floor(columns / 4));
	const mark = options.ascii === true ? '~' : '…';
	return split.map(name => truncateEnd((start === 0 ? '' : mark) + name.slice(start).join(''), columns, options));
}
