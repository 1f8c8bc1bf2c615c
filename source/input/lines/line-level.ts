// The level of a line, from its masked form: a word in any case at the beginning of the line, behind a time, or in brackets.
//
//   ERROR: no such file
//   2024-03-01T10:00:00.000Z WARN  [http-1] …      2024-03-01 10:00:00,000 - INFO - …      Mar  1 10:00:00 DEBUG …
//   2024-03-01 10:00:00 main [ERROR] …             [2024-03-01 10:00:00] [ info ] …

export type LineLevel = 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE' | 'FATAL';

/** By their first letters, in lower case. */
const levels: ReadonlyMap<number, {readonly level: LineLevel; readonly letters: Uint8Array}> = new Map(
	(['ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'FATAL'] as const).map(level => {
		const letters = Buffer.from(level.toLowerCase());
		return [letters[0] ?? 0, {level, letters}];
	}),
);

/** Times and brackets with a level stand at the beginning of a line; what is further behind is its text. */
const MAX_BYTES = 256;

function byteSet(bytes: string): Uint8Array {
	const set = new Uint8Array(256);
	for (const byte of Buffer.from(bytes)) set[byte] = 1;
	return set;
}

const blanks = byteSet(' \t\r\v\f');
const opening = byteSet('[(<');
const closing = byteSet('])>');
const behindLevel = byteSet(' \t\r\v\f:,;|!()[]<>');
/** Of times with masked digits, and of what joins a time and a level. */
const timeBytes = byteSet('#:-/.,+TZ|');
const MASK = 0x23;
const COMMA = 0x2c;
const DASH = 0x2d;
const SLASH = 0x2f;
const COLON = 0x3a;
const LOWER_CASE = 0x20;

const threeBytes = (first = 0, second = 0, third = 0): number => (first << 16) | (second << 8) | third;

/** Parts of times that are no numbers. */
const timeNames: ReadonlySet<number> = new Set(
	'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun UTC GMT CET'
		.split(' ')
		.map(name => threeBytes(...Buffer.from(name))),
);

/** @param masked - The line with one `#` for each run of digits. */
export function findLevel(masked: Uint8Array, maskedLength: number): LineLevel | '' {
	const length = Math.min(maskedLength, MAX_BYTES);
	let at = skipBlanks(masked, 0, length);
	let isUsualPlace = true;
	let hasTime = false;
	while (at < length) {
		if (isUsualPlace) {
			const level = levelAt(masked, at, maskedLength);
			if (level !== '') return level;
		}
		const end = findBlank(masked, at, length);
		const kind = kindOf(masked, at, end);
		if (kind === 'text') return levelInBrackets(masked, at, length, maskedLength);
		hasTime ||= kind === 'time';
		isUsualPlace = hasTime;
		at = skipBlanks(masked, end, length);
	}
	return '';
}

/** What a word is: a time or date, a part of one or a sign behind it, or anything else. */
function kindOf(masked: Uint8Array, wordStart: number, wordEnd: number): 'time' | 'part' | 'text' {
	const start = opening[masked[wordStart] ?? 0] === 1 ? wordStart + 1 : wordStart;
	const isClosed = wordEnd > start && closing[masked[wordEnd - 1] ?? 0] === 1;
	const end = isClosed ? wordEnd - 1 : wordEnd;
	let numbers = 0;
	let colons = 0;
	let separators = 0;
	for (let at = start; at < end; at++) {
		const byte = masked[at] ?? 0;
		if (timeBytes[byte] !== 1) return isTimeName(masked, start, end) ? 'part' : 'text';
		if (byte === MASK) numbers++;
		else if (byte === COLON) colons++;
		else if (byte === DASH || byte === SLASH) separators++;
	}
	const isTime = numbers > 1 && colons > 0;
	const isDate = numbers > 2 && separators > 1;
	return isTime || isDate ? 'time' : 'part';
}

function isTimeName(masked: Uint8Array, start: number, end: number): boolean {
	const length = masked[end - 1] === COMMA ? end - 1 - start : end - start;
	return length === 3 && timeNames.has(threeBytes(masked[start], masked[start + 1], masked[start + 2]));
}

/** The level that is the word at a place, in brackets or not. */
function levelAt(masked: Uint8Array, at: number, length: number): LineLevel | '' {
	if (opening[masked[at] ?? 0] === 1) return levelBehindBracket(masked, at, length);
	const found = findWord(masked, at);
	if (found === null) return '';
	const end = at + found.letters.length;
	return end === length || (end < length && behindLevel[masked[end] ?? 0] === 1) ? found.level : '';
}

function levelBehindBracket(masked: Uint8Array, bracket: number, length: number): LineLevel | '' {
	const at = skipBlanks(masked, bracket + 1, length);
	const found = findWord(masked, at);
	if (found === null) return '';
	const end = skipBlanks(masked, at + found.letters.length, length);
	return end < length && closing[masked[end] ?? 0] === 1 ? found.level : '';
}

/** The level whose letters stand at a place, whatever is behind them. */
function findWord(masked: Uint8Array, at: number): {level: LineLevel; letters: Uint8Array} | null {
	const candidate = levels.get((masked[at] ?? 0) | LOWER_CASE);
	if (candidate === undefined) return null;
	const {letters} = candidate;
	for (let index = 1; index < letters.length; index++)
		if (((masked[at + index] ?? 0) | LOWER_CASE) !== letters[index]) return null;
	return candidate;
}

function levelInBrackets(masked: Uint8Array, from: number, to: number, length: number): LineLevel | '' {
	for (let at = from; at < to; at++) {
		if (opening[masked[at] ?? 0] !== 1) continue;
		const level = levelBehindBracket(masked, at, length);
		if (level !== '') return level;
	}
	return '';
}

function skipBlanks(masked: Uint8Array, from: number, to: number): number {
	let at = from;
	while (at < to && blanks[masked[at] ?? 0] === 1) at++;
	return at;
}

function findBlank(masked: Uint8Array, from: number, to: number): number {
	let at = from;
	while (at < to && blanks[masked[at] ?? 0] !== 1) at++;
	return at;
}
