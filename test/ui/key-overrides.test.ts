import fc from 'fast-check';
import {expect, test} from 'vitest';
import {readKeyOverrides} from '../../source/ui/commands/key-overrides.ts';
import {ACTIONS, createKeymap, findAction, KEYMAP, type View} from '../../source/ui/commands/keymap.ts';
import {readKeyName} from '../../source/ui/input/key-names.ts';

const errorOf = (value: unknown): string => {
	const read = readKeyOverrides(value);
	return 'error' in read ? read.error : '';
};

test('the default keys have no conflict, and every action has one', () => {
	expect(readKeyOverrides({})).toEqual({keys: {}});
	expect(readKeyOverrides(Object.fromEntries(KEYMAP.map(({action, keys}) => [action, keys])))).toHaveProperty('keys');
	for (const {keys, help} of KEYMAP) {
		expect(keys.length).toBeGreaterThan(0);
		expect(help).not.toBe('');
		for (const key of keys) expect(readKeyName(key), key).toBe(key);
	}
});

test('custom keys replace those of the action, one or several', () => {
	const read = readKeyOverrides({cancel: ['X', 'Delete'], export: 'ctrl+E', mouse: []});
	expect(read).toEqual({keys: {cancel: ['X', 'delete'], export: ['ctrl+e'], mouse: []}});
	if ('error' in read) return;
	const keymap = createKeymap(read.keys);
	expect(findAction('X', 'files', keymap)).toBe('cancel');
	expect(findAction('delete', 'files', keymap)).toBe('cancel');
	expect(findAction('x', 'files', keymap)).toBeUndefined();
	expect(findAction('m', 'files', keymap)).toBeUndefined();
	expect(keymap.find(({action}) => action === 'cancel')?.label).toEqual(['X Del', 'X Del']);
});

test('two actions may swap keys, and the same key may have two meanings in views that never meet', () => {
	expect(readKeyOverrides({cancel: 'r', retry: 'x'})).toHaveProperty('keys');
	expect(readKeyOverrides({sort: 'f5', 'view-log': 'f6'})).toHaveProperty('keys');
});

test.each([
	[{cancel: 'q'}, 'The key q would mean both cancel and quit (in the view “files”); give quit another key as well'],
	[{cancel: 'z', retry: ['z']}, 'give one of them another key'],
	[{kill: 'x'}, 'There is no action “kill” to give keys to, only up, down'],
	[{cancel: 'hyper+x'}, '“hyper+x” is no key for cancel; a key is a character, or like enter'],
	[{cancel: ''}, 'is no key for cancel'],
	[{cancel: 'xx'}, 'is no key for cancel'],
	[{cancel: 5}, '5 is no key for cancel'],
	[{cancel: [['x']]}, '["x"] is no key for cancel'],
	[{cancel: '\u{1b}[A'}, '“\\x1b[A” is no key'],
	[{cancel: 'ctrl+m'}, 'A terminal does not tell ctrl+m from enter; write enter for cancel'],
	[{stop: 'f10'}, 'ctrl+c always stops the run'],
	[{quit: 'ctrl+c'}, 'The key ctrl+c would mean both quit and stop'],
	[['x'], 'Keys are a table from an action to its keys'],
	[null, 'Keys are a table'],
	['x', 'Keys are a table'],
])('%j is refused: %s', (value, message) => {
	expect(errorOf(value)).toContain(message);
});

test('accepted keys have one meaning in every view', () => {
	const views: View[] = ['files', 'details', 'overview', 'log', 'summary', 'help'];
	const key = fc.constantFrom('x', 'q', 'F5', 'ctrl+x', 'Space', 'alt+1', 'esc', 'z', 'Z', 'pgup', 'nonsense');
	const overrides = fc.dictionary(fc.constantFrom(...ACTIONS), fc.oneof(key, fc.array(key, {maxLength: 3})), {
		maxKeys: 5,
	});
	fc.assert(
		fc.property(overrides, value => {
			const read = readKeyOverrides(value);
			if ('error' in read) return;
			const keymap = createKeymap(read.keys);
			for (const view of views) {
				const keys = keymap.filter(binding => binding.views.includes(view)).flatMap(binding => binding.keys);
				expect(new Set(keys).size).toBe(keys.length);
			}
		}),
	);
});

test('any value is either keys or an error that is safe to print', () => {
	fc.assert(
		fc.property(fc.anything(), value => {
			expect(errorOf(value)).not.toMatch(/\p{Cc}/u);
		}),
	);
});

test.each([
	['Ctrl+B', 'ctrl+b'],
	['CTRL-B', 'ctrl+b'],
	['Shift+Alt+Up', 'alt+shift+up'],
	['Esc', 'escape'],
	['Return', 'enter'],
	['+', '+'],
	['ctrl++', 'ctrl++'],
	[' ', 'space'],
	['G', 'G'],
	['é', 'é'],
	['shift+a', undefined],
	['ctrl+', undefined],
	['ctrl+ctrl+a', undefined],
	['', undefined],
])('%j is the key %j', (text, name) => {
	expect(readKeyName(text)).toBe(name);
});
