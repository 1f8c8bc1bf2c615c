// Whether a key of an object store fits a pattern, by the rules of files: a key is a path, and what stands in front of a slash in it is a folder.
import {isHidden} from './list-folder.ts';
import {globCharacters, type PatternStep, readStep} from './path-pattern.ts';

/** What a pattern has met: the object itself, or a folder that it is in, however deep. */
export type KeyMatch = 'object' | 'folder';

/** The part of a pattern that all keys that fit it begin with. */
export const literalStart = (pattern: string): string => pattern.slice(0, globCharacters.exec(pattern)?.index);

/** Returns what says of a key whether it fits; `null` where it does not. */
export function keyMatcher(pattern: string): (key: string) => KeyMatch | null {
	const steps = new Map<string, PatternStep>();
	const stepOf = (text: string): PatternStep => {
		const step = steps.get(text) ?? readStep(text);
		steps.set(text, step);
		return step;
	};
	const match = (parts: readonly string[], at: number, text: string): KeyMatch | null => {
		const part = parts[at];
		if (part === undefined) return null;
		const step = stepOf(text);
		switch (step.type) {
			case 'alternatives':
				return best(step.patterns.map(each => match(parts, at, each)));
			case 'any-depth': {
				const here = match(parts, at, step.rest);
				return here === 'object' || isHidden(part) ? here : (match(parts, at + 1, `**/${step.rest}`) ?? here);
			}
			case 'name':
			case 'wildcard':
				if (step.type === 'name' ? part !== step.name : !step.name.test(part)) return null;
				if (step.rest !== null && step.rest !== '') return match(parts, at + 1, step.rest);
				if (at < parts.length - 1) return parts.slice(at + 1).some(isHidden) ? null : 'folder';
				return step.rest === null ? 'object' : null;
		}
	};
	return key => match(key.split('/'), 0, pattern);
}

const best = (matches: readonly (KeyMatch | null)[]): KeyMatch | null =>
	matches.includes('object') ? 'object' : matches.includes('folder') ? 'folder' : null;
