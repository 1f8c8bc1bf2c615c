// What is looked for in the text of a file, piece by piece.
import {LineSearch} from '../line-pattern/line-search.ts';
import {parseLinePattern} from '../line-pattern/parse-line-pattern.ts';

export interface TextSearch {
	readonly take: (piece: string) => void;
	/** The text has ended. */
	readonly end: () => void;
	readonly isFound: boolean;
}

/** A text of any characters, line ends too. */
export class ContainedText implements TextSearch {
	readonly #wanted: string;
	/** The end of what has come: the wanted text may begin there. */
	#end = '';
	isFound = false;

	constructor(wanted: string) {
		this.#wanted = wanted;
	}

	take(piece: string): void {
		if (this.isFound) return;
		const keep = this.#wanted.length - 1;
		const seam = this.#end + piece.slice(0, keep);
		this.isFound = seam.includes(this.#wanted) || piece.includes(this.#wanted);
		this.#end = keep === 0 ? '' : (this.#end + piece).slice(-keep);
	}

	end(): void {}
}

export const linesThatFit = (pattern: string): TextSearch => new LineSearch(parseLinePattern(pattern));
