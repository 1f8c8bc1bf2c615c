// JSON laid out for people: what fits on one line stays on one line.
import {escapeActing} from './escape.ts';

export const LINE_COLUMNS = 120;
export const INDENT = '  ';
/** The indent of a file's result in the report: report, list of files, file. */
export const RESULT_INDENT = INDENT.repeat(3);
/** That of one of its results where analyses are combined: report, list of files, file, results, analysis. */
export const NESTED_RESULT_INDENT = INDENT.repeat(5);

/** Characters that JSON writes unchanged. */
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
	// A part that takes several lines is already longer than a line, so the sum of the lengths decides here too.
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

/** An object that holds only texts, numbers and the like, which is the common case; `null` for others. */
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

/** A report has few keys and writes each thousands of times. The bound covers any data. */
const keyTexts = new Map<string, string>();
const MAX_KEYS = 1000;

function keyText(key: string): string {
	const known = keyTexts.get(key);
	if (known !== undefined) return known;
	const text = `${JSON.stringify(key)}: `;
	if (keyTexts.size < MAX_KEYS) keyTexts.set(key, text);
	return text;
}

/** As `layOut`, with every character escaped that acts on a terminal. */
export const layOutSafely = (value: unknown, indent: string): string =>
	typeof value === 'number' || (typeof value === 'string' && plainText.test(value))
		? layOut(value, indent)
		: escapeActing(layOut(value, indent));
