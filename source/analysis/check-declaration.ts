// Checks a declaration: everything that the compiler would check, and the bounds that keep any result
// readable. What is wrong is said with the path to it, what was expected there and what was found.
import {checkColumnNames} from './check-column-names.ts';
import {columnKeys} from './columns/column-keys.ts';
import type {CellType, DeclaredReading} from './declaration.ts';
import {
	cellTypes,
	computedTypes,
	keyParts,
	kindsOf,
	type MeasureKind,
	readings,
	rowKinds,
	typesOfMeasure,
	typesOfPart,
	valueFormats,
} from './declared-words.ts';
import {describeFound} from './describe-found.ts';
import {lineColumns} from './line-columns.ts';
import {qualityRowKeys} from './quality/quality-keys.ts';

/** Of columns, of measures, of keys of rows and of views: as many as a recording of the results may have. */
const MAX_ENTRIES = 50;
const MAX_ALIASES = 200;
const MAX_TEXT_LENGTH = 200;
/** As many months as dates can have. */
const MAX_ROWS_LISTED = 120_000;
const MAX_FAULTS = 10;

export interface DeclarationFault {
	/** `measures.total.of`; empty for the declaration itself. */
	readonly path: string;
	/** `expected …, but found …`, or a sentence without a subject. */
	readonly sentence: string;
}

/** What `derive`, `columns` and `measures` call their entries; keys of JSON, so no name that objects have by themselves (`constructor`). */
const isKey = (name: string): boolean =>
	/^[a-z][a-z0-9_]*$/i.test(name) && name.length <= MAX_TEXT_LENGTH && !(name in {});
/** Names of analyses are names of files and of things on the command line, too. */
export const isAnalysisName = (name: string): boolean =>
	/^[a-z][a-z0-9-]*$/.test(name) && name.length <= MAX_TEXT_LENGTH;
const KEY_RULE = 'a name of letters, digits and _ that begins with a letter';

/** More do not fit beside the largest number. */
const MAX_DECIMALS = 18;

type Properties = Readonly<Record<string, unknown>>;

/**
Finds what is wrong with a declaration; nothing where it can be used.

@param options.isBuiltIn - Whether it may be one that reads lines or columns: those of people read records.
@param options.mayHaveFunctions - Whether it is from a module, which threads can load.
*/
export function checkDeclaration(
	value: unknown,
	{
		isBuiltIn = false,
		mayHaveFunctions = false,
	}: {readonly isBuiltIn?: boolean; readonly mayHaveFunctions?: boolean} = {},
): readonly DeclarationFault[] {
	const checker = new Checker(mayHaveFunctions);
	checker.declaration(value, isBuiltIn);
	return checker.faults.slice(0, MAX_FAULTS);
}

class Checker {
	readonly faults: DeclarationFault[] = [];
	/** The type of each column, of the header and derived ones, by its name. */
	readonly #types = new Map<string, CellType>();
	/** The names of those that a function computes. */
	readonly #computed = new Set<string>();
	readonly #mayHaveFunctions: boolean;
	#reads: DeclaredReading = 'records';

	constructor(mayHaveFunctions: boolean) {
		this.#mayHaveFunctions = mayHaveFunctions;
	}

