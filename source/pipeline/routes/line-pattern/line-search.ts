// Searches the lines of a text for a pattern, in one pass over pieces of any size: all ways to fit it are followed at once, as a set of places
// in the pattern (Thompson 1968). Each set that comes up becomes a state of a machine, with the next state for each character, so most
// characters cost one look into a table. A set is made anew only where the machine has not been before.
import type {Assertion, CharacterSet, LinePattern, ParsedLinePattern} from './parse-line-pattern.ts';

type Instruction =
	| {readonly type: 'character'; readonly set: CharacterSet; readonly next: number}
	| {readonly type: 'assertion'; readonly kind: Assertion; readonly next: number}
	| {readonly type: 'split'; readonly next: readonly number[]}
	| {readonly type: 'found'};

/** The places are those in front of any assertion: whether one holds is known with the next character. */
interface State {
	readonly places: readonly number[];
	readonly before: Before;
	/** By ASCII character; empty where the machine has not been. */
	readonly next: (State | typeof FOUND | undefined)[];
	readonly nextOfOthers: Map<number, State | typeof FOUND>;
	/** Whether the pattern fits where the line ends here; `null` where no line has. */
	fitsAtEnd: boolean | null;
}

/** What stands in front of a place: nothing, a character of a word, any other one. */
type Before = 'start' | 'word' | 'other';

const FOUND = 'found';
const LF = 0x0a;
const CR = 0x0d;
const ASCII = 0x80;
/** Each some 2 kB. With more, the machine begins anew: a pattern can have more states than any memory holds. */
const MAX_STATES = 1000;
const MAX_OTHERS = 10_000;

export class LineSearch {
	readonly #program: readonly Instruction[];
	readonly #words: CharacterSet;
	readonly #start: number;
	#states = new Map<string, State>();
	#others = 0;
	/** The state at the beginning of each line. */
	#first: State;
	#state: State;
	/** Whether the last piece has ended in the middle of a line. */
	#isInLine = false;
	#hasEndedInCr = false;
	/** The first half of a character whose second one is in the next piece. */
	#half = '';
	isFound = false;

	constructor({pattern, wordCharacters}: ParsedLinePattern) {
		const program: Instruction[] = [{type: 'found'}];
		this.#start = compile(pattern, 0, program);
		this.#program = program.map(withMemory);
		this.#words = remembering(wordCharacters);
		this.#first = this.#firstState();
		this.#state = this.#first;
	}

	/** Takes the next piece of the text. */
	take(piece: string): void {
		if (this.isFound || piece === '') return;
		const text = this.#half === '' ? piece : this.#half + piece;
		const last = text.charCodeAt(text.length - 1);
		const isCut = last >= 0xd800 && last <= 0xdbff;
		this.#half = isCut ? text.slice(-1) : '';
		this.#takeWhole(isCut ? text.slice(0, -1) : text);
	}

	#takeWhole(text: string): void {
		let state = this.#state;
		for (let at = 0; at < text.length; at++) {
			const unit = text.charCodeAt(at);
			if (unit === LF || unit === CR) {
				const isSecondHalf = unit === LF && (at === 0 ? this.#hasEndedInCr : text.charCodeAt(at - 1) === CR);
				if (!isSecondHalf) this.#endLine(state);
				if (this.isFound) return;
				state = this.#first;
				continue;
			}
			let next = unit < ASCII ? state.next[unit] : undefined;
			if (next === undefined) {
				const codePoint = text.codePointAt(at) ?? unit;
				next = unit < ASCII ? undefined : state.nextOfOthers.get(codePoint);
				next ??= this.#learn(state, codePoint);
				if (codePoint > 0xffff) at++;
			}
			if (next === FOUND) {
				this.isFound = true;
				return;
			}
			state = next;
		}
		this.#state = state;
		if (text.length === 0) return;
		const last = text.charCodeAt(text.length - 1);
		this.#hasEndedInCr = last === CR;
		this.#isInLine = last !== CR && last !== LF;
	}

	/** The text has ended. */
	end(): void {
		if (this.#half !== '') this.#takeWhole(this.#half);
		this.#half = '';
		if (this.#isInLine) this.#endLine(this.#state);
		this.#isInLine = false;
	}

	#endLine(state: State): void {
		state.fitsAtEnd ??= this.#step(state, null) === FOUND;
		this.isFound ||= state.fitsAtEnd;
	}

	#firstState(): State {
		return this.#stateOf([this.#start], 'start');
	}

