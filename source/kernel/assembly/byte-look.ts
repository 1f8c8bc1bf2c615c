// What a piece of text may have that no record shows, 16 bytes at a time, so that the host looks closer where there is something: see ../byte-look.ts.

const TAB: u8 = 0x09;
const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const DELETE: u8 = 0x7f;

// How lines end, as the host says it.
const CRLF_LINES: i32 = 1;
const CR_LINES: i32 = 2;

// What is found, as bits.
const CONTROL: i32 = 1;
const ODD_CHARACTER: i32 = 2;
const MARK: i32 = 4;
const OTHER_NEWLINE: i32 = 8;
const BLANK_LINE: i32 = 16;
const INNER_QUOTE: i32 = 32;
const LABEL: i32 = 64;

let quotes: u32 = 0;

/** How many quotes the last piece has. */
export function quotesSeen(): u32 {
	return quotes;
}

/** Begins a text. @param from - Where its pieces will be; the 16 bytes in front of it are the kernel's, and 16 behind each piece. */
export function beginLook(from: usize): void {
	store<u16>(from - 2, 0x0a0a);
}

/**
Looks at the next piece of a text, which is not empty.

@param first - Of the delimiter, as the last.
@param mustLookForLabels - Whether lines may begin with a word for a sum.
@returns What it has, or may have.
*/
export function lookAtBytes(
	from: usize,
	end: usize,
	quote: u8,
	first: u8,
	last: u8,
	newline: i32,
	mustLookForLabels: bool,
): i32 {
	const isCrlf = newline === CRLF_LINES;
	// What stands behind the piece is not known: something that is no fault there.
	memory.fill(end, first, 16);
	if (isCrlf && load<u8>(end - 1) === CR) store<u8>(end, LF);
	const pairFirst = newline === CR_LINES ? CR : LF;
	const pairSecond = newline === 0 ? LF : CR;
	const whenFeed = i8x16.splat(newline === 0 ? 0 : -1);
	const whenReturn = i8x16.splat(newline === 0 ? -1 : 0);
	const whenBehindReturn = i8x16.splat(isCrlf ? -1 : 0);
	let control = i8x16.splat(0);
	let otherNewline = i8x16.splat(0);
	let blankLine = i8x16.splat(0);
	let found: i32 = 0;
	quotes = 0;
	for (let address = from; address < end; address += 16) {
		const bytes = v128.load(address);
		const before = v128.load(address - 1);
		const isFeed = i8x16.eq(bytes, i8x16.splat(LF));
		const isReturn = i8x16.eq(bytes, i8x16.splat(CR));
		const isDelimiter = v128.or(i8x16.eq(bytes, i8x16.splat(first)), i8x16.eq(bytes, i8x16.splat(last)));
		const isUsual = v128.or(
			v128.or(v128.or(isFeed, isReturn), isDelimiter),
			v128.or(i8x16.eq(bytes, i8x16.splat(TAB)), i8x16.eq(bytes, i8x16.splat(0))),
		);
		const isControl = v128.or(i8x16.lt_u(bytes, i8x16.splat(0x20)), i8x16.eq(bytes, i8x16.splat(DELETE)));
		control = v128.or(control, v128.andnot(isControl, isUsual));
		const isBehindReturn = v128.and(i8x16.eq(before, i8x16.splat(CR)), whenBehindReturn);
		const isOther = v128.xor(v128.and(isFeed, whenFeed), isBehindReturn);
		otherNewline = v128.or(otherNewline, v128.or(isOther, v128.and(isReturn, whenReturn)));
		const isPair = v128.and(i8x16.eq(before, i8x16.splat(pairFirst)), i8x16.eq(bytes, i8x16.splat(pairSecond)));
		blankLine = v128.or(blankLine, isPair);
		if (i8x16.bitmask(bytes) !== 0) found |= lookAtCharacters(address);
		if (mustLookForLabels && mayBeginLabel(address, bytes, before, first)) found |= LABEL;
		const isBehindQuote = i8x16.eq(before, i8x16.splat(quote));
		const isQuote = i8x16.eq(bytes, i8x16.splat(quote));
		if (!v128.any_true(v128.or(isQuote, isBehindQuote))) continue;
		quotes += popcnt<u32>(i8x16.bitmask(isQuote));
		const isEdge = v128.or(v128.or(isFeed, isReturn), v128.or(isDelimiter, isQuote));
		const inFront = v128.load(address - 2);
		const wasEdge = v128.or(
			v128.or(i8x16.eq(inFront, i8x16.splat(LF)), i8x16.eq(inFront, i8x16.splat(CR))),
			v128.or(
				v128.or(i8x16.eq(inFront, i8x16.splat(first)), i8x16.eq(inFront, i8x16.splat(last))),
				i8x16.eq(inFront, i8x16.splat(quote)),
			),
		);
		if (v128.any_true(v128.andnot(isBehindQuote, v128.or(isEdge, wasEdge)))) found |= INNER_QUOTE;
	}
	// Of the next piece, the bytes in front.
	store<u16>(from - 2, load<u16>(end - 2));
	if (v128.any_true(control)) found |= CONTROL;
	if (v128.any_true(otherNewline)) found |= OTHER_NEWLINE;
	if (v128.any_true(blankLine)) found |= BLANK_LINE;
	return found;
}

