// Where the user stands in a line, as people write it: `user=([\w.@-]+)`. It is not a regular expression but the part of one that is found
// in one pass over a line: a text, one group of characters of a class, and a text behind it. What it finds is what a regular expression
// would find.
//
//   pattern   literal ( class + ) literal?
//   class     [ … ] with characters, ranges, \w \d \s and ^ in front   │  \w  │  \d  │  \S
//   literal   any characters; \ in front of one that means something else in regular expressions

export interface UserPattern {
	/** In front of the user. Not empty. */
	readonly literal: Uint8Array;
	/** By the byte: 1 where it may be one of the user. */
	readonly isUser: Uint8Array;
	/** Behind the user; may be empty. */
	readonly terminator: Uint8Array;
}

/** Where a pattern is not one. The message is the beginning of a sentence; the place is in characters. */
export class UserPatternError extends Error {
	override readonly name = 'UserPatternError';
	readonly start: number;
	readonly end: number;

	constructor(message: string, start: number, end: number) {
		super(message);
		this.start = start;
		this.end = end;
	}
}

const ALLOWED =
	'A pattern is a text, one group of a class of characters, and a text behind it, as in user=([\\w.@-]+) or id="([^"]+)"';

const SPECIAL = new Set('.*+?()[]{}|^$\\');
/** What `\w`, `\d` and `\s` stand for, in ASCII. */
const classes: ReadonlyMap<string, string> = new Map([
	['w', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'],
	['d', '0123456789'],
	['s', ' \t\r\n\v\f'],
]);

/** @throws {UserPatternError} */
export function parseUserPattern(text: string): UserPattern {
	const reader = new PatternReader(text);
	const literal = reader.literal();
	if (literal.length === 0) throw reader.error('expected a text in front of the group');
	reader.expect('(', 'expected a group like ([\\w.@-]+)');
	const isUser = reader.characterClass();
	reader.expect('+', 'expected + behind the class of characters');
	reader.expect(')', 'expected the end of the group');
	const terminator = reader.literal();
	if (!reader.isAtEnd) throw reader.error('expected nothing but a text behind the group');
	return {literal, isUser, terminator};
}

class PatternReader {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	get isAtEnd(): boolean {
		return this.#at === this.#text.length;
	}

	error(message: string, length = 1): UserPatternError {
		const end = Math.min(this.#text.length, this.#at + length);
		return new UserPatternError(`${message}. ${ALLOWED}`, this.#at, end);
	}

	expect(character: string, message: string): void {
		if (this.#text[this.#at] !== character) throw this.error(message);
		this.#at++;
	}

	/** Up to a character that is none of a text. */
	literal(): Uint8Array {
		let literal = '';
		while (!this.isAtEnd) {
			const character = this.#text[this.#at] ?? '';
			const next = this.#text[this.#at + 1] ?? '';
			if (character === '\\' && (SPECIAL.has(next) || /[^\w\s]/.test(next))) {
				literal += next;
				this.#at += 2;
			} else if (SPECIAL.has(character)) break;
			else {
				literal += character;
				this.#at++;
			}
		}
		return Buffer.from(literal);
	}

	characterClass(): Uint8Array {
		const set = new Uint8Array(256);
		if (this.#text[this.#at] === '\\') {
			if (this.#text[this.#at + 1] === 'S') {
				this.#at += 2;
				addAll(set, classes.get('s') ?? '');
				return set.map(bit => 1 - bit);
			}
			if (!this.#escapedClass(set)) throw this.error('expected \\w, \\d, \\S or a class in brackets', 2);
			return set;
		}
		this.expect('[', 'expected a class of characters like [\\w.@-]');
		const isNegated = this.#text[this.#at] === '^';
		if (isNegated) this.#at++;
		let isEmpty = true;
		while (this.#text[this.#at] !== ']') {
			this.#classMember(set);
			isEmpty = false;
		}
		if (isEmpty) throw this.error('expected a character in the class');
		this.#at++;
		return isNegated ? set.map(bit => 1 - bit) : set;
	}

	#classMember(set: Uint8Array): void {
		if (this.#escapedClass(set)) return;
		const first = this.#classCharacter();
		const isRange = this.#text[this.#at] === '-' && !['', ']'].includes(this.#text[this.#at + 1] ?? '');
		if (!isRange) {
			set[first] = 1;
			return;
		}
		this.#at++;
		const last = this.#classCharacter();
		if (last < first) throw this.error('expected a range from a lower character to a higher one');
		set.fill(1, first, last + 1);
	}

	/** @returns Whether there is one. */
	#escapedClass(set: Uint8Array): boolean {
		const known = this.#text[this.#at] === '\\' ? classes.get(this.#text[this.#at + 1] ?? '') : undefined;
		if (known === undefined) return false;
		addAll(set, known);
		this.#at += 2;
		return true;
	}

	#classCharacter(): number {
		let character = this.#text[this.#at] ?? '';
		if (character === '\\') {
			this.#at++;
			character = this.#text[this.#at] ?? '';
			if (/\w/.test(character)) throw this.error('expected a sign behind the backslash');
		}
		if (character === '') throw this.error('expected ] at the end of the class');
		if (character > '\x7f') throw this.error('expected a class of ASCII characters; [^"] takes all but some');
		this.#at++;
		return character.charCodeAt(0);
	}
}

function addAll(set: Uint8Array, characters: string): void {
	for (const byte of Buffer.from(characters)) set[byte] = 1;
}

/** A part of a line, from a place in its memory to another. */
export interface Found {
	start: number;
	end: number;
}

/**
Finds the user of a line.

@param found - Is given the place.
@returns Whether there is one.
*/
export function findByPattern({literal, isUser, terminator}: UserPattern, line: Buffer, found: Found): boolean {
	let from = 0;
	for (let at = line.indexOf(literal); at !== -1; at = line.indexOf(literal, from)) {
		const start = at + literal.length;
		let end = start;
		while (end < line.length && isUser[line[end] ?? 0] === 1) end++;
		// A user that begins among these characters ends there, too, so without the text behind any of them there is nothing to be found.
		from = Math.max(at, end - literal.length) + 1;
		// The longest user that has the text behind it.
		while (
			end > start &&
			line.compare(terminator, 0, terminator.length, end, Math.min(line.length, end + terminator.length)) !== 0
		)
			end--;
		if (end === start) continue;
		found.start = start;
		found.end = end;
		return true;
	}
	return false;
}
