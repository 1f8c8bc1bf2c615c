// What a value is checked for, wherever it stands in a declaration. What is wrong is said with the path to it, what was expected there and
// what was found.
import {describeFound} from './describe-found.ts';

/** Of columns, of measures, of keys of rows and of views: as many as a recording of the results may have. */
export const MAX_ENTRIES = 50;
const MAX_ITEMS = 200;
const MAX_TEXT_LENGTH = 200;
const MAX_INTEGER_SHOWN = 1_000_000;

export interface DeclarationFault {
	/** `measures.total.of`; empty for the declaration itself. */
	readonly path: string;
	/** `expected …, but found …`, or a sentence without a subject. */
	readonly sentence: string;
}

export type Properties = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Properties =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `derive`, `columns` and `measures` call their entries; keys of JSON, so no name that objects have by themselves (`constructor`). */
const isKey = (name: string): boolean =>
	/^[a-z][a-z0-9_]*$/i.test(name) && name.length <= MAX_TEXT_LENGTH && !(name in {});
const KEY_RULE = 'a name of letters, digits and _ that begins with a letter';
/** Names of analyses are names of files and of things on the command line, too. */
export const isAnalysisName = (name: string): boolean =>
	/^[a-z][a-z0-9-]*$/.test(name) && name.length <= MAX_TEXT_LENGTH;

/** Checks of single values, which note the faults that they find. */
export class ValueChecks {
	readonly faults: DeclarationFault[] = [];

	key(value: unknown, path: string, names: Set<string>): void {
		if (typeof value !== 'string' || !isKey(value)) this.expect(path, KEY_RULE, value);
		else if (names.has(value)) this.fault(path, `is ${describeFound(value)} a second time`);
		else names.add(value);
	}

	/** @returns Its properties; `null` where it is not an object. */
	object(value: unknown, path: string, known: readonly string[]): Properties | null {
		if (!isObject(value)) {
			this.expect(path, 'an object', value);
			return null;
		}
		for (const key of Object.keys(value)) {
			const at = path === '' ? key : `${path}.${key}`;
			if (!known.includes(key)) this.fault(at, `is unknown; expected ${known.join(', ')}`);
		}
		return value;
	}

	/** The entries of an object that has at least one. */
	entries(value: unknown, path: string): readonly (readonly [string, unknown])[] {
		if (!isObject(value)) {
			this.expect(path, 'an object', value);
			return [];
		}
		const entries = Object.entries(value);
		if (entries.length === 0 || entries.length > MAX_ENTRIES) {
			this.fault(path, `expected 1 to ${MAX_ENTRIES} entries, but found ${entries.length}`);
			return [];
		}
		return entries.filter(([name]) => {
			if (isKey(name)) return true;
			this.expect(path, KEY_RULE, name);
			return false;
		});
	}

	list(value: unknown, path: string, maxItems = MAX_ITEMS): readonly unknown[] {
		if (Array.isArray(value) && value.length <= maxItems) return Array.from(value);
		if (Array.isArray(value)) this.fault(path, `expected at most ${maxItems} items, but found ${value.length}`);
		else this.expect(path, 'a list', value);
		return [];
	}

	text(value: unknown, path: string): void {
		if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH) return;
		this.expect(path, `a text of 1 to ${MAX_TEXT_LENGTH} characters`, value);
	}

	integer(value: unknown, path: string, minimum: number, maximum: number): void {
		if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return;
		this.expect(path, `a whole number from ${minimum}${maximum < MAX_INTEGER_SHOWN ? ` to ${maximum}` : ''}`, value);
	}

	oneOf(value: unknown, path: string, words: readonly string[], of?: string): boolean {
		if (typeof value === 'string' && words.includes(value)) return true;
		const list = words.length === 0 ? 'there are none' : words.join(', ');
		this.expect(path, of === undefined ? `one of ${list}` : `one of ${of} (${list})`, value);
		return false;
	}

	expect(path: string, expected: string, found: unknown): void {
		this.fault(path, `expected ${expected}, but found ${describeFound(found)}`);
	}

	fault(path: string, sentence: string): void {
		this.faults.push({path, sentence});
	}
}