/** Looks at 16 bytes of which some are no ASCII for characters of UTF-8 that no sound text has, each by its third byte or its second. */
function lookAtCharacters(address: usize): i32 {
	const third = v128.load(address);
	const second = v128.load(address - 1);
	const first = v128.load(address - 2);
	const isE2 = i8x16.eq(first, i8x16.splat(0xe2 as i8));
	const isEf = i8x16.eq(first, i8x16.splat(0xef as i8));
	const isC3 = i8x16.eq(first, i8x16.splat(0xc3 as i8));
	// Controls of Latin-1, and no-break spaces.
	const latin = v128.and(
		i8x16.eq(second, i8x16.splat(0xc2 as i8)),
		v128.and(i8x16.le_u(third, i8x16.splat(0xa0 as i8)), i8x16.lt_s(third, i8x16.splat(0))),
	);
	// What was encoded twice.
	const twice = v128.and(
		v128.and(isC3, i8x16.lt_s(third, i8x16.splat(0))),
		v128.or(
			i8x16.eq(v128.and(second, i8x16.splat(0xfe as i8)), i8x16.splat(0x82 as i8)),
			i8x16.eq(second, i8x16.splat(0xa2 as i8)),
		),
	);
	// U+200B, U+2028 to U+202E, U+2060, and what is beside them.
	const noWidth = v128.and(
		isE2,
		v128.or(
			v128.and(
				i8x16.eq(second, i8x16.splat(0x80 as i8)),
				v128.or(
					i8x16.eq(third, i8x16.splat(0x8b as i8)),
					i8x16.eq(v128.and(third, i8x16.splat(0xf8 as i8)), i8x16.splat(0xa8 as i8)),
				),
			),
			i8x16.eq(second, i8x16.splat(0x81 as i8)),
		),
	);
	const replaced = v128.and(
		isEf,
		v128.and(i8x16.eq(second, i8x16.splat(0xbf as i8)), i8x16.eq(third, i8x16.splat(0xbd as i8))),
	);
	const mark = v128.and(
		isEf,
		v128.and(i8x16.eq(second, i8x16.splat(0xbb as i8)), i8x16.eq(third, i8x16.splat(0xbf as i8))),
	);
	const isOdd = v128.any_true(v128.or(v128.or(latin, twice), v128.or(noWidth, replaced)));
	return (isOdd ? ODD_CHARACTER : 0) | (v128.any_true(mark) ? MARK : 0);
}

/**
Whether a line begins with two letters of a word for a sum, or with what may stand in front of it: see sniff/totals-scan.ts.

@param behind - What stands behind the piece as far as anybody knows: any letter may.
*/
function mayBeginLabel(address: usize, bytes: v128, before: v128, behind: u8): bool {
	const isFirst = v128.or(i8x16.eq(before, i8x16.splat(LF)), i8x16.eq(before, i8x16.splat(CR)));
	if (!v128.any_true(isFirst)) return false;
	const small = v128.or(bytes, i8x16.splat(0x20));
	const isLetter = i8x16.lt_u(i8x16.sub(small, i8x16.splat(0x61)), i8x16.splat(26));
	const isOtherLetter = v128.andnot(
		isLetter,
		v128.or(
			v128.or(
				v128.or(i8x16.eq(small, i8x16.splat(0x67)), i8x16.eq(small, i8x16.splat(0x6e))),
				v128.or(i8x16.eq(small, i8x16.splat(0x70)), i8x16.eq(small, i8x16.splat(0x73))),
			),
			v128.or(i8x16.eq(small, i8x16.splat(0x74)), i8x16.eq(small, i8x16.splat(0x7a))),
		),
	);
	const next = v128.load(address + 1);
	const isOtherPair = v128.andnot(isLetter, mayBeSecond(next, behind));
	const isDigit = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
	const isEnd = v128.or(i8x16.eq(bytes, i8x16.splat(LF)), i8x16.eq(bytes, i8x16.splat(CR)));
	return v128.any_true(v128.andnot(isFirst, v128.or(v128.or(isOtherLetter, isOtherPair), v128.or(isDigit, isEnd))));
}

/** Whether bytes may be the second ones of such words: a, e, o, r, u, w. */
function mayBeSecond(bytes: v128, behind: u8): v128 {
	const small = v128.or(bytes, i8x16.splat(0x20));
	const isVowel = v128.or(
		v128.or(i8x16.eq(small, i8x16.splat(0x61)), i8x16.eq(small, i8x16.splat(0x65))),
		v128.or(i8x16.eq(small, i8x16.splat(0x6f)), i8x16.eq(small, i8x16.splat(0x75))),
	);
	const isOther = v128.or(i8x16.eq(small, i8x16.splat(0x72)), i8x16.eq(small, i8x16.splat(0x77)));
	return v128.or(v128.or(isVowel, isOther), i8x16.eq(bytes, i8x16.splat(behind as i8)));
}
