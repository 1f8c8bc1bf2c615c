// Views that a declaration leaves to its measures: those it has named without saying how, or all where it has no views.
import type {LabelledValue, ValueFormat, View} from '../model/analysis-info.ts';
import type {
	AnalysisDeclaration,
	ClockPart,
	CountsMeasure,
	DeclaredView,
	GroupMeasure,
	Measure,
	TopMeasure,
} from './declaration.ts';
import {isDate} from './state-layout.ts';

type Measured = Pick<AnalysisDeclaration, 'columns' | 'derive' | 'measures'>;
type Measures = AnalysisDeclaration['measures'];

/** The views of a declaration in full. */
export function viewsOf(declaration: AnalysisDeclaration): readonly View[] {
	const {measures, views = derivedViews(declaration)} = declaration;
	return views.map(view => withCounts('of' in view ? inFull(view, declaration) : view, measures));
}

/** All single values, then each table, and what is counted by hour or weekday. */
function derivedViews(measured: Measured): readonly DeclaredView[] {
	const {measures} = measured;
	const names = Object.keys(measures);
	const figures = names.filter(name => formatOf(measures[name], measured) !== null);
	const tables = names.filter(name => isTable(measures[name]) || measures[name]?.kind === 'counts');
	return [
		...(figures.length > 0 ? [{show: 'figures', of: figures} as const] : []),
		...tables.map(of => ({show: isSeries(measures[of]) ? ('series' as const) : ('bars' as const), of})),
	];
}

function inFull(view: Extract<DeclaredView, {of: unknown}>, measured: Measured): View {
	if (view.show === 'figures') return {show: 'figures', figures: view.of.map(key => figureOf(key, measured))};
	const {show, of} = view;
	const {measures} = measured;
	const table = measures[of];
	if (table?.kind === 'counts') return {show, title: labelOf(of), rows: of, ...rowsOfCounts(table)};
	if (!isTable(table)) throw new Error(`Expected ${of} to be a table`);
	const error = errorOf(of, measures);
	return {show, title: labelOf(of), rows: of, ...rowsOf(table, measured), ...(error !== undefined && {error})};
}

function figureOf(key: string, measured: Measured): LabelledValue {
	const {measures} = measured;
	const measure = measures[key];
	const format = formatOf(measure, measured);
	if (measure === undefined || format === null) throw new Error(`Expected ${key} to be a single value`);
	const error = 'table' in measure ? errorOf(measure.table, measures) : undefined;
	return {label: labelOf(key), key, format, ...(error !== undefined && {error})};
}

/** The value that the rows are ordered by comes first: bars are drawn for it. */
function rowsOf(
	table: GroupMeasure | TopMeasure,
	measured: Measured,
): Pick<Extract<View, {rows: string}>, 'name' | 'values'> {
	if (table.kind === 'top-values')
		return {name: table.name, values: [{label: 'count', key: 'count', format: 'integer', exact: 'exact'}]};
	const [first = '', second] = table.keys.map(({name}) => name);
	const keys = Object.keys(table.measures).sort(
		(one, other) => Number(other === table.orderBy) - Number(one === table.orderBy),
	);
	return {
		name: second === undefined ? first : [first, second],
		values: keys.map(key => ({label: labelOf(key), key, format: formatOf(table.measures[key], measured) ?? 'decimal'})),
	};
}

const namesOfPart: Readonly<Record<ClockPart, readonly string[]>> = {
	hour: Array.from({length: 24}, (_, hour) => String(hour).padStart(2, '0')),
	weekday: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
};

const rowsOfCounts = ({
	by: {part},
}: CountsMeasure): Pick<Extract<View, {rows: string}>, 'name' | 'names' | 'values'> => ({
	name: part,
	names: namesOfPart[part],
	values: [{label: 'records', key: 'records', format: 'integer'}],
});

/** How a single value is written; `null` for anything else. */
function formatOf(measure: Measure | undefined, measured: Measured): ValueFormat | null {
	switch (measure?.kind) {
		case 'count':
		case 'total':
		case 'line-count':
			return 'integer';
		case 'sum':
		case 'mean':
		case 'nearest':
			return 'decimal';
		case 'share':
			return 'share';
		case 'date-range':
			return 'dates';
		case 'distinct':
		case 'group-count':
		case 'distinct-keys':
			return 'distinct';
		case 'first-key':
			return 'name';
		case 'min':
		case 'max':
			return isDate(measured, measure.of) ? 'name' : 'decimal';
		case 'longest':
			return 'line-length';
		case 'busiest-hour':
			return 'busiest-hour';
		default:
			return null;
	}
}

export const isTable = (measure: Measure | undefined): measure is GroupMeasure | TopMeasure =>
	measure?.kind === 'groups' || measure?.kind === 'top-values';

/** Parts of a date that follow one another. */
const isSeries = (measure: Measure | undefined): boolean =>
	measure?.kind === 'groups' &&
	measure.orderBy === 'key' &&
	measure.keys.length === 1 &&
	measure.keys[0]?.part !== 'text';

const errorOf = (table: string, measures: Measures): string | undefined =>
	Object.keys(measures).find(key => {
		const measure = measures[key];
		return measure?.kind === 'table-error' && measure.table === table;
	});

/** `unitPrice` and `unit_price` as `unit price`. */
const labelOf = (key: string): string =>
	key
		.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
		.replaceAll('_', ' ')
		.toLowerCase();

/** What follows from the measures: how many rows are listed, and which measure counts all of them. */
function withCounts(view: View, measures: Measures): View {
	const table = view.show === 'figures' ? undefined : measures[view.rows];
	if (view.show === 'figures' || table?.kind !== 'groups') return view;
	const count = Object.keys(measures).find(key => {
		const measure = measures[key];
		return measure?.kind === 'group-count' && measure.table === view.rows;
	});
	return {...view, limit: table.limit, ...(count !== undefined && {count})};
}
