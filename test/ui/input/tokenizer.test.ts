import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Tokenizer} from '../../../source/ui/input/tokenizer.ts';
import type {Token} from '../../../source/ui/input/tokens.ts';
import {randomCases} from '../../helpers/random-cases.ts';

const ESC = '\u{1b}';
const key = (name: string): Token => ({type: 'key', name});

/** The tokens of the text when it arrives in one piece, and then nothing for a while. */
function tokensOf(text: string): Token[] {
	const tokenizer = new Tokenizer();
	return [...tokenizer.push(Buffer.from(text)), ...tokenizer.flush()];
}

const namesOf = (text: string): string[] =>
	tokensOf(text).map(token => (token.type === 'key' ? token.name : `(${token.type})`));

test.each([
	['jG?é漢', ['j', 'G', '?', 'é', '漢']],
	[' \r\n\t', ['space', 'enter', 'enter', 'tab']],
	['\u{1}\u{3}\u{1a}\u{c}', ['ctrl+a', 'ctrl+c', 'ctrl+z', 'ctrl+l']],
	['\u{7f}\b', ['backspace', 'backspace']],
	[`${ESC}[A${ESC}OB${ESC}[C${ESC}[D`, ['up', 'down', 'right', 'left']],
	[`${ESC}[5~${ESC}[6~${ESC}[H${ESC}OF${ESC}[1~${ESC}[4~`, ['pageup', 'pagedown', 'home', 'end', 'home', 'end']],
	[`${ESC}[1;5A${ESC}[1;2B${ESC}[3;3~`, ['ctrl+up', 'shift+down', 'alt+delete']],
	[`${ESC}[Z`, ['shift+tab']],
	[`${ESC}[15~${ESC}OP${ESC}[[B${ESC}[2$`, ['f5', 'f1', 'f2', 'shift+insert']],
	[`${ESC}x${ESC} ${ESC}P`, ['alt+x', 'alt+space']],
	[ESC, ['escape']],
	[ESC + ESC, ['escape', 'escape']],
	[`${ESC}${ESC}[A`, ['escape', 'up']],
	[`${ESC}\u{3}`, ['escape', 'ctrl+c']],
	[`${ESC}[97;5u${ESC}[27;5;120~${ESC}[97;2u`, ['ctrl+a', 'ctrl+x', 'A']],
	[`${ESC}[97;1:3u${ESC}[1;1:3A`, []],
	[`${ESC}OM${ESC}Oj${ESC}Oq`, ['enter', '*', '1']],
])('%j are the keys %j', (text, names) => {
	expect(namesOf(text)).toEqual(names);
});

test.each([
	['device attributes', `${ESC}[?62;22c${ESC}[>41;377;0c${ESC}P!|00000000${ESC}\\`],
	['state and place of the cursor', `${ESC}[0n${ESC}[12;40R${ESC}[1;1R`],
	['colours and titles', `${ESC}]11;rgb:0000/0000/0000${ESC}\\${ESC}]10;rgb:ff/ff/ff\u{7}${ESC}]lquit\u{7}`],
	['XTVERSION, terminfo', `${ESC}P>|xterm(390)${ESC}\\${ESC}P1+r544e=787465726d${ESC}\\`],
	['modes, flags of the keyboard', `${ESC}[?2026;2$y${ESC}[?1u${ESC}[8;24;80t`],
	['kitty graphics', `${ESC}_Gi=1;OK${ESC}\\`],
	['the same in 8 bits', '\u{9d}11;rgb:q/q/q\u{9c}\u{90}>|q\u{9c}\u{9b}?62c'],
	['mice of old protocols', `${ESC}[M qQ${ESC}[32;10;10M`],
	['no UTF-8, and what nobody types', '\u{fffd}\u{202e}\u{200b}\u{feff}'],
])('%s of a terminal are not input', (_, text) => {
	expect(tokensOf(text)).toEqual([]);
	expect(namesOf(`${text}j`)).toEqual(['j']);
});

