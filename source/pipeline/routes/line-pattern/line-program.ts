// A pattern as a list of places, each of which says what a line must have there and which places follow (Thompson 1968). All ways to fit a line
// are followed at once, as a set of places.
import type {Assertion, CharacterSet, LinePattern, ParsedLinePattern} from './parse-line-pattern.ts';

type Place =
	| {readonly type: 'character'; readonly set: number; readonly next: number}
	| {readonly type: 'assertion'; readonly kind: Assertion; readonly next: number}
	| {readonly type: 'split'; readonly next: readonly number[]}
	| {readonly type: 'found'};

/** What stands in front of a place in a line: nothing, a character of a word, any other one. */
export type Before = 'start' | 'word' | 'other';

/** In place of a character: the line ends. */
export const LINE_END = -1;

const ASCII = 0x80;
/** More than most texts have. With more, they are asked for anew. */
const MAX_CHARACTERS = 20_000;
const WORDS = 0;
const FOUND_AT = 0;

/** A set of places: what is in it is listed, and what is added while it is gone through comes at the end. */
export class PlaceSet {
	readonly list: Uint16Array;
	readonly #indexes: Uint16Array;
	size = 0;

	constructor(count: number) {
		this.list = new Uint16Array(count);
		this.#indexes = new Uint16Array(count);
	}

	/** @returns Whether it was not in it. */
	add(place: number): boolean {
		const index = this.#indexes[place] ?? 0;
		if (index < this.size && this.list[index] === place) return false;
		this.#indexes[place] = this.size;
		this.list[this.size++] = place;
		return true;
	}

	clear(): void {
		this.size = 0;
	}
}

export class LineProgram {
	readonly #places: Place[] = [{type: 'found'}];
	readonly #start: number;
	readonly #sets: CharacterSet[];
	/** By set: whether characters are in it, by their classes. */
	readonly #fits: number[][];
	readonly #classes = new Map<string, number>();
	readonly #known = new Map<number, number>();

	constructor({pattern, wordCharacters}: ParsedLinePattern) {
		this.#sets = [wordCharacters];
		this.#start = this.#compile(pattern, FOUND_AT);
		this.#fits = this.#sets.map(({has}) => Array.from({length: ASCII}, (_, code) => Number(has(code))));
	}

	createSet(): PlaceSet {
		return new PlaceSet(this.#places.length);
	}

	/** Where a fit may begin. */
	begin(set: PlaceSet): void {
		set.clear();
		this.#add(set, this.#start);
	}

	/**
	The class of a character: an ASCII character is one by itself, others are told apart only as far as the sets of the pattern do. Any two of a
	class lead from the same places to the same places.
	*/
	classOf(codePoint: number): number {
		if (codePoint < ASCII) return codePoint;
		const known = this.#known.get(codePoint);
		if (known !== undefined) return known;
		const fits = this.#sets.map(({has}) => Number(has(codePoint)));
		const key = fits.join('');
		const added = ASCII + this.#classes.size;
		const found = this.#classes.get(key) ?? added;
		if (found === added) {
			this.#classes.set(key, added);
			for (const [set, each] of fits.entries()) this.#fits[set]?.push(each);
		}
		if (this.#known.size >= MAX_CHARACTERS) this.#known.clear();
		this.#known.set(codePoint, found);
		return found;
	}

	/**
	Goes on by one character.

	@param from - Which places there are in front of it; those that its class shows to be there as well are added.
	@param to - Gets those behind it.
	@returns What stands in front of these; `null` where the pattern is found.
	*/
	step(from: PlaceSet, before: Before, characterClass: number, to: PlaceSet): Before | null {
		const isWord = characterClass !== LINE_END && this.#fits[WORDS]?.[characterClass] === 1;
		to.clear();
		for (let index = 0; index < from.size; index++) {
			const place = this.#places[from.list[index] ?? 0];
			switch (place?.type) {
				case 'found':
					return null;
				case 'assertion':
					if (holds(place.kind, before, characterClass, isWord)) this.#add(from, place.next);
					break;
				case 'character':
					if (characterClass !== LINE_END && this.#fits[place.set]?.[characterClass] === 1) this.#add(to, place.next);
			}
		}
		// A fit may begin at any place of the line.
		this.#add(to, this.#start);
		return isWord ? 'word' : 'other';
	}

	/** Adds a place, with those that it leads to without a character. */
	#add(set: PlaceSet, at: number): void {
		if (!set.add(at)) return;
		const place = this.#places[at];
		if (place?.type === 'split') for (const next of place.next) this.#add(set, next);
	}

	/** @returns Where the pattern begins; `next` is what follows it. */
	#compile(pattern: LinePattern, next: number): number {
		switch (pattern.type) {
			case 'character':
				return this.#push({type: 'character', set: this.#setOf(pattern.set), next});
			case 'assertion':
				return this.#push({type: 'assertion', kind: pattern.kind, next});
			case 'sequence':
				return pattern.items.reduceRight((after, item) => this.#compile(item, after), next);
			case 'choice':
				return this.#push({type: 'split', next: pattern.options.map(option => this.#compile(option, next))});
			case 'repetition':
				return this.#compileRepetition(pattern, next);
		}
	}

	#compileRepetition({item, min, max}: Extract<LinePattern, {type: 'repetition'}>, next: number): number {
		let start = next;
		if (max === null) {
			start = this.#push({type: 'split', next: []});
			this.#places[start] = {type: 'split', next: [this.#compile(item, start), next]};
		} else {
			for (let count = min; count < max; count++)
				start = this.#push({type: 'split', next: [this.#compile(item, start), next]});
		}
		for (let count = 0; count < min; count++) start = this.#compile(item, start);
		return start;
	}

	#push(place: Place): number {
		return this.#places.push(place) - 1;
	}

	#setOf(set: CharacterSet): number {
		const known = this.#sets.indexOf(set, WORDS + 1);
		return known === -1 ? this.#sets.push(set) - 1 : known;
	}
}

function holds(kind: Assertion, before: Before, characterClass: number, isWord: boolean): boolean {
	if (kind === 'start') return before === 'start';
	if (kind === 'end') return characterClass === LINE_END;
	return (kind === 'boundary') === ((before === 'word') !== isWord);
}
