// Checks a declaration: everything that the compiler would check, and the bounds that keep any result
// readable. Single values are checked by value-checks.ts, and views by check-view.ts.
import {checkColumnNames} from './check-column-names.ts';
import {checkView} from './check-view.ts';
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
} from './declared-words.ts';
import {describeFound} from './describe-found.ts';
import {lineColumns} from './line-columns.ts';
import {
	type DeclarationFault,
	isAnalysisName,
	isObject,
	MAX_ENTRIES,
	type Properties,
	ValueChecks,
} from './value-checks.ts';

/** As many months as dates can have. */
const MAX_ROWS_LISTED = 120_000;
const MAX_FAULTS = 10;
/** More do not fit beside the largest number. */
const MAX_DECIMALS = 18;

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
	const checks = new ValueChecks();
	new DeclarationChecks(checks, mayHaveFunctions).declaration(value, isBuiltIn);
	return checks.faults.slice(0, MAX_FAULTS);
}

class DeclarationChecks {
	readonly #check: ValueChecks;
	/** The type of each column, of the header and derived ones, by its name. */
	readonly #types = new Map<string, CellType>();
	/** The names of those that a function computes. */
	readonly #computed = new Set<string>();
	readonly #mayHaveFunctions: boolean;
	#reads: DeclaredReading = 'records';

	constructor(checks: ValueChecks, mayHaveFunctions: boolean) {
		this.#check = checks;
		this.#mayHaveFunctions = mayHaveFunctions;
	}

