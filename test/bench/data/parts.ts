// The texts that records are put together from, as bytes beside each other: a record is a few copies of a few bytes.
import type {RowShape} from './kinds.ts';

/** Text number i is `bytes` from `starts[i]` to `starts[i + 1]`. */
export interface Texts {
	readonly bytes: Uint8Array;
	readonly starts: Uint32Array;
	readonly count: number;
}

export function packTexts(texts: readonly string[]): Texts {
	const starts = new Uint32Array(texts.length + 1);
	const encoded = texts.map(text => Buffer.from(text));
	for (const [index, text] of encoded.entries()) starts[index + 1] = (starts[index] ?? 0) + text.length;
	return {bytes: new Uint8Array(Buffer.concat(encoded)), starts, count: texts.length};
}

/** Everything of a record that is chosen from a list, with the delimiter or newline that follows. */
export interface Parts {
	readonly wholes: Texts;
	readonly fractions: Texts;
	readonly dates: Texts;
	readonly categories: Texts;
	/** Empty unless the kind has notes. */
	readonly notes: Texts;
	/** Numbers of categories: the more often one is in here, the more records have it. */
	readonly categoryDraw: Uint32Array;
}

const WORDS = ['groceries', 'travel', 'books', 'sports', 'health', 'music', 'garden', 'toys'] as const;
const MORE_WORDS = ['electronics', 'clothing', 'pets', 'energy', 'rent', 'insurance', 'gifts', 'dining'] as const;
/** Every fourth category of the quoted kind is one of these. */
const AWKWARD = ['home, garden', 'books "second hand"', 'music\nand video', 'toys, "wood",\nand more'] as const;
const AWKWARD_NOTES = ['paid in cash, no receipt', 'called "urgent"', 'first line\nsecond line', '",\n'] as const;
const NOTES = ['', 'ok', 'to be checked', 'second delivery'] as const;

const DAY_MS = 86_400_000;
const DAYS = 4 * 365 + 1;

export function createParts({isQuoted, newline, categories, hasMixedDecimals}: RowShape): Parts {
	const quoted = (text: string): string => (isQuoted ? `"${text.replaceAll('"', '""')}"` : text);
	const afterCategory = isQuoted ? ',' : newline;
	const names = Array.from({length: categories}, (_, index) => quoted(categoryName(index, isQuoted)) + afterCategory);
	return {
		wholes: packTexts(Array.from({length: 9999}, (_, index) => String(index + 1))),
		fractions: packTexts(hasMixedDecimals ? mixedFractions() : cents()),
		dates: packTexts(Array.from({length: DAYS}, (_, day) => `${dayAfter2022(day)},`)),
		categories: packTexts(names),
		notes: packTexts(isQuoted ? notes().map(note => quoted(note) + newline) : []),
		categoryDraw: drawOf(categories),
	};
}

const cents = (): string[] => Array.from({length: 100}, (_, index) => `.${String(index).padStart(2, '0')},`);

/** None to four decimals, each number of them as often. */
function mixedFractions(): string[] {
	const digits = '4711083295';
	return Array.from({length: 100}, (_, index) => {
		const decimals = index % 5;
		const start = (index * 7) % 6;
		return decimals === 0 ? ',' : `.${digits.slice(start, start + decimals)},`;
	});
}

const dayAfter2022 = (day: number): string => new Date(Date.UTC(2022, 0, 1) + day * DAY_MS).toISOString().slice(0, 10);

function categoryName(index: number, isQuoted: boolean): string {
	if (isQuoted && index % 4 === 3) return AWKWARD[(index >> 2) % AWKWARD.length] ?? '';
	const word = [...WORDS, ...MORE_WORDS][index % 16] ?? '';
	return index < 16 ? word : `${word} ${Math.floor(index / 16)}`;
}

/** 64 notes, a quarter of them awkward to read. */
const notes = (): string[] =>
	Array.from({length: 64}, (_, index) => {
		const list = index % 4 === 3 ? AWKWARD_NOTES : NOTES;
		return list[(index >> 2) % list.length] ?? '';
	});

/** The first category is the most frequent, and so on, as in Zipf's law; each comes at least once. */
function drawOf(categories: number): Uint32Array {
	const numbers: number[] = [];
	const slots = 4 * categories + 1000;
	let weights = 0;
	for (let index = 0; index < categories; index++) weights += 1 / (index + 3);
	for (let index = 0; index < categories; index++) {
		const times = Math.max(1, Math.round(slots / (index + 3) / weights));
		for (let time = 0; time < times; time++) numbers.push(index);
	}
	return Uint32Array.from(numbers);
}
