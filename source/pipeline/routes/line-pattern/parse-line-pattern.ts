// The regular expressions of `matches`, in the syntax of JavaScript, but for what needs to go back in the text: references and looking around.
// The rest can be searched in one pass, whatever the pattern and the text (`line-search.ts`).
import {quoted} from '../../../text/quoted.ts';

export type LinePattern =
	/** One character of a set. */
	| {readonly type: 'character'; readonly set: CharacterSet}
	| {readonly type: 'assertion'; readonly kind: Assertion}
	| {readonly type: 'sequence'; readonly items: readonly LinePattern[]}
	| {readonly type: 'choice'; readonly options: readonly LinePattern[]}
	| {readonly type: 'repetition'; readonly item: LinePattern; readonly min: number; readonly max: number | null};

/** Beginning and end of the line, and where words begin or end, or do not. */
export type Assertion = 'start' | 'end' | 'boundary' | 'no-boundary';

export interface CharacterSet {
	readonly has: (codePoint: number) => boolean;
}

export interface ParsedLinePattern {
	readonly pattern: LinePattern;
	/** What words consist of, for their boundaries. */
	readonly wordCharacters: CharacterSet;
}

/** It cannot be used; the message is the end of a sentence, and says where. */
class LinePatternError extends Error {
	override readonly name = 'LinePatternError';
}

/** @returns What is wrong with a pattern; `null` where it can be used. */
export function findLinePatternFault(text: string): string | null {
	try {
		parseLinePattern(text);
		return null;
	} catch (error) {
		if (error instanceof LinePatternError) return error.message;
		throw error;
	}
}

/** Each is a step of a search; with more, a step takes too long. */
const MAX_SIZE = 1000;
const MAX_DEPTH = 100;
const MAX_LENGTH = 2000;

/** In front of a pattern: upper and lower case are the same. */
const ANY_CASE = '(?i)';

/** @throws {LinePatternError} */
export function parseLinePattern(text: string): ParsedLinePattern {
	if (text.length > MAX_LENGTH) throw new LinePatternError(`it is longer than ${MAX_LENGTH} characters`);
	const isAnyCase = text.startsWith(ANY_CASE);
	const parser = new Parser(text, isAnyCase ? ANY_CASE.length : 0, isAnyCase);
	const pattern = parser.choice(0);
	parser.assertEnd();
	if (sizeOf(pattern) > MAX_SIZE)
		throw new LinePatternError(`it stands for more than ${MAX_SIZE} characters in a row: repeat fewer of them`);
	return {pattern, wordCharacters: parser.setOf('\\w')};
}

/** How many steps of a search a pattern is, with all of its repetitions. */
function sizeOf(pattern: LinePattern): number {
	switch (pattern.type) {
		case 'character':
		case 'assertion':
			return 1;
		case 'sequence':
			return pattern.items.reduce((sum, item) => sum + sizeOf(item), 1);
		case 'choice':
			return pattern.options.reduce((sum, option) => sum + sizeOf(option) + 1, 0);
		case 'repetition':
			return 1 + (sizeOf(pattern.item) + 1) * Math.max(1, pattern.max ?? pattern.min + 1);
	}
}

class Parser {
	readonly #text: string;
	readonly #flags: string;
	#at: number;

	constructor(text: string, start: number, isAnyCase: boolean) {
		this.#text = text;
		this.#at = start;
		this.#flags = isAnyCase ? 'isu' : 'su';
	}

