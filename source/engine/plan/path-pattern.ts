// Patterns of paths, taken apart one name at a time: `*`, `?`, `[a-z]`, `{a,b}`, `{1..12}`, `+(a|b)` and `**`, with the meaning that
// they have in bash. A backslash takes the meaning from the character behind it.

/** What makes a path that is not there a pattern. A backslash separates folders in Windows, and takes a meaning away elsewhere. */
export const globCharacters = process.platform === 'win32' ? /[*?[{]|[!+@]\(/ : /[*?[{\\]|[!+@]\(/;

/** The first name of a pattern, and what is left of the pattern behind it: `null` where it ends here. */
export type PatternStep =
	| {readonly type: 'name'; readonly name: string; readonly rest: string | null}
	/** `written` is the name as it stands in the pattern. */
	| {readonly type: 'wildcard'; readonly written: string; readonly name: RegExp; readonly rest: string | null}
	/** Braces: several patterns instead of one. */
	| {
			readonly type: 'alternatives';
			readonly written: string;
			readonly patterns: readonly string[];
			readonly rest: string | null;
	  }
	/** `**`: folders of any depth, none included, then the rest. */
	| {readonly type: 'any-depth'; readonly rest: string};

/** Reads the first step of a pattern that is looked for in a folder. */
export function readStep(text: string): PatternStep {
	const pattern = text.replace(/^\/+/, '');
	const [written = ''] = pattern.split('/', 1);
	const rest = written.length === pattern.length ? null : pattern.slice(written.length + 1);
	const patterns = expandFirstBraces(pattern);
	if (patterns !== null) return {type: 'alternatives', written, patterns, rest};
	if (written === '**') return {type: 'any-depth', rest: rest ?? '*'};
	const compiled = compileName(written);
	return compiled.isLiteral
		? {type: 'name', name: compiled.text, rest}
		: {type: 'wildcard', written, name: new RegExp(`^${compiled.text}$`, flags), rest};
}

/** What names a pattern without folders fits, one of them. */
export function namePatterns(pattern: string): RegExp[] {
	const step = readStep(pattern);
	if (step.type === 'alternatives') return step.patterns.flatMap(namePatterns);
	if (step.type === 'any-depth') return [/^/];
	return [step.type === 'name' ? new RegExp(`^${escapeForRegExp(step.name)}$`) : step.name];
}

const flags = process.platform === 'darwin' || process.platform === 'win32' ? 'isu' : 'su';

/** No wildcard takes the dot of a hidden file: that must be written. */
const NOT_HIDDEN = String.raw`(?!^\.)`;

/**
A name of a pattern: as the text that it stands for where that is one only, else as a regular expression.

@param label - What names of groups in the regular expression begin with.
*/
function compileName(written: string, label = 'at'): {readonly text: string; readonly isLiteral: boolean} {
	let source = '';
	let literal = '';
	let isLiteral = true;
	for (let index = 0; index < written.length; ) {
		const wildcard = readWildcard(written, index, source, label);
		if (wildcard !== null) {
			isLiteral = false;
			source = wildcard.source;
			index = wildcard.end;
			continue;
		}
		const isEscape = written[index] === '\\' && index + 1 < written.length;
		const character = String.fromCodePoint(written.codePointAt(isEscape ? index + 1 : index) ?? 0);
		source += escapeForRegExp(character);
		literal += character;
		index += character.length + (isEscape ? 1 : 0);
	}
	return isLiteral ? {text: literal, isLiteral} : {text: source, isLiteral};
}

interface Wildcard {
	readonly source: string;
	/** Where it ends in the pattern. */
	readonly end: number;
}

/** @param before - The regular expression of all in front of it, to which it is added. */
function readWildcard(written: string, start: number, before: string, label: string): Wildcard | null {
	const group = readGroup(written, start, before, label);
	if (group !== null) return group;
	switch (written[start]) {
		case '*': {
			let end = start + 1;
			while (written[end] === '*' && written[end + 1] !== '(') end++;
			return {source: `${before}${NOT_HIDDEN}.*`, end};
		}
		case '?':
			return {source: `${before}${NOT_HIDDEN}.`, end: start + 1};
		case '[': {
			const bracket = readBracket(written, start);
			return bracket === null ? null : {...bracket, source: before + bracket.source};
		}
		default:
			return null;
	}
}

/** `?(a|b)`, `*(a|b)`, `+(a|b)`, `@(a|b)` and `!(a|b)`. */
function readGroup(written: string, start: number, before: string, label: string): Wildcard | null {
	const kind = written[start] ?? '';
	if (!/[?*+@!]/.test(kind) || written[start + 1] !== '(') return null;
	const inside = readNested(written, start + 1, '(', ')', '|');
	if (inside === null) return null;
	const name = `${label}_${start}`;
	const sources = inside.parts.map((part, index) => {
		const {text, isLiteral} = compileName(part, `${name}_${index}`);
		return isLiteral ? escapeForRegExp(text) : text;
	});
	const alternatives = `(?:${sources.join('|')})`;
	if (kind !== '!') return {source: before + alternatives + (kind === '@' ? '' : kind), end: inside.end};
	// Any text that, from where this begins, differs from all alternatives.
	return {source: `(?<${name}>${before})${NOT_HIDDEN}.*(?<!^\\k<${name}>${alternatives})`, end: inside.end};
}

const characterClasses: ReadonlyMap<string, string> = new Map([
	['alnum', String.raw`\p{L}\p{Nd}`],
	['alpha', String.raw`\p{L}`],
	['blank', String.raw` \t`],
	['cntrl', String.raw`\p{Cc}`],
	['digit', String.raw`\d`],
	['graph', String.raw`\p{L}\p{M}\p{N}\p{P}\p{S}`],
	['lower', String.raw`\p{Ll}`],
	['print', String.raw`\p{L}\p{M}\p{N}\p{P}\p{S} `],
	['punct', String.raw`\p{P}\p{S}`],
	['space', String.raw`\s`],
	['upper', String.raw`\p{Lu}`],
	['word', String.raw`\p{L}\p{Nd}_`],
	['xdigit', String.raw`\da-fA-F`],
]);

/** `[abc]`, `[a-z]`, `[!a]` and `[[:digit:]]`. `null` where the bracket is never closed: then it is a character like any other. */
function readBracket(written: string, start: number): Wildcard | null {
	const isNegated = /[!^]/.test(written[start + 1] ?? '');
	const first = start + (isNegated ? 2 : 1);
	const member = /\[:(?<name>\w+):\]|(?<from>\\?.)(?:-(?<to>\\?[^\]\\]|\\.))?/suy;
	let members = '';
	member.lastIndex = first;
	while (written[member.lastIndex] !== ']' || member.lastIndex === first) {
		const {name, from, to} = member.exec(written)?.groups ?? {};
		if (name !== undefined) members += characterClasses.get(name) ?? '';
		else if (from === undefined) return null;
		else members += readRange(withoutBackslash(from), withoutBackslash(to ?? from));
	}
	const nothing = isNegated ? '.' : '(?!)';
	const set = members === '' ? nothing : `[${isNegated ? '^' : ''}${members}]`;
	return {source: NOT_HIDDEN + set, end: member.lastIndex + 1};
}

const withoutBackslash = (character: string): string =>
	character.length > 1 && character.startsWith('\\') ? character.slice(1) : character;

/** A range that runs backwards has nothing in it. */
const readRange = (from: string, to: string): string =>
	(from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0)
		? ''
		: `${escapeForRange(from)}${from === to ? '' : `-${escapeForRange(to)}`}`;

const escapeForRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const escapeForRange = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** More than this nobody has written down. Braces that would give more stay as they are. */
const MAX_ALTERNATIVES = 10_000;

/** Replaces the first braces that begin within the first name by each of what they stand for; `null` where there are none. */
function expandFirstBraces(pattern: string): string[] | null {
	for (let index = 0; index < pattern.length && pattern[index] !== '/'; ) {
		const character = pattern[index];
		if (character === '{') {
			const inside = readNested(pattern, index, '{', '}', ',');
			const parts =
				inside === null ? null : inside.parts.length > 1 ? inside.parts : readSequence(inside.parts[0] ?? '');
			if (inside !== null && parts !== null && parts.length <= MAX_ALTERNATIVES) {
				const [before, after] = [pattern.slice(0, index), pattern.slice(inside.end)];
				return parts.map(part => before + part + after);
			}
		}
		const bracket = character === '[' ? readBracket(pattern.slice(index).split('/', 1)[0] ?? '', 0) : null;
		index += bracket?.end ?? (character === '\\' ? 2 : 1);
	}
	return null;
}

/** `1..12`, `01..12`, `a..e`, each with a step behind it where there is one: `1..9..2`. */
function readSequence(text: string): string[] | null {
	const match = /^(?:(-?\d+)\.\.(-?\d+)|([a-z])\.\.([a-z]))(?:\.\.-?(\d+))?$/i.exec(text);
	if (match === null) return null;
	const [, fromNumber, toNumber, fromLetter = '', toLetter = '', stepText = '1'] = match;
	const isNumber = fromNumber !== undefined && toNumber !== undefined;
	const from = isNumber ? Number(fromNumber) : fromLetter.charCodeAt(0);
	const to = isNumber ? Number(toNumber) : toLetter.charCodeAt(0);
	const step = Math.max(1, Number(stepText));
	const count = Math.floor(Math.abs(to - from) / step) + 1;
	if (count > MAX_ALTERNATIVES) return null;
	const isPadded = /^-?0\d/.test(fromNumber ?? '') || /^-?0\d/.test(toNumber ?? '');
	const width = isPadded ? Math.max(fromNumber?.length ?? 0, toNumber?.length ?? 0) : 0;
	return Array.from({length: count}, (_, index) => {
		const value = from + (to < from ? -step : step) * index;
		if (!isNumber) return String.fromCharCode(value);
		return value < 0 ? `-${String(-value).padStart(width - 1, '0')}` : String(value).padStart(width, '0');
	});
}

/** What stands in brackets of a kind, split where it is not in further ones. `null` where they are never closed. */
function readNested(
	text: string,
	start: number,
	opening: string,
	closing: string,
	separator: string,
): {readonly parts: readonly string[]; readonly end: number} | null {
	const parts: string[] = [];
	let depth = 0;
	let partStart = start + 1;
	for (let index = start; index < text.length; index++) {
		const character = text[index];
		if (character === '\\') index++;
		else if (character === opening) depth++;
		else if (character === separator && depth === 1) {
			parts.push(text.slice(partStart, index));
			partStart = index + 1;
		} else if (character === closing && --depth === 0) {
			parts.push(text.slice(partStart, index));
			return {parts, end: index + 1};
		}
	}
	return null;
}