	declaration(value: unknown, isBuiltIn: boolean): void {
		const declaration = this.#object(value, '', [...declarationKeys, ...(isBuiltIn ? ['reads', 'alsoReads'] : [])]);
		if (declaration === null) return;
		const {name, version, title, reads, columns, derive, where, accept, measures, views} = declaration;
		if (isBuiltIn && reads !== undefined && this.#oneOf(reads, 'reads', readings))
			this.#reads = reads as DeclaredReading;
		if (typeof name !== 'string' || !isAnalysisName(name))
			this.#expect('name', 'lower case letters, digits and dashes that begin with a letter', name);
		this.#integer(version, 'version', 1, Number.MAX_SAFE_INTEGER);
		this.#text(title, 'title');
		if (this.#reads === 'columns') this.#object(columns, 'columns', []);
		else this.#columns(columns);
		if (derive !== undefined) this.#derivations(derive);
		if (where !== undefined) this.#function(where, 'where');
		if (accept !== undefined) this.#function(accept, 'accept');
		this.#measures(measures);
		if (views === undefined) return;
		for (const [index, view] of this.#list(views, 'views', MAX_ENTRIES).entries())
			this.#view(view, `views[${index}]`, isObject(measures) ? measures : {});
	}

	readonly #checks = {
		list: (value: unknown, path: string) => this.#list(value, path, MAX_ALIASES),
		text: (value: unknown, path: string) => this.#text(value, path),
		fault: (path: string, sentence: string) => this.#fault(path, sentence),
	};

	#columns(value: unknown): void {
		const entries = this.#entries(value, 'columns');
		let hasNeeded = false;
		for (const [name, column] of entries) {
			const path = `columns.${name}`;
			const properties = this.#object(column, path, ['is', 'aliases', 'pairs', 'optional']);
			if (properties === null) continue;
			const {is, aliases, pairs, optional} = properties;
			if (this.#reads === 'lines') this.#oneOf(name, path, Object.keys(lineColumns), 'the columns of lines');
			if (this.#oneOf(is, `${path}.is`, Object.keys(cellTypes))) this.#types.set(name, is as CellType);
			checkColumnNames({aliases, pairs}, path, this.#checks);
			if (optional !== undefined && optional !== true) this.#expect(`${path}.optional`, 'true or nothing', optional);
			hasNeeded ||= optional !== true;
		}
		if (entries.length > 0 && !hasNeeded)
			this.#fault('columns', 'expected one that is not optional: any file would fit otherwise');
	}

	#derivations(value: unknown): void {
		for (const [name, derivation] of this.#entries(value, 'derive')) {
			const path = `derive.${name}`;
			if (this.#types.has(name)) this.#fault(path, 'is also the name of a column');
			if (isObject(derivation) && derivation.js !== undefined) {
				this.#computedColumn(name, derivation, path);
				continue;
			}
			const properties = this.#object(derivation, path, ['product', 'firstOf', 'js']);
			if (properties === null) continue;
			const {product, firstOf} = properties;
			if ((product === undefined) === (firstOf === undefined)) {
				this.#expect(path, 'one of product, firstOf and js', derivation);
				continue;
			}
			const [key, sources] = product === undefined ? ['firstOf', firstOf] : ['product', product];
			const list = this.#list(sources, `${path}.${key}`, MAX_ENTRIES);
			if (product === undefined ? list.length === 0 : list.length !== 2)
				this.#fault(`${path}.${key}`, `expected ${product === undefined ? 'at least one number' : 'two numbers'}`);
			// A derived number reads only what stands in front of it, so none can read itself.
			for (const [index, of] of list.entries()) {
				const at = `${path}.${key}[${index}]`;
				if (this.#computed.has(of as string))
					this.#fault(at, `${String(of)} is computed by a function, which may do this, too`);
				else this.#column(of, at, ['number']);
			}
			this.#types.set(name, 'number');
		}
	}

	#computedColumn(name: string, derivation: Properties, path: string): void {
		const {is, js, decimals} = derivation;
		this.#object(derivation, path, ['is', 'js', ...(is === 'number' ? ['decimals'] : [])]);
		this.#function(js, `${path}.js`);
		if (decimals !== undefined && is === 'number') this.#integer(decimals, `${path}.decimals`, 0, MAX_DECIMALS);
		if (this.#oneOf(is, `${path}.is`, computedTypes)) this.#types.set(name, is as CellType);
		this.#computed.add(name);
	}

	#function(value: unknown, path: string): void {
		if (typeof value !== 'function') this.#expect(path, 'a function of a record', value);
		else if (!this.#mayHaveFunctions)
			this.#fault(path, 'is a function, which threads can only load from a module: give the path of one instead');
	}

	#measures(value: unknown): void {
		const entries = this.#entries(value, 'measures');
		const tables = new Map(
			entries.flatMap(([name, measure]) =>
				isObject(measure) && measure.kind === 'groups' ? [[name, measure.keys] as const] : [],
			),
		);
		const kinds = Object.keys(kindsOf[this.#reads]);
		const hours = entries.flatMap(([name, measure]) =>
			isObject(measure) && measure.kind === 'counts' && isObject(measure.by) && measure.by.part === 'hour'
				? [name]
				: [],
		);
		for (const [name, measure] of entries) {
			const path = `measures.${name}`;
			if (!isObject(measure)) this.#expect(path, 'a measure, like count()', measure);
			else if (this.#oneOf(measure.kind, `${path}.kind`, kinds))
				this.#measure(measure, measure.kind as MeasureKind, path, tables, hours);
		}
	}

	/** @param hours - The names of counts by hour. */
	#measure(
		measure: Properties,
		kind: MeasureKind,
		path: string,
		tables: ReadonlyMap<string, unknown>,
		hours: readonly string[] = [],
	): void {
		switch (kind) {
			case 'count':
			case 'column-figures':
			case 'line-count':
			case 'quality':
				this.#object(measure, path, kind === 'quality' ? ['kind', 'part'] : ['kind']);
				return;
			case 'counts': {
				this.#object(measure, path, ['kind', 'by']);
				const by = this.#object(measure.by, `${path}.by`, ['of', 'part']);
				if (by !== null && this.#oneOf(by.part, `${path}.by.part`, ['hour', 'weekday']))
					this.#column(by.of, `${path}.by.of`, typesOfPart(by.part));
				return;
			}
			case 'busiest-hour':
				this.#object(measure, path, ['kind', 'counts']);
				this.#oneOf(measure.counts, `${path}.counts`, hours, 'the counts by hour');
				return;
			case 'sum':
			case 'mean':
			case 'share':
			case 'total':
			case 'longest':
			case 'distinct':
			case 'date-range':
			case 'min':
			case 'max':
				this.#object(measure, path, ['kind', 'of']);
				this.#column(measure.of, `${path}.of`, typesOfMeasure[kind] ?? ['number']);
				return;
			case 'nearest': {
				this.#object(measure, path, ['kind', 'to']);
				const to = this.#object(measure.to, `${path}.to`, ['kind', 'of']);
				if (to !== null && this.#oneOf(to.kind, `${path}.to.kind`, ['sum', 'mean']))
					this.#column(to.of, `${path}.to.of`, ['number']);
				return;
			}
			case 'first-key':
			case 'group-count':
			case 'table-error':
			case 'distinct-keys':
				this.#object(measure, path, ['kind', 'table']);
				if (
					this.#oneOf(measure.table, `${path}.table`, Array.from(tables.keys()), 'the tables') &&
					(kind === 'first-key' || kind === 'distinct-keys')
				) {
					const keys = tables.get(measure.table as string);
					if (Array.isArray(keys) && keys.length > 1)
						this.#fault(`${path}.table`, `expected a table of one key, but ${measure.table} has ${keys.length}`);
				}
				return;
			case 'top-values':
				this.#object(measure, path, ['kind', 'of', 'name', 'limit']);
				this.#column(measure.of, `${path}.of`, ['text']);
				this.#key(measure.name, `${path}.name`, new Set(['count', 'exact']));
				this.#integer(measure.limit, `${path}.limit`, 1, MAX_ROWS_LISTED);
				return;
			case 'groups':
				this.#groups(measure, path);
		}
	}

	#groups(measure: Properties, path: string): void {
		this.#object(measure, path, [
			'kind',
			'keys',
			'measures',
			'orderBy',
			'limit',
			...(this.#reads === 'lines' ? ['leavesOutEmpty'] : []),
		]);
		const keys = this.#list(measure.keys, `${path}.keys`, 2);
		if (Array.isArray(measure.keys) && keys.length === 0) this.#fault(`${path}.keys`, 'expected one key or two');
		const names = new Set<string>();
		for (const [index, key] of keys.entries()) {
			const at = `${path}.keys[${index}]`;
			const properties = this.#object(key, at, ['name', 'of', 'part']);
			if (properties === null) continue;
			this.#key(properties.name, `${at}.name`, names);
			if (!this.#oneOf(properties.part, `${at}.part`, keyParts)) continue;
			const type = typeof properties.of === 'string' ? this.#types.get(properties.of) : undefined;
			const isMoment = type === 'date' || type === 'timestamp';
			if (properties.part === 'text' && isMoment)
				this.#fault(`${at}.of`, `expected a text; group a ${type} by year(), month(), day() or weekday()`);
			else this.#column(properties.of, `${at}.of`, typesOfPart(properties.part));
		}
		const rows = this.#entries(measure.measures, `${path}.measures`);
		for (const [name, row] of rows) {
			const at = `${path}.measures.${name}`;
			if (names.has(name)) this.#fault(at, 'is also the name of a key');
			if (!isObject(row)) this.#expect(at, 'a measure, like count()', row);
			else if (this.#oneOf(row.kind, `${at}.kind`, rowKinds))
				this.#measure(row, row.kind as MeasureKind, at, new Map());
		}
		this.#oneOf(measure.orderBy, `${path}.orderBy`, [...rows.map(([name]) => name), 'key']);
		this.#integer(measure.limit, `${path}.limit`, 1, MAX_ROWS_LISTED);
	}

	#view(value: unknown, path: string, measures: Properties): void {
		if (!isObject(value)) {
			this.#expect(path, 'a view, like {show: "figures", figures: []}', value);
			return;
		}
		const tableViews = this.#reads === 'columns' ? ['columns', 'sentences'] : ['bars', 'series'];
		if (!this.#oneOf(value.show, `${path}.show`, ['figures', ...tableViews])) return;
		const results = Object.keys(measures);
		if (value.of !== undefined) {
			this.#shortView(value, path, measures);
			return;
		}
		if (value.show === 'figures') {
			this.#object(value, path, ['show', 'figures']);
			this.#values(value.figures, `${path}.figures`, results, results);
			return;
		}
		this.#object(value, path, this.#reads === 'columns' ? [...tableViewKeys, 'histogram', 'worst'] : tableViewKeys);
		this.#text(value.title, `${path}.title`);
		const tables = results.filter(name => isObject(measures[name]) && rowNamesOf(measures[name]).length > 0);
		if (!this.#oneOf(value.rows, `${path}.rows`, tables, 'the tables')) return;
		if (value.names !== undefined)
			for (const [index, name] of this.#list(value.names, `${path}.names`, MAX_ENTRIES).entries())
				this.#text(name, `${path}.names[${index}]`);
		const rowNames = rowNamesOf(measures[value.rows as string] as Properties);
		if (Array.isArray(value.name)) {
			if (value.name.length !== 2) this.#fault(`${path}.name`, 'expected the key of a row, or two');
			for (const [index, name] of value.name.slice(0, 2).entries())
				this.#oneOf(name, `${path}.name[${index}]`, rowNames);
		} else this.#oneOf(value.name, `${path}.name`, rowNames);
		this.#values(value.values, `${path}.values`, rowNames, results);
		if (value.histogram !== undefined) this.#oneOf(value.histogram, `${path}.histogram`, rowNames);
		if (value.error !== undefined) this.#oneOf(value.error, `${path}.error`, results);
	}

	/** One that names measures, and leaves to them how they are shown. */
	#shortView(value: Properties, path: string, measures: Properties): void {
		this.#object(value, path, ['show', 'of']);
		const names = Object.keys(measures);
		const isRows = (name: string): boolean => isObject(measures[name]) && rowNamesOf(measures[name]).length > 0;
		if (value.show !== 'figures') {
			this.#oneOf(value.of, `${path}.of`, names.filter(isRows), 'the tables');
			return;
		}
		const figures = names.filter(name => !isRows(name) && (measures[name] as Properties).kind !== 'table-error');
		for (const [index, of] of this.#list(value.of, `${path}.of`, MAX_ENTRIES).entries())
			this.#oneOf(of, `${path}.of[${index}]`, figures, 'the single values');
	}

	#values(value: unknown, path: string, keys: readonly string[], results: readonly string[]): void {
		for (const [index, labelled] of this.#list(value, path, MAX_ENTRIES).entries()) {
			const at = `${path}[${index}]`;
			const properties = this.#object(labelled, at, ['label', 'key', 'format', 'error', 'exact']);
			if (properties === null) continue;
			this.#text(properties.label, `${at}.label`);
			this.#oneOf(properties.key, `${at}.key`, keys);
			this.#oneOf(properties.format, `${at}.format`, Object.keys(valueFormats));
			if (properties.error !== undefined) this.#oneOf(properties.error, `${at}.error`, results);
			if (properties.exact !== undefined) this.#oneOf(properties.exact, `${at}.exact`, keys);
		}
	}

	/** A column or derived number of one of the types. */
	#column(value: unknown, path: string, types: readonly CellType[]): void {
		const names = Array.from(this.#types)
			.filter(([, type]) => types.includes(type))
			.map(([name]) => name);
		const type = typeof value === 'string' ? this.#types.get(value) : undefined;
		if (type !== undefined && !types.includes(type))
			this.#fault(path, `expected a ${types.join(' or ')}, but ${describeFound(value)} is a ${type}`);
		else this.#oneOf(value, path, names, `the columns of type ${types.join(' or ')}`);
	}

	#key(value: unknown, path: string, names: Set<string>): void {
		if (typeof value !== 'string' || !isKey(value)) this.#expect(path, KEY_RULE, value);
		else if (names.has(value)) this.#fault(path, `is ${describeFound(value)} a second time`);
		else names.add(value);
	}

	/** @returns Its properties; `null` where it is not an object. */
	#object(value: unknown, path: string, known: readonly string[]): Properties | null {
		if (!isObject(value)) {
			this.#expect(path, 'an object', value);
			return null;
		}
		for (const key of Object.keys(value)) {
			const at = path === '' ? key : `${path}.${key}`;
			if (!known.includes(key)) this.#fault(at, `is unknown; expected ${known.join(', ')}`);
		}
		return value;
	}

	/** The entries of an object that has at least one. */
	#entries(value: unknown, path: string): readonly (readonly [string, unknown])[] {
		if (!isObject(value)) {
			this.#expect(path, 'an object', value);
			return [];
		}
		const entries = Object.entries(value);
		if (entries.length === 0 || entries.length > MAX_ENTRIES) {
			this.#fault(path, `expected 1 to ${MAX_ENTRIES} entries, but found ${entries.length}`);
			return [];
		}
		return entries.filter(([name]) => {
			if (isKey(name)) return true;
			this.#expect(path, KEY_RULE, name);
			return false;
		});
	}

	#list(value: unknown, path: string, maxItems: number): readonly unknown[] {
		if (Array.isArray(value) && value.length <= maxItems) return Array.from(value);
		if (Array.isArray(value)) this.#fault(path, `expected at most ${maxItems} items, but found ${value.length}`);
		else this.#expect(path, 'a list', value);
		return [];
	}

	#text(value: unknown, path: string): void {
		if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH) return;
		this.#expect(path, `a text of 1 to ${MAX_TEXT_LENGTH} characters`, value);
	}

	#integer(value: unknown, path: string, minimum: number, maximum: number): void {
		if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return;
		this.#expect(path, `a whole number from ${minimum}${maximum < MAX_INTEGER_SHOWN ? ` to ${maximum}` : ''}`, value);
	}

	#oneOf(value: unknown, path: string, words: readonly string[], of?: string): boolean {
		if (typeof value === 'string' && words.includes(value)) return true;
		const list = words.length === 0 ? 'there are none' : words.join(', ');
		this.#expect(path, of === undefined ? `one of ${list}` : `one of ${of} (${list})`, value);
		return false;
	}

	#expect(path: string, expected: string, found: unknown): void {
		this.#fault(path, `expected ${expected}, but found ${describeFound(found)}`);
	}

	#fault(path: string, sentence: string): void {
		this.faults.push({path, sentence});
	}
}

/** The keys of a table's rows; an empty list where it is not a table. */
function rowNamesOf({kind, keys, measures, name, by, part}: Properties): readonly string[] {
	if (kind === 'top-values') return [String(name), 'count', 'exact'];
	if (kind === 'column-figures' || kind === 'quality') return kind === 'quality' ? qualityRowKeys(part) : columnKeys;
	if (kind === 'counts' && isObject(by)) return [String(by.part), 'records'];
	if (kind !== 'groups') return [];
	const names = Array.isArray(keys) ? keys.flatMap((key: unknown) => (isObject(key) ? [String(key.name)] : [])) : [];
	return Array.from(new Set([...names, ...(isObject(measures) ? Object.keys(measures) : [])]));
}

const isObject = (value: unknown): value is Properties =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const declarationKeys = ['name', 'version', 'title', 'columns', 'derive', 'where', 'accept', 'measures', 'views'];
const tableViewKeys = ['show', 'title', 'rows', 'name', 'names', 'values', 'error'];
const MAX_INTEGER_SHOWN = 1_000_000;