	declaration(value: unknown, isBuiltIn: boolean): void {
		const declaration = this.#check.object(value, '', [
			...declarationKeys,
			...(isBuiltIn ? ['reads', 'alsoReads'] : []),
		]);
		if (declaration === null) return;
		const {name, version, title, reads, columns, derive, where, accept, measures, views} = declaration;
		if (isBuiltIn && reads !== undefined && this.#check.oneOf(reads, 'reads', readings))
			this.#reads = reads as DeclaredReading;
		if (typeof name !== 'string' || !isAnalysisName(name))
			this.#check.expect('name', 'lower case letters, digits and dashes that begin with a letter', name);
		this.#check.integer(version, 'version', 1, Number.MAX_SAFE_INTEGER);
		this.#check.text(title, 'title');
		if (this.#reads === 'columns') this.#check.object(columns, 'columns', []);
		else this.#columns(columns);
		if (derive !== undefined) this.#derivations(derive);
		if (where !== undefined) this.#function(where, 'where');
		if (accept !== undefined) this.#function(accept, 'accept');
		this.#measures(measures);
		if (views === undefined) return;
		for (const [index, view] of this.#check.list(views, 'views', MAX_ENTRIES).entries())
			checkView(view, `views[${index}]`, isObject(measures) ? measures : {}, this.#reads, this.#check);
	}

	#columns(value: unknown): void {
		const entries = this.#check.entries(value, 'columns');
		let hasNeeded = false;
		for (const [name, column] of entries) {
			const path = `columns.${name}`;
			const properties = this.#check.object(column, path, ['is', 'aliases', 'pairs', 'optional']);
			if (properties === null) continue;
			const {is, aliases, pairs, optional} = properties;
			if (this.#reads === 'lines') this.#check.oneOf(name, path, Object.keys(lineColumns), 'the columns of lines');
			if (this.#check.oneOf(is, `${path}.is`, Object.keys(cellTypes))) this.#types.set(name, is as CellType);
			checkColumnNames({aliases, pairs}, path, this.#check);
			if (optional !== undefined && optional !== true)
				this.#check.expect(`${path}.optional`, 'true or nothing', optional);
			hasNeeded ||= optional !== true;
		}
		if (entries.length > 0 && !hasNeeded)
			this.#check.fault('columns', 'expected one that is not optional: any file would fit otherwise');
	}

	#derivations(value: unknown): void {
		for (const [name, derivation] of this.#check.entries(value, 'derive')) {
			const path = `derive.${name}`;
			if (this.#types.has(name)) this.#check.fault(path, 'is also the name of a column');
			if (isObject(derivation) && derivation.js !== undefined) {
				this.#computedColumn(name, derivation, path);
				continue;
			}
			const properties = this.#check.object(derivation, path, ['product', 'firstOf', 'js']);
			if (properties === null) continue;
			const {product, firstOf} = properties;
			if ((product === undefined) === (firstOf === undefined)) {
				this.#check.expect(path, 'one of product, firstOf and js', derivation);
				continue;
			}
			const [key, sources] = product === undefined ? ['firstOf', firstOf] : ['product', product];
			const list = this.#check.list(sources, `${path}.${key}`, MAX_ENTRIES);
			if (product === undefined ? list.length === 0 : list.length !== 2)
				this.#check.fault(
					`${path}.${key}`,
					`expected ${product === undefined ? 'at least one number' : 'two numbers'}`,
				);
			// A derived number reads only what stands in front of it, so none can read itself.
			for (const [index, of] of list.entries()) {
				const at = `${path}.${key}[${index}]`;
				if (this.#computed.has(of as string))
					this.#check.fault(at, `${String(of)} is computed by a function, which may do this, too`);
				else this.#column(of, at, ['number']);
			}
			this.#types.set(name, 'number');
		}
	}

	#computedColumn(name: string, derivation: Properties, path: string): void {
		const {is, js, decimals} = derivation;
		this.#check.object(derivation, path, ['is', 'js', ...(is === 'number' ? ['decimals'] : [])]);
		this.#function(js, `${path}.js`);
		if (decimals !== undefined && is === 'number') this.#check.integer(decimals, `${path}.decimals`, 0, MAX_DECIMALS);
		if (this.#check.oneOf(is, `${path}.is`, computedTypes)) this.#types.set(name, is as CellType);
		this.#computed.add(name);
	}

	#function(value: unknown, path: string): void {
		if (typeof value !== 'function') this.#check.expect(path, 'a function of a record', value);
		else if (!this.#mayHaveFunctions)
			this.#check.fault(path, 'is a function, which threads can only load from a module: give the path of one instead');
	}

	#measures(value: unknown): void {
		const entries = this.#check.entries(value, 'measures');
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
			if (!isObject(measure)) this.#check.expect(path, 'a measure, like count()', measure);
			else if (this.#check.oneOf(measure.kind, `${path}.kind`, kinds))
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
				this.#check.object(measure, path, kind === 'quality' ? ['kind', 'part'] : ['kind']);
				return;
			case 'counts': {
				this.#check.object(measure, path, ['kind', 'by']);
				const by = this.#check.object(measure.by, `${path}.by`, ['of', 'part']);
				if (by !== null && this.#check.oneOf(by.part, `${path}.by.part`, ['hour', 'weekday']))
					this.#column(by.of, `${path}.by.of`, typesOfPart(by.part));
				return;
			}
			case 'busiest-hour':
				this.#check.object(measure, path, ['kind', 'counts']);
				this.#check.oneOf(measure.counts, `${path}.counts`, hours, 'the counts by hour');
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
				this.#check.object(measure, path, ['kind', 'of']);
				this.#column(measure.of, `${path}.of`, typesOfMeasure[kind] ?? ['number']);
				return;
			case 'nearest': {
				this.#check.object(measure, path, ['kind', 'to']);
				const to = this.#check.object(measure.to, `${path}.to`, ['kind', 'of']);
				if (to !== null && this.#check.oneOf(to.kind, `${path}.to.kind`, ['sum', 'mean']))
					this.#column(to.of, `${path}.to.of`, ['number']);
				return;
			}
			case 'first-key':
			case 'group-count':
			case 'table-error':
			case 'distinct-keys':
				this.#check.object(measure, path, ['kind', 'table']);
				if (
					this.#check.oneOf(measure.table, `${path}.table`, Array.from(tables.keys()), 'the tables') &&
					(kind === 'first-key' || kind === 'distinct-keys')
				) {
					const keys = tables.get(measure.table as string);
					if (Array.isArray(keys) && keys.length > 1)
						this.#check.fault(`${path}.table`, `expected a table of one key, but ${measure.table} has ${keys.length}`);
				}
				return;
			case 'top-values':
				this.#check.object(measure, path, ['kind', 'of', 'name', 'limit']);
				this.#column(measure.of, `${path}.of`, ['text']);
				this.#check.key(measure.name, `${path}.name`, new Set(['count', 'exact']));
				this.#check.integer(measure.limit, `${path}.limit`, 1, MAX_ROWS_LISTED);
				return;
			case 'groups':
				this.#groups(measure, path);
		}
	}

	#groups(measure: Properties, path: string): void {
		this.#check.object(measure, path, [
			'kind',
			'keys',
			'measures',
			'orderBy',
			'limit',
			...(this.#reads === 'lines' ? ['leavesOutEmpty'] : []),
		]);
		const keys = this.#check.list(measure.keys, `${path}.keys`, 2);
		if (Array.isArray(measure.keys) && keys.length === 0) this.#check.fault(`${path}.keys`, 'expected one key or two');
		const names = new Set<string>();
		for (const [index, key] of keys.entries()) {
			const at = `${path}.keys[${index}]`;
			const properties = this.#check.object(key, at, ['name', 'of', 'part']);
			if (properties === null) continue;
			this.#check.key(properties.name, `${at}.name`, names);
			if (!this.#check.oneOf(properties.part, `${at}.part`, keyParts)) continue;
			const type = typeof properties.of === 'string' ? this.#types.get(properties.of) : undefined;
			const isMoment = type === 'date' || type === 'timestamp';
			if (properties.part === 'text' && isMoment)
				this.#check.fault(`${at}.of`, `expected a text; group a ${type} by year(), month(), day() or weekday()`);
			else this.#column(properties.of, `${at}.of`, typesOfPart(properties.part));
		}
		const rows = this.#check.entries(measure.measures, `${path}.measures`);
		for (const [name, row] of rows) {
			const at = `${path}.measures.${name}`;
			if (names.has(name)) this.#check.fault(at, 'is also the name of a key');
			if (!isObject(row)) this.#check.expect(at, 'a measure, like count()', row);
			else if (this.#check.oneOf(row.kind, `${at}.kind`, rowKinds))
				this.#measure(row, row.kind as MeasureKind, at, new Map());
		}
		this.#check.oneOf(measure.orderBy, `${path}.orderBy`, [...rows.map(([name]) => name), 'key']);
		this.#check.integer(measure.limit, `${path}.limit`, 1, MAX_ROWS_LISTED);
	}

	/** A column or derived number of one of the types. */
	#column(value: unknown, path: string, types: readonly CellType[]): void {
		const names = Array.from(this.#types)
			.filter(([, type]) => types.includes(type))
			.map(([name]) => name);
		const type = typeof value === 'string' ? this.#types.get(value) : undefined;
		if (type !== undefined && !types.includes(type))
			this.#check.fault(path, `expected a ${types.join(' or ')}, but ${describeFound(value)} is a ${type}`);
		else this.#check.oneOf(value, path, names, `the columns of type ${types.join(' or ')}`);
	}
}

const declarationKeys = ['name', 'version', 'title', 'columns', 'derive', 'where', 'accept', 'measures', 'views'];
