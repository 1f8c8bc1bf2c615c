// Complete control sequences -> tokens. Unknown ones are answers of the terminal, or keys that no keyboard has, and are
// dropped.
import {withModifiers} from './key-names.ts';
import {keyToken, type MouseToken, type Token} from './tokens.ts';

/** `CSI <letter>`, `CSI 1;<modifiers><letter>` and `SS3 <letter>`. */
const LETTER_KEYS: Readonly<Record<string, string>> = {
	A: 'up',
	B: 'down',
	C: 'right',
	D: 'left',
	F: 'end',
	H: 'home',
	P: 'f1',
	Q: 'f2',
	R: 'f3',
	S: 'f4',
};

/** `CSI <number>~`. */
const NUMBER_KEYS: Readonly<Record<number, string>> = {
	1: 'home',
	2: 'insert',
	3: 'delete',
	4: 'end',
	5: 'pageup',
	6: 'pagedown',
	7: 'home',
	8: 'end',
	11: 'f1',
	12: 'f2',
	13: 'f3',
	14: 'f4',
	15: 'f5',
	17: 'f6',
	18: 'f7',
	19: 'f8',
	20: 'f9',
	21: 'f10',
	23: 'f11',
	24: 'f12',
};

/** The numeric pad in application mode: `SS3 <letter>`. */
const PAD_KEYS: Readonly<Record<string, string>> = {
	M: 'enter',
	j: '*',
	k: '+',
	l: ',',
	m: '-',
	n: '.',
	o: '/',
	X: '=',
	...Object.fromEntries(Array.from('pqrstuvwxy', (letter, digit) => [letter, String(digit)])),
};

/** xterm encodes modifiers as 1 plus the sum of 1 Shift, 2 Alt, 4 Ctrl, 8 Meta. */
function modifiersOf(parameter: string | undefined): ReadonlySet<string> {
	const bits = Math.max(0, Number.parseInt(parameter ?? '1', 10) - 1) || 0;
	const modifiers = new Set<string>();
	if (bits & 1) modifiers.add('shift');
	if (bits & (2 | 8)) modifiers.add('alt');
	if (bits & 4) modifiers.add('ctrl');
	return modifiers;
}

/** @param body - Parameters and intermediate characters between `CSI` and the final one. */
export function readControlSequence(body: string, final: string): Token | undefined {
	if (body.startsWith('<')) return final === 'M' || final === 'm' ? readMouse(body.slice(1), final) : undefined;
	if (final === 'I' || final === 'O') return body === '' ? {type: 'focus', isFocused: final === 'I'} : undefined;
	// Answers: private ones (device attributes, modes, keyboard flags), the cursor position, status reports.
	if (!/^[\d;:]*$/.test(body)) return undefined;
	const parameters = body.split(';');
	// `:` and a number behind the modifiers mark a repeated press (2) or a release (3); a release is not another press.
	const [modifier, eventType] = (parameters[1] ?? '').split(':');
	if (eventType === '3') return undefined;
	if (final === 'Z') return keyToken('shift+tab');
	if (final === 'u') return readCodePointKey(parameters[0], modifier);
	if (final === '~') {
		if (parameters[0] === '27') return readCodePointKey(parameters[2], modifier);
		const name = NUMBER_KEYS[Number(parameters[0])];
		return name === undefined ? undefined : keyToken(withModifiers(name, modifiersOf(modifier)));
	}
	// rxvt's Shift and Ctrl.
	if (final === '$' || final === '^') {
		const name = NUMBER_KEYS[Number(body)];
		return name === undefined ? undefined : keyToken(`${final === '$' ? 'shift' : 'ctrl'}+${name}`);
	}
	const name = LETTER_KEYS[final];
	// `CSI <row>;<column>R` reports the cursor position; with a first parameter of 1 it looks the same as F3.
	if (name === undefined || final === 'R' || (body !== '' && parameters[0] !== '1')) return undefined;
	return keyToken(withModifiers(name, modifiersOf(modifier)));
}

export function readSingleShift(letter: string): Token | undefined {
	const name = LETTER_KEYS[letter] ?? PAD_KEYS[letter];
	return name === undefined ? undefined : keyToken(name);
}

/** `CSI [ A` to `CSI [ E`: the function keys of the Linux console. */
export function readConsoleKey(letter: string): Token | undefined {
	const number = 'ABCDE'.indexOf(letter) + 1;
	return number > 0 && letter !== '' ? keyToken(`f${number}`) : undefined;
}

/** A key reported by its character's code: kitty's `CSI u` and xterm's `CSI 27;…~`. */
function readCodePointKey(number: string | undefined, modifier: string | undefined): Token | undefined {
	const codePoint = Number.parseInt(number ?? '', 10);
	if (!(codePoint >= 0 && codePoint < 0x11_0000)) return undefined;
	const modifiers = new Set(modifiersOf(modifier));
	const named: Readonly<Record<number, string>> = {9: 'tab', 13: 'enter', 27: 'escape', 32: 'space', 127: 'backspace'};
	const special = named[codePoint];
	if (special !== undefined) return keyToken(withModifiers(special, modifiers));
	const character = String.fromCodePoint(codePoint);
	if (/[\p{C}\p{Z}]/u.test(character)) return undefined;
	// With Shift alone, the unshifted character is reported; as everywhere else, the typed one is the name.
	const typed = modifiers.delete('shift') && !modifiers.has('ctrl') ? character.toUpperCase() : character;
	return keyToken(withModifiers(typed, modifiers));
}

const BUTTONS = ['left', 'middle', 'right', 'none'] as const;

/** `CSI < button;column;row M`, or `m` for a release. */
function readMouse(body: string, final: 'M' | 'm'): MouseToken | undefined {
	const match = /^(\d{1,4});(\d{1,5});(\d{1,5})$/.exec(body);
	if (match === null) return undefined;
	const [code, column, row] = match.slice(1).map(Number) as [number, number, number];
	const place = {type: 'mouse', column: Math.max(0, column - 1), row: Math.max(0, row - 1)} as const;
	if (code & 64) {
		// 66 and 67 are horizontal wheels, 128 and more the additional buttons of some mice.
		const kind = (code & 3) === 0 ? 'wheel-up' : (code & 3) === 1 ? 'wheel-down' : undefined;
		return kind === undefined ? undefined : {...place, kind, button: 'none'};
	}
	if (code & 128) return undefined;
	const button = BUTTONS[code & 3] ?? 'none';
	if (code & 32) return {...place, kind: 'move', button};
	return {...place, kind: final === 'm' ? 'release' : 'press', button};
}
