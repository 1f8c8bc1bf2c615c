// The names of keys: used by the tokenizer, the keymap and configuration files, and shown to people.
//
//   a printable character is its own name ('q', 'G', '?', 'é'), but the space bar is 'space';
//   keys without a character have one of the names below; 'ctrl+', 'alt+' and 'shift+' may precede them.

/** How special keys are shown: with the signs on keyboards, and in ASCII. */
const labels: Readonly<Record<string, readonly [unicode: string, ascii: string]>> = {
	up: ['↑', 'Up'],
	down: ['↓', 'Down'],
	left: ['←', 'Left'],
	right: ['→', 'Right'],
	pageup: ['PgUp', 'PgUp'],
	pagedown: ['PgDn', 'PgDn'],
	home: ['Home', 'Home'],
	end: ['End', 'End'],
	enter: ['⏎', 'Enter'],
	escape: ['Esc', 'Esc'],
	tab: ['⇥', 'Tab'],
	'shift+tab': ['⇤', 'Shift+Tab'],
	space: ['Space', 'Space'],
	backspace: ['Backspace', 'Backspace'],
	delete: ['Del', 'Del'],
	insert: ['Ins', 'Ins'],
	...Object.fromEntries(Array.from({length: 12}, (_, index) => [`f${index + 1}`, [`F${index + 1}`, `F${index + 1}`]])),
};

const SPECIAL_NAMES: ReadonlySet<string> = new Set(Object.keys(labels).filter(name => name !== 'shift+tab'));

/** Alternative names. */
const aliases: Readonly<Record<string, string>> = {
	esc: 'escape',
	return: 'enter',
	pgup: 'pageup',
	pgdn: 'pagedown',
	pgdown: 'pagedown',
	del: 'delete',
	ins: 'insert',
	' ': 'space',
};

const MODIFIER = /^(ctrl|alt|shift)[+-](?=.)/i;

const isCharacter = (name: string): boolean => [...name].length === 1 && !/[\p{C}\p{Z}]/u.test(name);

/**
Reads the name of a key as a person writes it.

@returns The canonical name, `undefined` where no key can have that name.
@example
readKeyName('Ctrl+B'); //=> 'ctrl+b'
*/
export function readKeyName(text: string): string | undefined {
	const modifiers = new Set<string>();
	let rest = text;
	for (let match = MODIFIER.exec(rest); match !== null; match = MODIFIER.exec(rest)) {
		const modifier = match[1]?.toLowerCase() ?? '';
		if (modifiers.has(modifier)) return undefined;
		modifiers.add(modifier);
		rest = rest.slice(match[0].length);
	}
	const lower = rest.toLowerCase();
	const special = aliases[lower] ?? lower;
	if (SPECIAL_NAMES.has(special)) return withModifiers(special, modifiers);
	if (!isCharacter(rest)) return undefined;
	// Terminals do not report the case of Ctrl with a letter, and Shift is part of the character.
	if (modifiers.has('shift')) return undefined;
	return withModifiers(modifiers.has('ctrl') ? lower : rest, modifiers);
}

/** The canonical order of modifiers in a name. */
export const withModifiers = (name: string, modifiers: ReadonlySet<string>): string =>
	['ctrl', 'alt', 'shift'].map(modifier => (modifiers.has(modifier) ? `${modifier}+` : '')).join('') + name;

export const labelKey = (name: string, isAscii: boolean): string => {
	const label = labels[name]?.[isAscii ? 1 : 0];
	if (label !== undefined) return label;
	const match = MODIFIER.exec(name);
	if (match === null) return name;
	const modifier = match[1] ?? '';
	return `${modifier.charAt(0).toUpperCase()}${modifier.slice(1)}+${labelKey(name.slice(match[0].length), isAscii)}`;
};

export const labelKeys = (names: readonly string[], isAscii: boolean): string =>
	names.map(name => labelKey(name, isAscii)).join(' ');

/** The character that a key types, if it types one. */
export const typedText = (name: string): string | undefined =>
	name === 'space' ? ' ' : isCharacter(name) ? name : undefined;
