// A pattern -> what it matches, by the rules of a walk: hidden names are left out unless the pattern writes their dot, and a link
// to a folder that a wildcard has met is not gone through. What a pattern names without a wildcard is what it names, and a name
// that is really there wins over a pattern that looks like it.
import {lstatSync, type Stats, statSync} from 'node:fs';
import {pathBytes, pathText} from '../../text/path-text.ts';
import {asFolder, type Child, isHidden, listFolder, nameOf, placeOf} from './list-folder.ts';
import {type PatternStep, readStep} from './path-pattern.ts';

/** Paths and places are texts of one character per byte. */
export interface MatchVisitor {
	/**
	The pattern has led here.

	@returns How many files and the like that are: at once where it is a regular file, later where that has to be found out.
	*/
	readonly onMatch: (path: string, place: string, isNamed: boolean) => Promise<number> | number;
	/** A folder is behind this link, which may hold further matches: `visit` looks for them. */
	readonly onLinkedFolder: (path: string, place: string, visit: () => Promise<number>) => number;
	/** The folder cannot be listed. */
	readonly onUnreadable: (path: string, error: unknown) => number;
	/** Called between two entries of a folder. */
	readonly pause: () => Promise<void> | undefined;
}

/** Finds what a pattern matches; resolves with how many files and the like it led to. */
export function visitMatches(pattern: string, visitor: MatchVisitor): Promise<number> {
	const {folder, rest} = splitLiteralFolder(pattern);
	return new PatternSearch(visitor).visit(toBytes(folder), placeOf(pathBytes(folder === '' ? '.' : folder)), [rest]);
}

/** The part of a pattern that is there as a folder, taken literally (empty for the working folder), and the rest. */
export function splitLiteralFolder(pattern: string): {readonly folder: string; readonly rest: string} {
	let folder = pattern.startsWith('/') ? '/' : '';
	let rest = pattern.replace(/^\/+/, '');
	for (let end = rest.indexOf('/'); end !== -1; end = rest.indexOf('/')) {
		const next = `${folder}${rest.slice(0, end)}/`;
		if (!statOf(toBytes(next), statSync)?.isDirectory()) break;
		folder = next;
		rest = rest.slice(end).replace(/^\/+/, '');
	}
	return {folder, rest};
}

type NameStep = Extract<PatternStep, {type: 'name'}>;
type ListingStep = Extract<PatternStep, {type: 'wildcard' | 'any-depth'}>;

class PatternSearch {
	readonly #visitor: MatchVisitor;
	readonly #steps = new Map<string, PatternStep>();
	/** Which patterns have been looked for in which folder. */
	readonly #visited = new Set<string>();

	constructor(visitor: MatchVisitor) {
		this.#visitor = visitor;
	}

	/**
	Looks for patterns below a folder.

	@param folder - What stands in front of a name in it: empty for the working folder.
	*/
	async visit(folder: string, place: Buffer, patterns: readonly string[]): Promise<number> {
		const key = `${place.toString('latin1')}\0${patterns.join('\0')}`;
		if (this.#visited.has(key)) return 0;
		this.#visited.add(key);
		let count = 0;
		const listingSteps: ListingStep[] = [];
		for (const step of this.#stepsOf(folder, patterns)) {
			if (step.type === 'name') count += await this.#takeName(folder, place, step);
			else listingSteps.push(step);
		}
		return listingSteps.length === 0 ? count : count + (await this.#takeChildren(folder, place, listingSteps));
	}

	/** What patterns ask for first in a folder. */
	#stepsOf(folder: string, patterns: readonly string[]): ReadonlySet<NameStep | ListingStep> {
		const steps = new Set<NameStep | ListingStep>();
		const add = (pattern: string): void => {
			const step = this.#steps.get(pattern) ?? readStep(pattern);
			this.#steps.set(pattern, step);
			if (step.type !== 'name' && step.type !== 'any-depth' && isThere(folder, step.written)) {
				steps.add({type: 'name', name: step.written, rest: step.rest});
			} else if (step.type === 'alternatives') step.patterns.forEach(add);
			else if (!steps.has(step)) {
				steps.add(step);
				// No folder in between is one of the depths.
				if (step.type === 'any-depth') add(step.rest);
			}
		};
		patterns.forEach(add);
		return steps;
	}

	async #takeName(folder: string, place: Buffer, {name, rest}: NameStep): Promise<number> {
		const path = folder + toBytes(name);
		// A slash at the end: the folder itself.
		if (name === '') return folder === '' ? 0 : this.#visitor.onMatch(folder, place.toString('latin1'), true);
		if (rest === null) {
			return isThere(folder, name) ? this.#visitor.onMatch(path, latin1(placeOf(fromLatin1(path))), true) : 0;
		}
		if (!statOf(path, statSync)?.isDirectory()) return 0;
		return this.visit(asFolder(path), placeOf(fromLatin1(path)), [rest]);
	}

	async #takeChildren(folder: string, place: Buffer, steps: readonly ListingStep[]): Promise<number> {
		let children: readonly Child[];
		try {
			children = listFolder(fromLatin1(folder === '' ? '.' : folder));
		} catch (error) {
			return this.#visitor.onUnreadable(folder, error);
		}
		const placeText = asFolder(latin1(place));
		let count = 0;
		for (const child of children) {
			const name = nameOf(child);
			const {isMatch, rests} = follow(name, steps);
			const path = folder + name;
			const found = isMatch ? this.#visitor.onMatch(path, placeText + name, false) : null;
			const isFile = typeof found === 'number';
			if (found !== null) count += isFile ? found : await found;
			if (rests.length > 0 && !isFile) count += await this.#descend(path, placeText + name, child, rests);
			const pause = this.#visitor.pause();
			if (pause !== undefined) await pause;
		}
		return count;
	}

	/** Looks for the rest of patterns in what a wildcard has met, where that is a folder. */
	async #descend(path: string, place: string, child: Child, rests: readonly string[]): Promise<number> {
		const kind = typeof child === 'string' ? statOf(path, lstatSync) : child;
		if (kind?.isDirectory()) return this.visit(`${path}/`, fromLatin1(place), rests);
		if (!kind?.isSymbolicLink() || !statOf(path, statSync)?.isDirectory()) return 0;
		const target = placeOf(fromLatin1(path));
		return this.#visitor.onLinkedFolder(path, latin1(target), () => this.visit(`${path}/`, target, rests));
	}
}

/** Where steps lead by a name: whether it is a match, and what is looked for in it where it is a folder. */
function follow(name: string, steps: readonly ListingStep[]): {readonly isMatch: boolean; readonly rests: string[]} {
	const rests: string[] = [];
	let isMatch = false;
	let text: string | null = null;
	for (const step of steps) {
		if (step.type === 'any-depth') {
			if (!isHidden(name)) rests.push(`**/${step.rest}`);
			continue;
		}
		text ??= isAscii.test(name) ? name : pathText(fromLatin1(name));
		if (!step.name.test(text)) continue;
		if (step.rest === null) isMatch = true;
		else rests.push(step.rest);
	}
	return {isMatch, rests};
}

const isAscii = /^[\0-\x7f]*$/;

const fromLatin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
const toBytes = (text: string): string => latin1(pathBytes(text));

const isThere = (folder: string, name: string): boolean => statOf(folder + toBytes(name), lstatSync) !== null;

/** `null` for what is not there or may not be looked at. */
function statOf(path: string, stat: (path: Buffer) => Stats): Stats | null {
	try {
		return stat(fromLatin1(path));
	} catch {
		return null;
	}
}