test('bytes that are not UTF-8 are dropped, and the keys around them stay', () => {
	const tokens = new Tokenizer().push(Uint8Array.of(0x6a, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0x6b));
	expect(tokens).toEqual([key('j'), key('('), key('k')]);
});

test('mouse tokens say what was pressed and where, 0-based', () => {
	expect(
		tokensOf(`${ESC}[<0;11;5M${ESC}[<0;11;5m${ESC}[<64;1;1M${ESC}[<65;200;300M${ESC}[<2;1;1M${ESC}[<35;3;3M`),
	).toEqual([
		{type: 'mouse', kind: 'press', button: 'left', column: 10, row: 4},
		{type: 'mouse', kind: 'release', button: 'left', column: 10, row: 4},
		{type: 'mouse', kind: 'wheel-up', button: 'none', column: 0, row: 0},
		{type: 'mouse', kind: 'wheel-down', button: 'none', column: 199, row: 299},
		{type: 'mouse', kind: 'press', button: 'right', column: 0, row: 0},
		{type: 'mouse', kind: 'move', button: 'none', column: 2, row: 2},
	]);
	expect(tokensOf(`${ESC}[<M${ESC}[<0;1M${ESC}[<66;1;1M${ESC}[<0;1;99999999M`)).toEqual([]);
});

test('focus is a token, a paste is text', () => {
	expect(tokensOf(`${ESC}[I${ESC}[O`)).toEqual([
		{type: 'focus', isFocused: true},
		{type: 'focus', isFocused: false},
	]);
	expect(tokensOf(`${ESC}[200~a\u{3}q\r${ESC}[A${ESC}[20${ESC}[201~j`)).toEqual([
		{type: 'paste', text: `a\u{3}q\r${ESC}[A${ESC}[20`, isWhole: false},
		key('j'),
	]);
});

describe('input without an end', () => {
	test('a paste without an end gives the keyboard back to Ctrl+C after a silence, and nothing of it is a key', () => {
		const tokenizer = new Tokenizer();
		expect(tokenizer.push(Buffer.from(`${ESC}[200~qqq`))).toEqual([]);
		expect(tokenizer.push(Buffer.from('\u{3}'))).toEqual([]);
		expect(tokenizer.flush()).toEqual([]);
		expect(tokenizer.push(Buffer.from('qyq\u{3}'))).toEqual([]);
		tokenizer.flush();
		expect(tokenizer.push(Buffer.from('\u{3}'))).toEqual([key('ctrl+c')]);
	});

	test('a control character ends a sequence and counts', () => {
		expect(namesOf(`${ESC}[12\u{3}`)).toEqual(['ctrl+c']);
		expect(namesOf(`${ESC}]0;title\u{3}j`)).toEqual(['ctrl+c', 'j']);
		expect(namesOf(`${ESC}Px${ESC}[A`)).toEqual(['up']);
	});

	test('a silence ends an incomplete sequence', () => {
		for (const begun of [`${ESC}[`, `${ESC}[1;`, `${ESC}O`, `${ESC}]0;x`, `${ESC}[M`]) {
			const tokenizer = new Tokenizer();
			tokenizer.push(Buffer.from(begun));
			expect(tokenizer.waiting).toBe('sequence');
			expect(tokenizer.flush()).toEqual([]);
			expect(tokenizer.push(Buffer.from('j'))).toEqual([key('j')]);
		}
	});

	test('endless sequences and pastes are not kept', () => {
		const tokenizer = new Tokenizer();
		tokenizer.push(Buffer.from(`${ESC}[200~`));
		for (let megabyte = 0; megabyte < 4; megabyte++) tokenizer.push(Buffer.alloc(1024 * 1024, 'x'));
		const [paste] = tokenizer.push(Buffer.from(`${ESC}[201~`));
		expect(paste?.type === 'paste' ? paste.text.length : 0).toBe(64 * 1024);
		expect(namesOf(`${ESC}[${'1;'.repeat(100_000)}A${ESC}]${'x'.repeat(100_000)}\u{7}j`)).toEqual(['j']);
	});
});

