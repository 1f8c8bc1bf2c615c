// Checks a view of a declaration: whether it shows measures that there are, in a way in which they can be shown.
import {columnKeys} from './columns/column-keys.ts';
import type {DeclaredReading} from './declaration.ts';
import {valueFormats} from './declared-words.ts';
import {qualityRowKeys} from './quality/quality-keys.ts';
import {isObject, MAX_ENTRIES, type Properties, type ValueChecks} from './value-checks.ts';

const tableViewKeys = ['show', 'title', 'rows', 'name', 'names', 'values', 'error'];

/** @param measures - All of the declaration, which have not been checked. */
export function checkView(
	value: unknown,
	path: string,
	measures: Properties,
	reads: DeclaredReading,
	checks: ValueChecks,
): void {
	if (!isObject(value)) {
		checks.expect(path, 'a view, like {show: "figures", figures: []}', value);
		return;
	}
	const tableViews = reads === 'columns' ? ['columns', 'sentences'] : ['bars', 'series'];
	if (!checks.oneOf(value.show, `${path}.show`, ['figures', ...tableViews])) return;
	const results = Object.keys(measures);
	if (value.of !== undefined) {
		checkShortView(value, path, measures, checks);
		return;
	}
	if (value.show === 'figures') {
		checks.object(value, path, ['show', 'figures']);
		checkValues(value.figures, `${path}.figures`, results, results, checks);
		return;
	}
	checks.object(value, path, reads === 'columns' ? [...tableViewKeys, 'histogram', 'worst'] : tableViewKeys);
	checks.text(value.title, `${path}.title`);
	const tables = results.filter(name => isObject(measures[name]) && rowNamesOf(measures[name]).length > 0);
	if (!checks.oneOf(value.rows, `${path}.rows`, tables, 'the tables')) return;
	if (value.names !== undefined)
		for (const [index, name] of checks.list(value.names, `${path}.names`, MAX_ENTRIES).entries())
			checks.text(name, `${path}.names[${index}]`);
	const rowNames = rowNamesOf(measures[value.rows as string] as Properties);
	if (Array.isArray(value.name)) {
		if (value.name.length !== 2) checks.fault(`${path}.name`, 'expected the key of a row, or two');
		for (const [index, name] of value.name.slice(0, 2).entries())
			checks.oneOf(name, `${path}.name[${index}]`, rowNames);
	} else checks.oneOf(value.name, `${path}.name`, rowNames);
	checkValues(value.values, `${path}.values`, rowNames, results, checks);
	if (value.histogram !== undefined) checks.oneOf(value.histogram, `${path}.histogram`, rowNames);
	if (value.error !== undefined) checks.oneOf(value.error, `${path}.error`, results);
}

/** One that names measures, and leaves to them how they are shown. */
function checkShortView(value: Properties, path: string, measures: Properties, checks: ValueChecks): void {
	checks.object(value, path, ['show', 'of']);
	const names = Object.keys(measures);
	const isRows = (name: string): boolean => isObject(measures[name]) && rowNamesOf(measures[name]).length > 0;
	if (value.show !== 'figures') {
		checks.oneOf(value.of, `${path}.of`, names.filter(isRows), 'the tables');
		return;
	}
	const figures = names.filter(name => !isRows(name) && (measures[name] as Properties).kind !== 'table-error');
	for (const [index, of] of checks.list(value.of, `${path}.of`, MAX_ENTRIES).entries())
		checks.oneOf(of, `${path}.of[${index}]`, figures, 'the single values');
}

function checkValues(
	value: unknown,
	path: string,
	keys: readonly string[],
	results: readonly string[],
	checks: ValueChecks,
): void {
	for (const [index, labelled] of checks.list(value, path, MAX_ENTRIES).entries()) {
		const at = `${path}[${index}]`;
		const properties = checks.object(labelled, at, ['label', 'key', 'format', 'error', 'exact']);
		if (properties === null) continue;
		checks.text(properties.label, `${at}.label`);
		checks.oneOf(properties.key, `${at}.key`, keys);
		checks.oneOf(properties.format, `${at}.format`, Object.keys(valueFormats));
		if (properties.error !== undefined) checks.oneOf(properties.error, `${at}.error`, results);
		if (properties.exact !== undefined) checks.oneOf(properties.exact, `${at}.exact`, keys);
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
