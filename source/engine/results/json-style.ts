// How the JSON of a result is written: laid out as in the report, or on one line without white space.
import {escapeActing} from '../../text/escape.ts';
import {INDENT, LINE_COLUMNS, layOut, NESTED_RESULT_INDENT, RESULT_INDENT} from '../../text/json-layout.ts';

/** A part of the text, with nothing in it that acts on a terminal. */
export interface Piece {
	readonly text: string;
	/** How long it is before that is escaped: so `layOut` measures it. */
	readonly columns: number;
}

export const pieceOf = (text: string): Piece => ({text: escapeActing(text), columns: text.length});

/** A text that needs no escapes; `null` for none. */
export const quoteDigits = (text: string | null): string => (text === null ? 'null' : `"${text}"`);

export interface JsonStyle {
	readonly colon: ': ' | ':';
	readonly comma: ', ' | ',';
	/** What is longer has a line for each of its parts. */
	readonly lineColumns: number;
	/** The text of a measure that is an object. */
	readonly write: (value: object | null) => string;
	/** Of the result, of a list in it, and of a row of the list. */
	readonly resultBraces: BracesAt;
	readonly listBraces: BracesAt;
	readonly rowBraces: BracesAt;
}

/** What stands around the parts of an object or a list. */
export interface Braces {
	readonly first: string;
	readonly next: string;
	readonly last: string;
}

/** At some indent. */
export class BracesAt {
	readonly #open: string;
	readonly #close: string;
	/** Where each part has a line of its own. */
	readonly onLines: Braces;
	/** What it takes in front of and behind what it has on one line. */
	readonly columns: number;

	constructor([open, close]: readonly ['{', '}'] | readonly ['[', ']'], indent: string) {
		this.#open = open;
		this.#close = close;
		this.onLines = {
			first: `${open}\n${indent}${INDENT}`,
			next: `,\n${indent}${INDENT}`,
			last: `\n${indent}${close}`,
		};
		this.columns = indent.length + 2;
	}

	onOneLine({comma}: JsonStyle): Braces {
		return {first: this.#open, next: comma, last: this.#close};
	}
}

/** @param indent - Of the result. */
function styleAt(indent: string): JsonStyle {
	const measureIndent = indent + INDENT;
	return {
		colon: ': ',
		comma: ', ',
		lineColumns: LINE_COLUMNS,
		write: value => layOut(value, measureIndent),
		resultBraces: new BracesAt(['{', '}'], indent),
		listBraces: new BracesAt(['[', ']'], measureIndent),
		rowBraces: new BracesAt(['{', '}'], measureIndent + INDENT),
	};
}

export const laidOutStyle = styleAt(RESULT_INDENT);
/** Of one of several results of a file. */
export const nestedStyle = styleAt(NESTED_RESULT_INDENT);

export const oneLineStyle: JsonStyle = {
	...laidOutStyle,
	colon: ':',
	comma: ',',
	lineColumns: Number.POSITIVE_INFINITY,
	write: value => JSON.stringify(value),
};
