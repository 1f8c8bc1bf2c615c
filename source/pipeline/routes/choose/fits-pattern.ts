// Patterns of names and folders, as in a shell. A name that somebody has dropped may be made to take a regular expression hours, so patterns of
// `*`, `?`, `[…]` and characters are compared without one, in steps that are at most as many as both lengths multiplied.
import {readStep} from '../../../engine/plan/path-pattern.ts';

type FitsName = (name: string) => boolean;

/** @param pattern - Of a name without folders. */
export function compileName(pattern: string): FitsName {
	const step = readStep(pattern);
	switch (step.type) {
		case 'alternatives': {
			const all = step.patterns.map(compileName);
			return name => all.some(fits => fits(name));
		}
		case 'any-depth':
			return isVisible;
		case 'name':
			return name => name === step.name;
		case 'wildcard': {
			const tokens = tokensOf(step.written);
			return tokens === null ? name => step.name.test(name) : name => fitsTokens(tokens, name);
		}
	}
}

/** A wildcard does not stand for the dot of a hidden name. */
const isVisible: FitsName = name => !name.startsWith('.');

type Token =
	| {readonly type: 'any-number'}
	| {readonly type: 'one'; readonly fits: (character: string) => boolean; readonly isWritten: boolean};

/** `null` where the pattern has alternatives in brackets, as `@(a|b)`. */
function tokensOf(written: string): readonly Token[] | null {
	if (/[?*+@!]\(/.test(written)) return null;
	const tokens: Token[] = [];
	const part = /\*+|\?|\[[!^]?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|\\?./gsu;
	for (const [text] of written.matchAll(part)) {
		if (text.startsWith('*')) tokens.push({type: 'any-number'});
		else if (text === '?') tokens.push({type: 'one', fits: () => true, isWritten: false});
		else if (text.length > 1 && text.startsWith('[')) {
			// Behind another character, where a dot is one like any other.
			const set = readStep(`x${text}`);
			if (set.type !== 'wildcard') return null;
			tokens.push({type: 'one', fits: character => set.name.test(`x${character}`), isWritten: false});
		} else {
			const character = text.length > 1 && text.startsWith('\\') ? text.slice(1) : text;
			tokens.push({type: 'one', fits: other => other === character, isWritten: true});
		}
	}
	return tokens;
}

/** Whenever it goes on no further, the last `*` takes one character more: those in front of it need not be tried again. */
function fitsTokens(tokens: readonly Token[], name: string): boolean {
	const [first] = tokens;
	if (name.startsWith('.') && !(first?.type === 'one' && first.isWritten)) return false;
	const characters = Array.from(name);
	let [at, token] = [0, 0];
	let star: {token: number; at: number} | null = null;
	while (at < characters.length) {
		const next = tokens[token];
		if (next?.type === 'any-number') {
			star = {token, at};
			token++;
		} else if (next?.fits(characters[at] ?? '')) {
			at++;
			token++;
		} else if (star === null) return false;
		else {
			star.at++;
			at = star.at;
			token = star.token + 1;
		}
	}
	return tokens.slice(token).every(({type}) => type === 'any-number');
}

/** @param pattern - Of the names of folders in each other; empty for none. `**` stands for any number of them. */
export function compileFolder(pattern: string): (folders: readonly string[]) => boolean {
	if (pattern.replaceAll('/', '') === '') return folders => folders.length === 0;
	const names = alternativesOf(pattern.replace(/\/+$/, '')).map(each =>
		each.split(/\/+/).map(name => (name === '**' ? ANY_DEPTH : compileName(name))),
	);
	return folders => names.some(each => fitsFolders(each, folders));
}

const ANY_DEPTH = 'any depth';

/** Braces may stand around a slash. */
function alternativesOf(pattern: string): readonly string[] {
	const step = readStep(pattern);
	if (step.type === 'alternatives') return step.patterns.flatMap(alternativesOf);
	const rest = step.type === 'any-depth' ? (pattern === '**' ? null : step.rest) : step.rest;
	const first = step.type === 'name' || step.type === 'wildcard' ? pattern.split('/', 1)[0] : '**';
	return rest === null ? [first ?? ''] : alternativesOf(rest).map(each => `${first}/${each}`);
}

function fitsFolders(pattern: readonly (FitsName | typeof ANY_DEPTH)[], folders: readonly string[]): boolean {
	/** Which beginnings of the folders the beginning of the pattern fits, by their lengths. */
	let fitting = [true, ...folders.map(() => false)];
	for (const part of pattern) {
		if (part === ANY_DEPTH) {
			const shortest = fitting.indexOf(true);
			fitting = fitting.map(
				(_, length) => shortest !== -1 && length >= shortest && folders.slice(shortest, length).every(isVisible),
			);
		} else
			fitting = fitting.map(
				(_, length) => length > 0 && fitting[length - 1] === true && part(folders[length - 1] ?? ''),
			);
	}
	return fitting.at(-1) === true;
}
