// Custom keys from a configuration file: validated completely, with a clear message for each key that would not work.
import {safe} from '../../text/safe.ts';
import {readKeyName} from '../input/key-names.ts';
import {ACTIONS, type Action, createKeymap, type KeyOverrides} from './keymap.ts';

export type ReadKeyOverrides = {readonly keys: KeyOverrides} | {readonly error: string};

const FIXED_ACTION: Action = 'stop';
const FIXED_KEY = 'ctrl+c';
/** Keys that a terminal cannot distinguish from others. */
const SAME_KEYS: Readonly<Record<string, string>> = {
	'ctrl+i': 'tab',
	'ctrl+m': 'enter',
	'ctrl+j': 'enter',
	'ctrl+h': 'backspace',
	'ctrl+[': 'escape',
};

/**
Reads an object from actions to keys, one (`"x"`) or several (`["x", "delete"]`) each; they replace those of the action. An
empty list leaves an action without a key: the palette still has it.

@example
readKeyOverrides({cancel: ['X', 'delete'], mouse: []}); //=> {keys: {cancel: ['X', 'delete'], mouse: []}}
readKeyOverrides({cancel: 'q'}); //=> {error: 'The key q would mean both cancel and quit; …'}
*/
export function readKeyOverrides(value: unknown): ReadKeyOverrides {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		return {error: 'Keys are a table from an action to its keys, as in {"cancel": ["x", "delete"]}'};
	}
	const keys: Partial<Record<Action, readonly string[]>> = {};
	for (const [name, given] of Object.entries(value)) {
		const action = ACTIONS.find(known => known === name);
		if (action === undefined)
			return {error: `There is no action “${safe(name)}” to give keys to, only ${ACTIONS.join(', ')}`};
		const names = readKeys(action, given);
		if ('error' in names) return names;
		keys[action] = names.keys;
	}
	const error = findConflict(keys);
	return error === undefined ? {keys} : {error};
}

function readKeys(action: Action, given: unknown): {readonly keys: readonly string[]} | {readonly error: string} {
	const list: unknown[] = Array.isArray(given) ? given : [given];
	const keys = new Set<string>();
	for (const item of list) {
		const key = typeof item === 'string' ? readKeyName(item) : undefined;
		if (key === undefined) {
			const shownItem = typeof item === 'string' ? `“${safe(item)}”` : safe(JSON.stringify(item) ?? typeof item);
			return {
				error: `${shownItem} is no key for ${action}; a key is a character, or like enter, f5, space, pageup, ctrl+x, alt+x`,
			};
		}
		const same = SAME_KEYS[key];
		if (same !== undefined) return {error: `A terminal does not tell ${key} from ${same}; write ${same} for ${action}`};
		keys.add(key);
	}
	if (action === FIXED_ACTION && !keys.has(FIXED_KEY)) {
		return {error: `${FIXED_KEY} always stops the run: ${action} may have further keys, but not lose this one`};
	}
	return {keys: [...keys]};
}

/** A key that would have two meanings in one view. */
function findConflict(overrides: KeyOverrides): string | undefined {
	const keymap = createKeymap(overrides);
	for (const [index, {action, keys, views}] of keymap.entries()) {
		for (const other of keymap.slice(index + 1)) {
			const key = keys.find(name => other.keys.includes(name));
			const view = views.find(name => other.views.includes(name));
			if (key === undefined || view === undefined) continue;
			const advice = [action, other.action].filter(name => overrides[name] === undefined);
			const what = advice.length === 1 ? `give ${advice[0]} another key as well` : 'give one of them another key';
			return `The key ${key} would mean both ${action} and ${other.action} (in the view “${view}”); ${what}`;
		}
	}
	return undefined;
}
