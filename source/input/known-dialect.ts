import {type BlankLines, lineEndAt, newlineOf, noBlankLines, skipBlankLines} from './blank-lines.ts';
import {mayBeginMark} from './byte-order-marks.ts';
import type {Dialect} from './dialect.ts';
import type {DialectSearch} from './record-reader.ts';

const CR = 0x0d;

/** For a file whose dialect is known before it is read: passes over what stands in front of its header. */
export class KnownDialect implements DialectSearch {
	readonly #known: Dialect;
	#hasPassedMark = false;
	#linesLeft: number;
	#isOver = false;
	#blank: BlankLines = noBlankLines;

	constructor(dialect: Dialect) {
		this.#known = dialect;
		this.#linesLeft = dialect.skipLines;
	}

	scan(bytes: Uint8Array, isAll: boolean): number {
		const {bomBytes} = this.#known;
		if (this.#isOver || (!this.#hasPassedMark && bytes.length < bomBytes && !isAll)) return 0;
		let passed = this.#hasPassedMark ? 0 : Math.min(bytes.length, bomBytes);
		this.#hasPassedMark = true;
		passed += this.#passLines(bytes.subarray(passed), isAll);
		if (this.#linesLeft > 0) {
			this.#isOver = isAll;
			return passed;
		}
		const {length} = this.#blank;
		this.#blank = skipBlankLines(bytes.subarray(passed), this.#blank, isAll);
		passed += this.#blank.length - length;
		// As in the other finder: a CR at the end may be half of a CRLF, the first bytes behind it a byte order mark.
		const isOpen = passed === bytes.length || bytes[passed] === CR || mayBeginMark(bytes.subarray(passed));
		this.#isOver = isAll || !isOpen;
		return passed;
	}

	#passLines(bytes: Uint8Array, isAll: boolean): number {
		let {length, count, newline} = this.#blank;
		let passed = 0;
		for (let at = 0; at < bytes.length && this.#linesLeft > 0; at++) {
			const end = lineEndAt(bytes, at, isAll);
			if (end === 0) {
				// It is not known yet whether a CR at the end is one of a CRLF.
				if (bytes[at] !== CR) passed = at + 1;
				continue;
			}
			newline ??= newlineOf(bytes, at, end);
			count++;
			this.#linesLeft--;
			passed = at + end;
			at = passed - 1;
		}
		length += passed;
		this.#blank = {length, count, newline};
		return passed;
	}

	get dialect(): Dialect | null {
		return this.#isOver ? this.#known : null;
	}

	get blank(): BlankLines {
		return this.#blank;
	}
}
