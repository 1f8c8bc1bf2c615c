// The terms of routes that all of a text decides: what stands in it, and which encoding it is in where its beginning does not say.
import type {Match} from '../../pipeline.ts';
import type {ContentLook} from './content-look.ts';
import {inOneLine} from './describe-terms.ts';
import {isSaidByAllBytes} from './dialect-term.ts';
import {ContainedText, linesThatFit, type TextSearch} from './text-search.ts';

export interface TextTerm {
	readonly term: 'contains' | 'matches' | 'dialect.encoding';
	readonly expected: string;
	/** What is said where it has not been found. */
	readonly found: string;
	/** `null` where it is about the encoding. */
	readonly createSearch: (() => TextSearch) | null;
	isFound: boolean;
}

export function textTermsOf({contains, matches, dialect}: Match): readonly TextTerm[] {
	const terms: TextTerm[] = [];
	const add = (
		term: TextTerm['term'],
		expected: string,
		found: string,
		createSearch: TextTerm['createSearch'],
	): void => {
		terms.push({term, expected, found, createSearch, isFound: false});
	};
	if (contains !== undefined)
		add('contains', inOneLine(contains), 'a text without it', () => new ContainedText(contains));
	if (matches !== undefined)
		add('matches', `a line that fits ${inOneLine(matches)}`, 'no such line', () => linesThatFit(matches));
	const encoding = dialect?.encoding;
	if (isSaidByAllBytes(encoding)) add('dialect.encoding', encoding, 'another encoding', null);
	return terms;
}

/**
Looks for terms in a text.

@param own - Those that decide; when all of them are found, nothing is read any more.
@returns Whether they are.
*/
export async function findTerms(
	text: ContentLook,
	wanted: readonly TextTerm[],
	own: readonly TextTerm[],
): Promise<boolean> {
	const searches = wanted.flatMap(term => {
		const search = term.createSearch?.();
		return search === undefined ? [] : [{term, search}];
	});
	const noteSearches = (): void => {
		for (const {term, search} of searches) term.isFound ||= search.isFound;
	};
	const noteEncoding = (encoding: string): void => {
		for (const term of wanted) if (term.createSearch === null) term.isFound ||= term.expected === encoding;
	};
	const {encoding} = await text.head();
	if (encoding !== null) noteEncoding(encoding);
	const areOwnFound = (): boolean => own.every(({isFound}) => isFound);
	const isUtf8 = await text.read(
		searches.map(({search}) => search),
		isUtf8SoFar => {
			noteSearches();
			if (encoding === null && !isUtf8SoFar) noteEncoding('windows-1252');
			return areOwnFound();
		},
	);
	if (areOwnFound()) return true;
	// All of it was read.
	noteSearches();
	if (encoding === null) noteEncoding(isUtf8 ? 'utf-8' : 'windows-1252');
	return areOwnFound();
}