	#learn(state: State, codePoint: number): State | typeof FOUND {
		const next = this.#step(state, codePoint);
		if (codePoint < ASCII) state.next[codePoint] = next;
		else if (this.#others++ < MAX_OTHERS) state.nextOfOthers.set(codePoint, next);
		return next;
	}

	/** @param codePoint - `null` at the end of the line. */
	#step({places, before}: State, codePoint: number | null): State | typeof FOUND {
		const isWord = codePoint !== null && this.#words.has(codePoint);
		const isBoundary = (before === 'word') !== isWord;
		const holds = (kind: Assertion): boolean => {
			if (kind === 'start') return before === 'start';
			if (kind === 'end') return codePoint === null;
			return (kind === 'boundary') === isBoundary;
		};
		const here = this.#reach(places, holds);
		if (here.has(0)) return FOUND;
		if (codePoint === null) return this.#first;
		// A fit may begin at any place of the line.
		const next = [this.#start];
		for (const place of here) {
			const instruction = this.#program[place];
			if (instruction?.type === 'character' && instruction.set.has(codePoint)) next.push(instruction.next);
		}
		return this.#stateOf(next, isWord ? 'word' : 'other');
	}

	/** All places that can be reached without a character. Without `holds`, assertions are waited for. */
	#reach(places: readonly number[], holds: ((kind: Assertion) => boolean) | null): Set<number> {
		const reached = new Set(places);
		// A set is iterated over what is added meanwhile, too.
		for (const place of reached) {
			const instruction = this.#program[place];
			if (instruction?.type === 'split') for (const next of instruction.next) reached.add(next);
			else if (instruction?.type === 'assertion' && holds?.(instruction.kind)) reached.add(instruction.next);
		}
		return reached;
	}

	#stateOf(from: readonly number[], before: Before): State {
		const reached = this.#reach(from, null);
		const places = Array.from(reached)
			.filter(place => this.#program[place]?.type !== 'split')
			.toSorted((one, other) => one - other);
		const key = `${before} ${places.join(' ')}`;
		const known = this.#states.get(key);
		if (known !== undefined) return known;
		if (this.#states.size >= MAX_STATES || this.#others > MAX_OTHERS) {
			this.#states = new Map();
			this.#others = 0;
			this.#first = this.#firstState();
		}
		const state: State = {
			places,
			before,
			next: new Array(ASCII).fill(undefined),
			nextOfOthers: new Map(),
			fitsAtEnd: null,
		};
		this.#states.set(key, state);
		return state;
	}
}

/** Adds what a pattern comes to. @returns Where it begins; `next` is what follows it. */
function compile(pattern: LinePattern, next: number, program: Instruction[]): number {
	switch (pattern.type) {
		case 'character':
			return program.push({type: 'character', set: pattern.set, next}) - 1;
		case 'assertion':
			return program.push({type: 'assertion', kind: pattern.kind, next}) - 1;
		case 'sequence':
			return pattern.items.reduceRight((after, item) => compile(item, after, program), next);
		case 'choice':
			return program.push({type: 'split', next: pattern.options.map(option => compile(option, next, program))}) - 1;
		case 'repetition':
			return compileRepetition(pattern, next, program);
	}
}

function compileRepetition(
	{item, min, max}: Extract<LinePattern, {type: 'repetition'}>,
	next: number,
	program: Instruction[],
): number {
	let start = next;
	if (max === null) {
		const loop = program.push({type: 'split', next: []}) - 1;
		program[loop] = {type: 'split', next: [compile(item, loop, program), next]};
		start = loop;
	} else {
		for (let count = min; count < max; count++)
			start = program.push({type: 'split', next: [compile(item, start, program), next]}) - 1;
	}
	for (let count = 0; count < min; count++) start = compile(item, start, program);
	return start;
}

const withMemory = (instruction: Instruction): Instruction =>
	instruction.type === 'character' ? {...instruction, set: remembering(instruction.set)} : instruction;

/** Asking a regular expression takes 50 ns. */
function remembering({has}: CharacterSet): CharacterSet {
	const known: (boolean | undefined)[] = new Array(ASCII).fill(undefined);
	return {
		has(codePoint) {
			if (codePoint >= ASCII) return has(codePoint);
			known[codePoint] ??= has(codePoint);
			return known[codePoint];
		},
	};
}
