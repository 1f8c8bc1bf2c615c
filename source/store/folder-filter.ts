// Which files of a watched folder its list shows, and in which order. The filter is one line of terms, all of which must hold:
//
//   orders           the name contains it, ignoring case; "two words" in quotes
//   status:failed    the state, or its beginning; several with commas
//   tag:sales        the route, or the beginning of its name; several with commas
//   !term            the files for which the term does not hold
//
// As in the list of a run, a term that cannot be understood is an error and is never ignored.
import type {WatchedFile, WatchedFileState} from '../model/watched-folder.ts';
import {safe} from '../text/safe.ts';
import {splitWords} from './filter.ts';

export interface FolderFilter {
	readonly terms: readonly {readonly isNegated: boolean; readonly test: (file: WatchedFile) => boolean}[];
}

export type ParsedFolderFilter =
	| {readonly ok: true; readonly filter: FolderFilter}
	| {readonly ok: false; readonly message: string};

const STATES: readonly WatchedFileState[] = [
	...(['waiting', 'growing', 'skipped', 'processing', 'completed', 'failed', 'duplicate'] as const),
];

/** An empty line is a filter that every file passes. */
export function parseFolderFilter(text: string): ParsedFolderFilter {
	const terms: FolderFilter['terms'][number][] = [];
	for (const word of splitWords(text)) {
		const marks = /^!*/.exec(word)?.[0].length ?? 0;
		const test = parseTest(word.slice(marks));
		if (typeof test === 'string') return {ok: false, message: test};
		terms.push({isNegated: marks % 2 === 1, test});
	}
	return {ok: true, filter: {terms}};
}

/** @returns An error message, where it is a string. */
function parseTest(word: string): ((file: WatchedFile) => boolean) | string {
	if (word === '') return 'After ! comes what the files must not match, as in !tmp';
	const [, name = '', value = ''] = word.startsWith('"') ? [] : (/^([a-z]+)[:=](.*)$/isu.exec(word) ?? []);
	const beginnings = value.toLowerCase().split(',');
	switch (name.toLowerCase()) {
		case '': {
			const wanted = word.replaceAll('"', '').toLowerCase();
			return wanted === '' ? 'There is nothing between the quotes' : ({file}) => file.toLowerCase().includes(wanted);
		}
		case 'status':
		case 'state': {
			const unknown = beginnings.find(
				beginning => !STATES.some(state => beginning !== '' && state.startsWith(beginning)),
			);
			if (unknown === undefined) return ({state}) => beginnings.some(beginning => state.startsWith(beginning));
			const known = STATES.join(', ');
			return unknown === ''
				? `After status: comes one of ${known}`
				: `There is no status “${safe(unknown)}”, only ${known}`;
		}
		case 'tag':
			if (beginnings.includes('')) return 'After tag: comes the name of a route, as in tag:sales';
			return ({tag}) => beginnings.some(beginning => tag?.toLowerCase().startsWith(beginning));
		default:
			return `There is no “${safe(name)}” to filter by, only status, tag; for the text, put it in quotes`;
	}
}

/** The files that pass, by the time when they came. Those without one come last. */
export function arrangeFolder(
	files: readonly WatchedFile[],
	filter: FolderFilter | null,
	isOldestFirst: boolean,
): readonly WatchedFile[] {
	const sign = isOldestFirst ? 1 : -1;
	return files
		.filter(file => filter === null || filter.terms.every(({isNegated, test}) => test(file) !== isNegated))
		.sort((left, right) => {
			if (left.cameAt === null || right.cameAt === null)
				return Number(left.cameAt === null) - Number(right.cameAt === null);
			return sign * (left.cameAt - right.cameAt || (left.key < right.key ? -1 : 1));
		});
}
