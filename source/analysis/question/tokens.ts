// The words of questions that people type: `month(date)`, `amount > 100 and category = "fuel"`. In one pass over the text.

/** What is wrong with a text, and where. */
export class ExpressionError extends Error {
	override readonly name = 'ExpressionError';
	/** Of the part that is wrong, in UTF-16 units from the beginning of the text. */
	readonly start: number;
	readonly end: number;

	constructor(message: string, start: number, end: number) {
		super(message);
		this.start = start;
		this.end = end;
	}
}

/**
	word    a name or keyword without quotes
	quoted  `"…"` or `'…'`, with its quotes doubled inside: a text, or the name of a column
	name    the same in backticks: the name of a column
	number  digits with a sign, or a point, or both
	date    YYYY-MM-DD
	sign    ( ) , = != < <= > >=
	end     nothing more
*/
export interface Token {
	readonly kind: 'word' | 'quoted' | 'name' | 'number' | 'date' | 'sign' | 'end';
	/** Without quotes. */
	readonly text: string;
	readonly start: number;
	readonly end: number;
}

/** Far more than anybody types. */
const MAX_LENGTH = 10_000;

const BLANK = /\s*/uy;
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?![\p{L}\p{N}_])/uy;
const DATE = /\d{4}-\d{2}-\d{2}(?![\p{L}\p{N}_-])/uy;
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_.#%€$-]*/uy;
const SIGN = /<=|>=|!=|<>|==|[(),=<>]/uy;
const OTHER_SPELLINGS: Readonly<Record<string, string>> = {'<>': '!=', '==': '='};

/** @throws {ExpressionError} */
export function readTokens(text: string): Token[] {
	if (text.length > MAX_LENGTH)
		throw new ExpressionError(`Expected at most ${MAX_LENGTH} characters, but found ${text.length}`, 0, 0);
	const tokens: Token[] = [];
	let at = 0;
	const match = (pattern: RegExp): string | null => {
		pattern.lastIndex = at;
		return pattern.exec(text)?.[0] ?? null;
	};
	for (;;) {
		at += match(BLANK)?.length ?? 0;
		if (at === text.length) return [...tokens, {kind: 'end', text: '', start: at, end: at}];
		const token = readQuoted(text, at) ?? readBare(match, at);
		if (token === null) {
			const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
			throw new ExpressionError(`Found ${character}, which has no meaning here`, at, at + character.length);
		}
		tokens.push(token);
		at = token.end;
	}
}

function readBare(match: (pattern: RegExp) => string | null, start: number): Token | null {
	for (const [kind, pattern] of [
		['date', DATE],
		['number', NUMBER],
		['word', WORD],
		['sign', SIGN],
	] as const) {
		const text = match(pattern);
		if (text !== null) return {kind, text: OTHER_SPELLINGS[text] ?? text, start, end: start + text.length};
	}
	return null;
}

function readQuoted(text: string, start: number): Token | null {
	const quote = text[start];
	if (quote !== '"' && quote !== "'" && quote !== '`') return null;
	let close = text.indexOf(quote, start + 1);
	while (close !== -1 && text[close + 1] === quote) close = text.indexOf(quote, close + 2);
	if (close === -1) throw new ExpressionError(`Found a ${quote} that is never closed`, start, start + 1);
	const content = text.slice(start + 1, close).replaceAll(quote + quote, quote);
	return {kind: quote === '`' ? 'name' : 'quoted', text: content, start, end: close + 1};
}

/** Goes over tokens. */
export class TokenReader {
	readonly #tokens: readonly Token[];
	#at = 0;

	constructor(tokens: readonly Token[]) {
		this.#tokens = tokens;
	}

	get next(): Token {
		const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
		if (token === undefined) throw new Error('Expected an end behind the last token');
		return token;
	}

	take(): Token {
		const token = this.next;
		this.#at++;
		return token;
	}

	/** Takes the next token if it is that sign. */
	takeSign(...signs: readonly string[]): Token | null {
		return this.next.kind === 'sign' && signs.includes(this.next.text) ? this.take() : null;
	}

	/** Takes the next token if it is that word, in any case. */
	takeWord(...words: readonly string[]): Token | null {
		return this.isWord(...words) ? this.take() : null;
	}

	isWord(...words: readonly string[]): boolean {
		return this.next.kind === 'word' && words.includes(this.next.text.toLowerCase());
	}

	/** @throws {ExpressionError} */
	fail(expected: string, token = this.next): never {
		const found = token.kind === 'end' ? 'nothing more' : describeToken(token);
		throw new ExpressionError(
			`Expected ${expected}, but found ${found}`,
			token.start,
			Math.max(token.end, token.start + 1),
		);
	}
}

function describeToken({kind, text}: Token): string {
	if (kind === 'quoted') return `the text "${text}"`;
	if (kind === 'name') return `the column \`${text}\``;
	return text;
}
