// Searches the lines of a text for a pattern, in one pass over pieces of any size. Each set of places that comes up becomes a state of a
// machine, with the next state for each class of characters, so most characters cost one look into a table. Where sets hardly come again, because
// the pattern has more of them than fit any memory, the machine is left and the sets themselves are stepped on.
import {type Before, LINE_END, LineProgram, type PlaceSet} from './line-program.ts';
import type {ParsedLinePattern} from './parse-line-pattern.ts';

interface State {
	readonly places: Uint16Array;
	readonly before: Before;
	/** By class of the character; empty where the machine has not been. */
	readonly next: (State | typeof FOUND | undefined)[];
	/** Whether the pattern fits where the line ends here; `null` where no line has. */
	fitsAtEnd: boolean | null;
}

const FOUND = 'found';
const LF = 0x0a;
const CR = 0x0d;
const ASCII = 0x80;
const SURROGATES = 0xd800;
/** Each some 2 kB. With more, the machine begins anew. */
const MAX_STATES = 1000;
/** To make a state takes some ten times as long as a step without one. */
const LEAST_CHARACTERS_PER_STATE = 20;

export class LineSearch {
	readonly #program: LineProgram;
	#states = new Map<string, State>();
	/** The state at the beginning of each line. */
	#first: State;
	#state: State;
	/** How many characters there were since the machine began. */
	#count = 0;
	/** Instead of the machine, once it is left: the places that there are, and room for the next ones. */
	#sets: {from: PlaceSet; to: PlaceSet; before: Before} | null = null;
	readonly #from: PlaceSet;
	readonly #to: PlaceSet;
	/** Whether the last piece has ended in the middle of a line. */
	#isInLine = false;
	#hasEndedInCr = false;
	/** The first half of a character whose second one is in the next piece. */
	#half = '';
	isFound = false;

	constructor(pattern: ParsedLinePattern) {
		this.#program = new LineProgram(pattern);
		this.#from = this.#program.createSet();
		this.#to = this.#program.createSet();
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

	/** The text has ended. */
	end(): void {
		if (this.#half !== '') this.#takeWhole(this.#half);
		this.#half = '';
		if (this.#isInLine && !this.isFound) this.#endLine();
		this.#isInLine = false;
	}

	#takeWhole(text: string): void {
		if (text.length === 0) return;
		this.#count += text.length;
		for (let at = 0; at < text.length; ) {
			at = this.#sets === null ? this.#takeWithStates(text, at) : this.#takeWithSets(text, at);
			if (this.isFound) return;
		}
		const last = text.charCodeAt(text.length - 1);
		this.#hasEndedInCr = last === CR;
		this.#isInLine = last !== CR && last !== LF;
	}

	/** @returns How far it has come: to the end, or to where the machine was left. */
	#takeWithStates(text: string, start: number): number {
		let state = this.#state;
		for (let at = start; at < text.length; at++) {
			const unit = text.charCodeAt(at);
			if (unit === LF || unit === CR) {
				this.#state = state;
				if (!this.#isSecondHalf(text, at)) this.#endLine();
				if (this.isFound) return text.length;
				state = this.#first;
				continue;
			}
			const codePoint = unit < SURROGATES ? unit : (text.codePointAt(at) ?? unit);
			if (codePoint > 0xffff) at++;
			const place = unit < ASCII ? unit : this.#program.classOf(codePoint);
			let next = state.next[place];
			if (next === undefined) {
				next = this.#stepState(state, place);
				state.next[place] = next;
			}
			if (next === FOUND) {
				this.isFound = true;
				return text.length;
			}
			state = next;
			if (this.#sets !== null) return at + 1;
		}
		this.#state = state;
		return text.length;
	}

	#takeWithSets(text: string, start: number): number {
		for (let at = start; at < text.length && !this.isFound; at++) {
			const unit = text.charCodeAt(at);
			if (unit === LF || unit === CR) {
				if (!this.#isSecondHalf(text, at)) this.#endLine();
				continue;
			}
			const codePoint = unit < SURROGATES ? unit : (text.codePointAt(at) ?? unit);
			if (codePoint > 0xffff) at++;
			this.#stepSets(this.#program.classOf(codePoint));
		}
		return text.length;
	}

	/** Of CRLF. */
	#isSecondHalf(text: string, at: number): boolean {
		return text.charCodeAt(at) === LF && (at === 0 ? this.#hasEndedInCr : text.charCodeAt(at - 1) === CR);
	}

	#endLine(): void {
		if (this.#sets !== null) {
			this.#stepSets(LINE_END);
			this.#program.begin(this.#sets.from);
			this.#sets.before = 'start';
			return;
		}
		const state = this.#state;
		state.fitsAtEnd ??= this.#stepState(state, LINE_END) === FOUND;
		this.isFound ||= state.fitsAtEnd;
		this.#state = this.#first;
	}

	#stepSets(characterClass: number): void {
		if (this.#sets === null) return;
		const {from, to, before} = this.#sets;
		const next = this.#program.step(from, before, characterClass, to);
		if (next === null) this.isFound = true;
		else this.#sets = {from: to, to: from, before: next};
	}

	#stepState({places, before}: State, characterClass: number): State | typeof FOUND {
		this.#from.clear();
		for (const place of places) this.#from.add(place);
		const next = this.#program.step(this.#from, before, characterClass, this.#to);
		if (next === null) return FOUND;
		return characterClass === LINE_END ? this.#first : this.#stateOf(this.#to, next);
	}

	#firstState(): State {
		this.#program.begin(this.#to);
		return this.#stateOf(this.#to, 'start');
	}

	#stateOf(set: PlaceSet, before: Before): State {
		const places = set.list.slice(0, set.size).sort();
		const key = `${before} ${places.join(' ')}`;
		const known = this.#states.get(key);
		if (known !== undefined) return known;
		if (this.#states.size >= MAX_STATES) this.#beginAnew(places, before);
		const state: State = {places, before, next: new Array(ASCII).fill(undefined), fitsAtEnd: null};
		this.#states.set(key, state);
		return state;
	}

	/** The machine is full: it is left where it has hardly been of use. */
	#beginAnew(places: Uint16Array, before: Before): void {
		const isOfUse = this.#count >= LEAST_CHARACTERS_PER_STATE * MAX_STATES;
		this.#states = new Map();
		this.#count = 0;
		if (isOfUse) {
			this.#first = this.#firstState();
			return;
		}
		const [from, to] = [this.#program.createSet(), this.#program.createSet()];
		for (const place of places) from.add(place);
		this.#sets = {from, to, before};
	}
}
