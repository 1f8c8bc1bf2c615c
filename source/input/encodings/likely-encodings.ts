// In which encodings a text makes words, where it is not UTF-8. This is advice for people, never a decision: who reads a file assumes
// Windows-1252, and says so.
import type {EastAsianEncoding, SingleByteEncoding} from './encoding-labels.ts';

/** One byte for each character: a word is one where all of its letters are of the script. */
const ofAlphabets: readonly (readonly [label: SingleByteEncoding, letter: RegExp])[] = [
	['windows-1250', /[a-zß\u00c0-\u017f]/iu],
	['windows-1257', /[a-zß\u00c0-\u017f]/iu],
	['macintosh', /[a-zß\u00c0-\u017f]/iu],
	['windows-1255', /\p{Script=Hebrew}/u],
	['windows-1251', /\p{Script=Cyrillic}/u],
	['koi8-r', /\p{Script=Cyrillic}/u],
	['ibm866', /\p{Script=Cyrillic}/u],
	['windows-1253', /\p{Script=Greek}/u],
	['windows-1256', /\p{Script=Arabic}/u],
	['windows-874', /\p{Script=Thai}/u],
];

/** Of equally good ones the first wins: that with the fewest usual characters. Several bytes for each: the usual characters by their bytes, because rare ones stand wherever two bytes can. */
const eastAsian: readonly (readonly [label: EastAsianEncoding, usual: RegExp, others: RegExp])[] = [
	[
		'shift_jis',
		/^(?:[\x82\x83][\x40-\xfc]|[\x88-\x97][\x40-\xfc]|\x81[\x40-\xac])/,
		/^[\x81-\x9f\xe0-\xfc][\x40-\xfc]/,
	],
	['euc-kr', /^(?:[\xb0-\xc8][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe])/, /^[\x81-\xfe][\x41-\xfe]/],
	['euc-jp', /^(?:[\xa4\xa5\xb0-\xcf][\xa1-\xfe]|\xa1[\xa1-\xfe])/, /^[\x8e\xa1-\xfe][\xa1-\xfe]/],
	['gb18030', /^(?:[\xb0-\xd7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe])/, /^[\x81-\xfe][\x40-\xfe]/],
	['big5', /^(?:[\xa4-\xc6][\x40-\x7e\xa1-\xfe]|[\xa1-\xa3][\x40-\xfe])/, /^[\x81-\xfe][\x40-\xfe]/],
];

const LEAST_SHARE = 0.8;
/** What is less likely by more than this is not named. */
const MAX_DISTANCE = 0.15;
const MAX_NAMED = 3;

/** @param bytes - Of some texts, each with its line end. @returns The most likely first; none where Windows-1252 is as likely. */
export function likelyEncodings(bytes: Uint8Array): readonly string[] {
	const usual = shareOfWords(bytes, 'windows-1252', /[a-zß-öø-ÿÀ-ÖØ-ÞŠšŽžŒœŸ]/iu);
	const rated = [
		...eastAsian.map(([label, ...forms]) => ({label, share: shareOfPairs(bytes, label, ...forms)})),
		...ofAlphabets.map(([label, letter]) => ({label, share: shareOfWords(bytes, label, letter)})),
	].toSorted((one, other) => other.share - one.share);
	const best = rated[0]?.share ?? 0;
	if (best < LEAST_SHARE || best <= usual) return [];
	return rated
		.filter(({share}) => share >= Math.max(LEAST_SHARE, best - MAX_DISTANCE) && share > usual)
		.slice(0, MAX_NAMED)
		.map(({label}) => label);
}

const WORD = /[A-Za-z\u0080-\u{10ffff}]+/gu;
/** Blanks, signs and marks around a word are in all scripts. */
const AROUND = /^[\p{Z}\p{P}\p{Sc}°¹²³ªº§©®™]+|[\p{Z}\p{P}\p{Sc}°¹²³ªº§©®™]+$/gu;

/** The part of the characters beyond ASCII that stand in words where letters of the script stand. */
function shareOfWords(bytes: Uint8Array, label: string, letter: RegExp): number {
	const text = new TextDecoder(label).decode(bytes);
	const isLatin = letter.test('a');
	let all = 0;
	let right = 0;
	for (const [found] of text.matchAll(WORD)) {
		const word = [...found.replace(AROUND, '')];
		const others = word.filter(character => character > '\x7f');
		all += others.length;
		// Words in Latin letters have some of ASCII, in other scripts none.
		const isWord = isLatin ? others.length <= word.length / 2 || word.length === 1 : others.length === word.length;
		if (isWord && word.every((character, place) => letter.test(character) && isCaseRight(word, place)))
			right += others.length;
	}
	return all === 0 ? 0 : right / all;
}

/** Only the first letter of a word is a capital one, or all are. */
const isCaseRight = (word: readonly string[], place: number): boolean =>
	place === 0 || !/\p{Lu}/u.test(word[place] ?? '') || word.every(character => !/\p{Ll}/u.test(character));

/** The part of the bytes beyond ASCII that are of usual characters; 0 where any bytes are no character. */
function shareOfPairs(bytes: Uint8Array, label: string, usual: RegExp, others: RegExp): number {
	try {
		new TextDecoder(label, {fatal: true}).decode(bytes);
	} catch {
		return 0;
	}
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
	let all = 0;
	let right = 0;
	let singles = 0;
	for (let at = 0; at < text.length; at++) {
		if (text.charCodeAt(at) < 0x80) continue;
		all++;
		const pair = text.slice(at, at + 2);
		if (!others.test(pair)) singles++;
		else {
			if (usual.test(pair)) right++;
			at++;
		}
	}
	// Alone between letters of ASCII, bytes are letters of a word in Latin.
	return all === 0 || singles * 10 > all || /^[^\x80-\xff]*(?:[A-Za-z][\x80-\xff][A-Za-z][^\x80-\xff]*)+$/.test(text)
		? 0
		: right / all;
}
