// The command palette: finds every action by some letters of its name.
import type {Action, KeyBinding} from './keymap.ts';

/** Moving is done by keys, so these commands come last. */
const MOVES: ReadonlySet<Action> = new Set(['up', 'down', 'page-up', 'page-down', 'first', 'last']);
/** Commands that control a run come first, in this order. */
const FIRST: readonly Action[] = ['pause-run', 'pause-file', 'retry', 'cancel', 'filter', 'sort', 'export', 'copy'];

function placeOf({action}: KeyBinding): number {
	if (MOVES.has(action)) return FIRST.length + 1;
	const index = FIRST.indexOf(action);
	return index === -1 ? FIRST.length : index;
}

/** @returns The matching commands, best first; for an empty text all of them, the most useful ones first. */
export function findCommands(text: string, keymap: readonly KeyBinding[]): readonly KeyBinding[] {
	const wanted = text.toLowerCase().replaceAll(/\s+/g, '');
	const commands = keymap.filter(({action}) => action !== 'palette');
	if (wanted === '') return commands.toSorted((left, right) => placeOf(left) - placeOf(right));
	return commands
		.map(binding => ({binding, score: scoreCommand(wanted, binding)}))
		.filter(({score}) => score !== undefined)
		.sort((left, right) => (right.score ?? 0) - (left.score ?? 0))
		.map(({binding}) => binding);
}

/** A match in the name counts more than one in the description. */
function scoreCommand(wanted: string, {action, help}: KeyBinding): number | undefined {
	const ofName = fuzzyScore(wanted, action);
	if (ofName !== undefined) return ofName + 1000;
	// A sentence contains almost any few letters somewhere, so there they must be adjacent.
	const sentence = help.toLowerCase().replaceAll(/\s+/g, '');
	return sentence.includes(wanted) ? wanted.length : undefined;
}

/**
How well a text contains all letters of another in order: adjacent letters and beginnings of words score higher, a later
beginning and unused letters lower.

@returns `undefined` where a letter is missing.
*/
export function fuzzyScore(wanted: string, text: string): number | undefined {
	const lower = text.toLowerCase();
	let score = 0;
	let position = 0;
	let previous = -2;
	for (const letter of wanted) {
		const found = lower.indexOf(letter, position);
		if (found === -1) return undefined;
		if (found === previous + 1) score += 8;
		if (found === 0 || /[^a-z\d]/.test(lower.charAt(found - 1))) score += 6;
		score -= Math.min(5, found - position);
		previous = found;
		position = found + letter.length;
	}
	return score - (lower.length - wanted.length) * 0.1;
}
