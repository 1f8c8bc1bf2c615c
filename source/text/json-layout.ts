// JSON as a person would lay it out: what fits on a line stays on one.
import {escapeActing} from './escape.ts';
import type {PartOfText} from './kept-texts.ts';

export const LINE_COLUMNS = 120;
export const INDENT = '  ';
/** The indent of a file's result in the report: within the report, its list of files, and the file. */
export const RESULT_INDENT = INDENT.repeat(3);

/** Characters that JSON writes as they are, and nothing that needs a closer look. */
const plainText = /^[ !#-[\]-~]*$/;

/** Lays a value out on one line where it fits, otherwise each part on a line of its own. */
export function layOut(value: unknown, indent: string): string {
	if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
	if (typeof value === 'string') return plainText.test(value) ? `"${value}"` : JSON.stringify(value);
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	const isList = Array.isArray(value);
	const inner = indent + INDENT;
	if (!isList) {
		const line = onOneLine(value);
		if (line !== null && indent.length + line.length + 2 <= LINE_COLUMNS) return line;
	}
	const parts: string[] = [];
	// Where a part took several lines, the sum of its parts is longer than a line too.
	let columns = indent.length + 2;
	if (isList) {
		for (const item of value) {
			const part = layOut(item, inner);
			columns += part.length + 2;
			parts.push(part);
		}
	} else {
		for (const key of Object.keys(value)) {
			const item = (value as Readonly<Record<string, unknown>>)[key];
			if (item === undefined) continue;
			const part = keyText(key) + layOut(item, inner);
			columns += part.length + 2;
			parts.push(part);
		}
	}
	const [open, close] = isList ? '[]' : '{}';
	if (columns <= LINE_COLUMNS) return open + parts.join(', ') + close;
	return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** An object of nothing but texts, numbers and the like, as most are; `null` for others. */
function onOneLine(value: object): string | null {
	let line = '{';
	for (const key in value) {
		if (!Object.hasOwn(value, key)) continue;
		const item = (value as Readonly<Record<string, unknown>>)[key];
		if (item === undefined) continue;
		if (typeof item === 'object' && item !== null) return null;
		line += (line.length > 1 ? ', ' : '') + keyText(key) + layOut(item, '');
	}
	return `${line}}`;
}

/** Keys are few, and each is written thousands of times. Whatever they are, no more than so many are kept. */
const keyTexts = new Map<string, string>();
const MOST_KEYS = 1000;

function keyText(key: string): string {
	const known = keyTexts.get(key);
	if (known !== undefined) return known;
	const text = `${JSON.stringify(key)}: `;
	if (keyTexts.size < MOST_KEYS) keyTexts.set(key, text);
	return text;
}

/** As `layOut`, with nothing in it that acts on a terminal. */
export const layOutSafely = (value: unknown, indent: string): string =>
	typeof value === 'number' || (typeof value === 'string' && plainText.test(value))
		? layOut(value, indent)
		: escapeActing(layOut(value, indent));

/** A file's result as it stands in the report, and as any JSON reader reads it. */
export const layOutResult = (result: object): string => layOutSafely(result, RESULT_INDENT);

/** What extends it puts its private fields into whatever object it is given. */
class Given {
	constructor(object: object) {
		// biome-ignore lint/correctness/noConstructorReturn: it is what this class is for
		return object;
	}
}

/**
A field of reports for the text of their result, laid out where it was computed: no other code sees it, and no copy of a report has
it. A WeakMap says the same, but the collector goes through all of it each time, which is a hundredth of a run of 5,000 files.
*/
class ResultText extends Given {
	readonly #text: PartOfText;

	constructor(report: object, text: PartOfText) {
		super(report);
		this.#text = text;
	}

	static of(report: object): PartOfText | undefined {
		return #text in report ? report.#text : undefined;
	}
}

/** At most once for each report. */
export function rememberResultText(report: object, text: PartOfText): void {
	new ResultText(report, text);
}

export const resultTextOf = (report: object): PartOfText | undefined => ResultText.of(report);