/** Whole sequences, halves of them, text in several scripts, and plain noise. */
const anyPiece = fc.oneof(
	fc.constantFrom(
		'j',
		'é',
		'漢😀',
		'\r',
		'\u{3}',
		ESC,
		`${ESC}[A`,
		`${ESC}OB`,
		`${ESC}[<0;10;20M`,
		`${ESC}[<65;1;1M`,
		`${ESC}[I`,
		`${ESC}[200~`,
		`${ESC}[201~`,
		`${ESC}[?1;2c`,
		`${ESC}]11;rgb:0/0/0${ESC}\\`,
		`${ESC}P>|x${ESC}\\`,
		`${ESC}[M`,
		`${ESC}[[`,
		'\u{9b}',
		'[',
		'1;5',
		'~',
	),
	fc.string({unit: 'binary', maxLength: 8}),
);
const anyBytes = fc.oneof(
	fc.array(anyPiece, {maxLength: 20}).map(pieces => Buffer.from(pieces.join(''))),
	fc.uint8Array({maxLength: 60}).map(bytes => Buffer.from(bytes)),
);

test('the result does not depend on where the bytes are split', () => {
	fc.assert(
		fc.property(anyBytes, fc.array(fc.nat(80), {maxLength: 12}), (bytes, cuts) => {
			const whole = new Tokenizer();
			const expected = [...whole.push(bytes), ...whole.flush()];
			const cut = new Tokenizer();
			const places = [0, ...cuts.map(place => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
			const tokens = places.slice(1).flatMap((end, index) => cut.push(bytes.subarray(places[index], end)));
			expect([...tokens, ...cut.flush()]).toEqual(expected);
		}),
		{numRuns: randomCases(2000)},
	);
});

test('byte by byte the result is the same', () => {
	fc.assert(
		fc.property(anyBytes, bytes => {
			const [whole, slow] = [new Tokenizer(), new Tokenizer()];
			const expected = [...whole.push(bytes), ...whole.flush()];
			const tokens = Array.from(bytes, byte => slow.push(Uint8Array.of(byte))).flat();
			expect([...tokens, ...slow.flush()]).toEqual(expected);
		}),
	);
});

test('nothing of a paste acts as a key, whatever is in it', () => {
	const content = fc.array(anyPiece, {maxLength: 20}).map(pieces => pieces.join(''));
	fc.assert(
		fc.property(content, fc.nat(40), (text, cut) => {
			// A terminal that marks pastes removes the mark itself from them.
			const pasted = Buffer.from(`${ESC}[200~${text.replaceAll(`${ESC}[201~`, '')}`);
			const tokenizer = new Tokenizer();
			expect(tokenizer.push(pasted.subarray(0, cut))).toEqual([]);
			expect(tokenizer.push(pasted.subarray(cut))).toEqual([]);
			const tokens = tokenizer.push(Buffer.from(`${ESC}[201~`));
			expect(tokens.map(({type}) => type)).toEqual(['paste']);
		}),
		{numRuns: randomCases(1000)},
	);
});

test('after any noise and a silence, the keyboard works', () => {
	fc.assert(
		fc.property(anyBytes, bytes => {
			const tokenizer = new Tokenizer();
			tokenizer.push(bytes);
			tokenizer.flush();
			if (tokenizer.waiting === 'paste') tokenizer.push(Uint8Array.of(0x1b));
			tokenizer.flush();
			// The rest of a split character is not part of the key.
			tokenizer.push(Buffer.from('\r'));
			expect(tokenizer.push(Buffer.from('j'))).toEqual([key('j')]);
		}),
		{numRuns: randomCases(1000)},
	);
});