	#fail(sentence: string, at = this.#at): never {
		throw new LinePatternError(`at character ${at + 1}, ${sentence}`);
	}

	assertEnd(): void {
		if (this.#at < this.#text.length) this.#fail('expected no ) without a ( in front of it');
	}

	choice(depth: number): LinePattern {
		if (depth > MAX_DEPTH) this.#fail(`expected no more than ${MAX_DEPTH} groups in each other`);
		const options = [this.#sequence(depth)];
		while (this.#take('|')) options.push(this.#sequence(depth));
		return options.length === 1 ? (options[0] as LinePattern) : {type: 'choice', options};
	}

	#sequence(depth: number): LinePattern {
		const items: LinePattern[] = [];
		while (this.#at < this.#text.length && !['|', ')'].includes(this.#text[this.#at] ?? '')) {
			const start = this.#at;
			items.push(this.#repeated(this.#item(depth), start));
		}
		return items.length === 1 ? (items[0] as LinePattern) : {type: 'sequence', items};
	}

	#repeated(item: LinePattern, start: number): LinePattern {
		const at = this.#at;
		const counts = this.#counts();
		if (counts === null) return item;
		if (item.type === 'assertion' && this.#text[start] !== '(')
			this.#fail(`expected something to repeat, not ${quoted(this.#text.slice(start, at))}`, at);
		// Whether it takes as many as possible or as few makes no difference for whether there is any.
		this.#take('?');
		const again = this.#at;
		if (this.#counts() !== null) this.#fail('expected something to repeat', again);
		return {type: 'repetition', item, ...counts};
	}

	/** `null` where nothing is repeated here. */
	#counts(): {readonly min: number; readonly max: number | null} | null {
		if (this.#take('*')) return {min: 0, max: null};
		if (this.#take('+')) return {min: 1, max: null};
		if (this.#take('?')) return {min: 0, max: 1};
		const [written, from, comma, to] = this.#match(/\{(\d+)(,)?(\d*)\}/y) ?? [];
		if (written === undefined) return null;
		const min = Number(from);
		const max = comma === undefined ? min : to === '' ? null : Number(to);
		if (max !== null && max < min)
			this.#fail('expected the larger number behind the smaller one', this.#at - written.length);
		return {min, max};
	}

	#item(depth: number): LinePattern {
		const start = this.#at;
		const character = String.fromCodePoint(this.#text.codePointAt(start) ?? 0);
		if (character === '(') return this.#group(depth);
		if (character === '[') return this.#set(this.#bracket());
		if (character === '\\') return this.#escape();
		if ('*+?'.includes(character)) this.#fail(`expected something to repeat in front of ${character}`);
		this.#at += character.length;
		if (character === '^') return {type: 'assertion', kind: 'start'};
		if (character === '$') return {type: 'assertion', kind: 'end'};
		return this.#set(character === '.' ? '.' : escapeCharacter(character));
	}

	#group(depth: number): LinePattern {
		const start = this.#at;
		const [, kind] = this.#match(/\((\?(?:<?[=!]|:|<[\p{L}_$][\p{L}\p{N}_$]*>)?)?/uy) ?? [];
		if (kind !== undefined && /[=!]/.test(kind)) this.#fail('expected no group that looks ahead or back', start);
		if (kind === '?') this.#fail('expected (?: or (?<name>; (?i) can only stand in front of the whole pattern', start);
		const inside = this.choice(depth + 1);
		if (!this.#take(')')) this.#fail('expected a ) for this group', start);
		return inside;
	}

	/** From `[` to `]`, as JavaScript needs it. */
	#bracket(): string {
		const start = this.#at;
		const [written] = this.#match(/\[\^?(?:[^\]\\]|\\.)*\]/suy) ?? [];
		if (written === undefined) this.#fail('expected a ] for this [', start);
		return written.replaceAll(/\\(.)/gsu, (written, character: string) =>
			/[\w\s\p{L}^$\\.*+?()[\]{}|/-]/u.test(character) ? written : character,
		);
	}

	#escape(): LinePattern {
		const start = this.#at;
		const [written, character = ''] =
			this.#match(/\\(?:[pP]\{[^}]*\}|x[\da-f]{2}|u\{[\da-f]+\}|u[\da-f]{4}|c[a-z]|(.?))/isuy) ?? [];
		if (written === '\\') this.#fail('expected a character behind the backslash', start);
		if (character === 'b' || character === 'B')
			return {type: 'assertion', kind: character === 'b' ? 'boundary' : 'no-boundary'};
		if (character === 'k' || /[1-9]/.test(character)) this.#fail('expected no reference to a group', start);
		// What means nothing else stands for itself.
		const isSign = character !== '' && !/[\w\p{L}\p{N}]/u.test(character);
		return this.#set(isSign ? escapeCharacter(character) : (written ?? ''), start);
	}

	#set(source: string, start = this.#at): LinePattern {
		try {
			return {type: 'character', set: this.setOf(source)};
		} catch (error) {
			if (!(error instanceof SyntaxError)) throw error;
			return this.#fail(`expected characters, but ${quoted(source)} stands for none`, start);
		}
	}

	/** @param source - Stands for one character in JavaScript. */
	setOf(source: string): CharacterSet {
		const pattern = new RegExp(`^${source}$`, this.#flags);
		return {has: codePoint => pattern.test(String.fromCodePoint(codePoint))};
	}

	#take(character: string): boolean {
		if (this.#text[this.#at] !== character) return false;
		this.#at++;
		return true;
	}

	#match(pattern: RegExp): RegExpExecArray | null {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text);
		this.#at += found?.[0].length ?? 0;
		return found;
	}
}

const escapeCharacter = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
