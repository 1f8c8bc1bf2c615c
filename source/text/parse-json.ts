// A JSON parser that records the place of each value. JSON.parse gives values without places, and the libraries that give
// places report errors in words like “Unexpected token LBrace”, which do not say what is missing and where.
import {quoted} from './quoted.ts';

/** 0-based, in UTF-16 units. */
interface Placed {
	readonly offset: number;
}

export interface JsonMember extends Placed {
	readonly name: string;
	readonly value: JsonNode;
}

export type JsonNode =
	| (Placed & {readonly type: 'object'; readonly members: readonly JsonMember[]})
	| (Placed & {readonly type: 'list'; readonly items: readonly JsonNode[]})
	| (Placed & {readonly type: 'text'; readonly value: string})
	| (Placed & {readonly type: 'number'; readonly value: number})
	| (Placed & {readonly type: 'boolean'; readonly value: boolean})
	| (Placed & {readonly type: 'null'; readonly value: null});

/** The text is not JSON; `message` says what was expected and what was found. */
export class JsonSyntaxError extends Error {
	override readonly name = 'JsonSyntaxError';
	readonly offset: number;

	constructor(message: string, offset: number) {
		super(message);
		this.offset = offset;
	}
}

/** Deeper than any setting, and far below the limit of the stack. */
const MAX_DEPTH = 64;

const BLANK = /[ \t\r\n]*/y;
/** One that is not closed is none. */
const BLANK_OR_COMMENT = /(?:[ \t\r\n]+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\d.\w])/y;
/** What a person would read as one token, valid or not. */
const WORD = /[\p{L}\p{N}_.+-]+|\/\/|\/\*|./suy;

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
	['true', true],
	['false', false],
	['null', null],
]);

/**
Parses JSON strictly by RFC 8259, as JSON.parse does.

@param options.hasComments - Whether there may be comments, as in files that people write: `// …` up to the end of a line, and `/* … *\/`.
@throws {JsonSyntaxError}
*/
export function parseJson(text: string, {hasComments = false} = {}): JsonNode {
	let offset = 0;
	const match = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = offset;
		const found = pattern.exec(text)?.[0];
		offset += found?.length ?? 0;
		return found;
	};
	const skipBlanks = (): void => {
		match(hasComments ? BLANK_OR_COMMENT : BLANK);
	};
	const matchSign = (sign: string): boolean => {
		skipBlanks();
		if (text[offset] !== sign) return false;
		offset++;
		return true;
	};
	const fail = (expectation: string): never => {
		const at = offset;
		const word = match(WORD);
		const found = word === undefined ? 'the file ends' : `found ${quoted(word)}`;
		throw new JsonSyntaxError(`expected ${expectation}, but ${found}${hintAbout(word, hasComments)}`, at);
	};
	const readText = (expectation: string): string => {
		skipBlanks();
		const start = offset;
		const written = match(TEXT);
		if (written !== undefined) return JSON.parse(written) as string;
		if (text[start] !== '"') return fail(expectation);
		throw new JsonSyntaxError(describeBrokenText(text.slice(start)), start);
	};
	const readObject = (depth: number): JsonMember[] => {
		const members: JsonMember[] = [];
		if (matchSign('}')) return members;
		do {
			skipBlanks();
			const start = offset;
			const name = readText(members.length === 0 ? 'a name in double quotes or }' : 'a name in double quotes');
			if (!matchSign(':')) fail('a colon after the name');
			members.push({name, offset: start, value: readValue(depth)});
		} while (matchSign(','));
		if (!matchSign('}')) fail('a comma or }');
		return members;
	};
	const readList = (depth: number): JsonNode[] => {
		const items: JsonNode[] = [];
		if (matchSign(']')) return items;
		do items.push(readValue(depth));
		while (matchSign(','));
		if (!matchSign(']')) fail('a comma or ]');
		return items;
	};
	const readValue = (depth: number): JsonNode => {
		skipBlanks();
		const start = offset;
		if (depth > MAX_DEPTH) throw new JsonSyntaxError(`is nested deeper than ${MAX_DEPTH} levels`, start);
		if (matchSign('{')) return {type: 'object', members: readObject(depth + 1), offset: start};
		if (matchSign('[')) return {type: 'list', items: readList(depth + 1), offset: start};
		if (text[start] === '"') return {type: 'text', value: readText('a text'), offset: start};
		const number = match(NUMBER);
		if (number !== undefined) return {type: 'number', value: Number(number), offset: start};
		const value = WORDS.get(match(WORD) ?? '');
		if (typeof value === 'boolean') return {type: 'boolean', value, offset: start};
		if (value === null) return {type: 'null', value, offset: start};
		offset = start;
		return fail('a value');
	};
	const root = readValue(0);
	skipBlanks();
	if (offset < text.length) fail('the end of the file');
	return root;
}

function hintAbout(word: string | undefined, hasComments: boolean): string {
	if (word === '/*' && hasComments) return ': is there a */ behind the comment?';
	if (word === '//' || word === '/*') return ': JSON has no comments';
	if (word === "'") return ': texts of JSON stand in double quotes';
	return word === '}' || word === ']' ? '; is there a comma too much before it?' : '';
}

function describeBrokenText(text: string): string {
	const closed = /^"(?:[^"\\\n]|\\.)*"/.exec(text)?.[0];
	if (closed === undefined) return 'expected a double quote that closes the text, but the line ends';
	const backslashed = /\\(?!["\\/bfnrt]|u[\da-fA-F]{4})(?:u.{0,4}|.)/.exec(closed)?.[0];
	return backslashed === undefined
		? 'expected no control characters in a text, but found one: write it as \\u and four digits'
		: `expected no ${quoted(backslashed)} in a text: a backslash is written as two`;
}

/** Line and column as editors count them, both from 1. */
export function locate(text: string, offset: number): {readonly line: number; readonly column: number} {
	const before = text.slice(0, offset).split(/\r\n|\r|\n/);
	return {line: before.length, column: (before.at(-1)?.length ?? 0) + 1};
}
