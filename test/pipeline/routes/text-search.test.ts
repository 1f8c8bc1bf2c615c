// The text of a file in pieces: its characters, and what stands in it, do not depend on where it is cut.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {noteInvalid} from '../../../source/input/encodings/invalid-bytes.ts';
import {TextPieces} from '../../../source/pipeline/routes/choose/text-pieces.ts';
import {ContainedText} from '../../../source/pipeline/routes/choose/text-search.ts';
import {randomCases} from '../../helpers/random-cases.ts';

const cuts = fc.array(fc.nat(30), {maxLength: 5}).map(places => places.toSorted((one, other) => one - other));

function piecesOf<Whole extends string | Uint8Array>(whole: Whole, places: readonly number[]): Whole[] {
	const ends = [...places, whole.length];
	return ends.map((end, index) => whole.slice(index === 0 ? 0 : ends[index - 1], end) as Whole);
}

function decode(pieces: readonly Uint8Array[]): {text: string; hasOther: boolean} {
	const decoder = new TextPieces();
	const text = pieces.map(piece => decoder.take(piece)).join('') + decoder.end();
	return {text, hasOther: decoder.hasOther};
}

test('any bytes are the same text, wherever they are cut', () => {
	const byte = fc.constantFrom(
		0x41,
		0x0a,
		0xc3,
		0xa9,
		0xe2,
		0x82,
		0xac,
		0xf0,
		0x9f,
		0x98,
		0x80,
		0xed,
		0xef,
		0xbb,
		0xbf,
		0xff,
	);
	const ofNote = fc.constantFrom('\ufdd0', '\ufdd1', 'FF', 'A').map(text => [...Buffer.from(text)]);
	const bytes = fc
		.array(fc.oneof({weight: 2, arbitrary: byte.map(each => [each])}, ofNote), {maxLength: 20})
		.map(parts => parts.flat());
	fc.assert(
		fc.property(bytes, cuts, (all, places) => {
			const whole = Uint8Array.from(all);
			expect(decode(piecesOf(whole, places))).toEqual(decode([whole]));
		}),
		{numRuns: randomCases(3000)},
	);
});

test('text in UTF-8 is itself but for its byte order mark, and other bytes are Windows-1252', () => {
	fc.assert(
		fc.property(fc.string({unit: 'grapheme'}), text => {
			expect(decode([Buffer.from(text)])).toEqual({text: text.replace(/^\ufeff/, ''), hasOther: false});
		}),
		{numRuns: randomCases(500)},
	);
	expect(decode([Buffer.from('Größe: 5 \x80', 'latin1')])).toEqual({text: 'Größe: 5 €', hasOther: true});
	expect(decode([Buffer.concat([Buffer.from('Größe '), Buffer.from('Größe', 'latin1')])]).text).toBe('Größe Größe');
	expect(decode([Buffer.from('\ufeff\ufeffx')]).text).toBe('\ufeffx');
});

test('of bytes that are no character of the encoding, no digits are found', () => {
	const noted = Buffer.concat([Buffer.from('a'), noteInvalid(Uint8Array.of(0xff, 0x81)), Buffer.from('b FF')]);
	for (let cut = 0; cut <= noted.length; cut++)
		expect(decode([noted.subarray(0, cut), noted.subarray(cut)]).text).toBe('a\ufffdb FF');
	expect(decode([Buffer.from('a\ufdd0FF')]).text).toBe('a\ufdd0FF');
});

test('a text is found where it is, wherever it is cut', () => {
	const letters = (maxLength: number, minLength = 0) =>
		fc.array(fc.constantFrom('a', 'b', '\n', '😀'), {minLength, maxLength}).map(all => all.join(''));
	fc.assert(
		fc.property(letters(5, 1), letters(20), cuts, (wanted, text, places) => {
			const search = new ContainedText(wanted);
			for (const piece of piecesOf(text, places)) search.take(piece);
			search.end();
			expect(search.isFound).toBe(text.includes(wanted));
		}),
		{numRuns: randomCases(3000)},
	);
});
