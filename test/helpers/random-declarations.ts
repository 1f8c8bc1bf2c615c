// Declarations of any measures, and figures that records could have come to.
import fc from 'fast-check';
import type {CountedFigures, CountedTable} from '../../source/analysis/counted-figures.ts';
import {
	type AnalysisDeclaration,
	type ColumnDeclaration,
	count,
	dateRange,
	distinct,
	firstKey,
	type GroupKey,
	groupCount,
	type Measure,
	mean,
	nearest,
	type RowMeasure,
	share,
	sum,
	tableError,
} from '../../source/analysis/declaration.ts';
import type {SumFigures} from '../../source/analysis/figures.ts';
import {type RowShape, rowShapeOf} from '../../source/analysis/file-rows.ts';

const columns: Readonly<Record<string, ColumnDeclaration>> = {
	price: {is: 'number'},
	weight: {is: 'number', isOptional: true},
	date: {is: 'date'},
	shop: {is: 'text'},
	kind: {is: 'text'},
};

const number = fc.constantFrom('price', 'weight');

const rowMeasure: fc.Arbitrary<RowMeasure> = fc.oneof(
	fc.constant(count()),
	number.map(of => sum(of)),
	number.map(of => mean(of)),
	number.map(of => share(of)),
);
const key: fc.Arbitrary<GroupKey> = fc.constantFrom<GroupKey>(
	{name: 'shop', of: 'shop', part: 'text'},
	{name: 'kind', of: 'kind', part: 'text'},
	{name: 'year', of: 'date', part: 'year'},
	{name: 'month', of: 'date', part: 'month'},
	{name: 'day', of: 'date', part: 'day'},
);
/** A name that JSON writes in another way, or that acts on a terminal, and one that would go in front of others in an object. */
const name = fc.constantFrom('total', 'a "name"', 'ünicode', '\u202e', 'x'.repeat(50), 'b', 'cc', 'ddd', '__proto');

const rows = fc
	.record({
		keys: fc.uniqueArray(key, {minLength: 1, maxLength: 2, selector: each => each.name}),
		measures: fc.dictionary(name, rowMeasure, {maxKeys: 4}),
		order: fc.nat(),
		limit: fc.constantFrom(1, 3, 100),
	})
	.map(({keys, measures, order, limit}): Measure => {
		const orders = ['key', ...Object.keys(measures)];
		return {kind: 'groups', keys, measures, orderBy: orders[order % orders.length] ?? 'key', limit};
	});

const measure: fc.Arbitrary<Measure> = fc.oneof(
	rowMeasure.filter(({kind}) => kind !== 'share'),
	number.map(of => nearest(sum(of))),
	number.map(of => nearest(mean(of))),
	fc.constant(dateRange('date')),
	fc.constantFrom('shop', 'kind').map(of => distinct(of)),
	rows,
);

export const declarations: fc.Arbitrary<AnalysisDeclaration> = fc
	.record({
		measures: fc.dictionary(name, measure, {maxKeys: 6}),
		abouts: fc.array(
			fc.record({place: fc.nat(), kind: fc.constantFrom<(table: string) => Measure>(firstKey, groupCount, tableError)}),
		),
	})
	.map(({measures, abouts}) => {
		const tables = Object.entries(measures).filter(([, {kind}]) => kind === 'groups');
		const all: Record<string, Measure> = {...measures};
		for (const [index, {place, kind}] of abouts.entries()) {
			const [table, about] = tables[place % tables.length] ?? [];
			if (table === undefined || about?.kind !== 'groups') continue;
			if (kind !== firstKey || about.keys.length === 1) all[`about ${index}`] = kind(table);
		}
		return {name: 'any', version: 1, title: 'Any', columns, measures: all, views: []};
	});

const units = fc.oneof(
	{weight: 6, arbitrary: fc.bigInt(-(10n ** 7n), 10n ** 7n)},
	{weight: 2, arbitrary: fc.bigInt(-(2n ** 56n), 2n ** 56n)},
	{weight: 1, arbitrary: fc.bigInt(-(10n ** 120n), 10n ** 120n)},
);
const scale = fc.oneof({weight: 6, arbitrary: fc.constantFrom(0, 2)}, {weight: 2, arbitrary: fc.nat(12)}, fc.nat(60));
const recordCount = fc.oneof(fc.integer({min: 1, max: 300}), fc.integer({min: 1, max: 2 ** 40}));
const date = fc
	.date({min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true})
	.map(each => each.toISOString().slice(0, 10));

/** Bytes, one per character: of texts in UTF-8, and of anything. */
const keyText = fc.oneof(
	{weight: 3, arbitrary: fc.constantFrom('', 'a', 'food', 'toys "new"', 'back\\slash', '\u001b[31m', '\u0080\u00ff')},
	{weight: 3, arbitrary: fc.string({unit: 'binary', maxLength: 20}).map(each => Buffer.from(each).toString('latin1'))},
	{weight: 1, arbitrary: fc.string({unit: 'binary', minLength: 40, maxLength: 90}).map(asLatin1)},
);

function asLatin1(text: string): string {
	return Buffer.from(text).toString('latin1');
}

const sumOf = (
	records: number,
	{isCounted}: {readonly isCounted: boolean},
	ofScale: number,
): fc.Arbitrary<SumFigures> =>
	fc
		.record({units, count: isCounted ? fc.oneof(fc.constant(0), fc.nat(records)) : fc.constant(records)})
		.map(each => ({scale: ofScale, count: each.count, units: each.count === 0 ? 0n : each.units}));

const tableOf = ({keyCount, sums}: RowShape['tables'][number]): fc.Arbitrary<CountedTable> => {
	const given = fc
		.record({
			scales: fc.tuple(...sums.map(() => scale)),
			all: fc.uniqueArray(fc.array(keyText, {minLength: keyCount, maxLength: keyCount}), {
				maxLength: 130,
				size: 'max',
				selector: keys => JSON.stringify(keys),
			}),
		})
		.chain(({scales, all}) =>
			fc
				.tuple(
					...all.map(keys =>
						recordCount.chain(records =>
							fc
								.tuple(...sums.map((each, place) => sumOf(records, each, scales[place] ?? 0)))
								.map(ofGroup => ({keys, records, sums: ofGroup})),
						),
					),
				)
				.map((groups): CountedTable => ({groupCount: groups.length, scales, groups})),
		);
	const givenUp: CountedTable = {groupCount: null, scales: sums.map(() => 0), groups: []};
	return fc.oneof({weight: 9, arbitrary: given}, fc.constant(givenUp));
};

/** What records could have come to for a declaration. */
export function figuresOf(declaration: AnalysisDeclaration): fc.Arbitrary<CountedFigures> {
	const shape = rowShapeOf(declaration);
	return fc.oneof(fc.constant(0), recordCount).chain(records =>
		fc.record({
			records: fc.constant(records),
			sums: fc.tuple(...shape.sums.map(each => scale.chain(ofSum => sumOf(records, each, ofSum)))),
			ranges: fc.array(
				fc.option(
					fc
						.tuple(date, date)
						.map(both => both.sort())
						.map(([earliest = '', latest = '']) => ({earliest, latest})),
				),
				{minLength: shape.rangeCount, maxLength: shape.rangeCount},
			),
			sets: fc.array(fc.record({value: fc.nat(2 ** 31 - 1), exact: fc.boolean()}), {
				minLength: shape.setCount,
				maxLength: shape.setCount,
			}),
			tables: fc.tuple(...shape.tables.map(tableOf)),
		}),
	);
}

export const declarationsWithFigures = declarations.chain(declaration =>
	figuresOf(declaration).map(figures => ({declaration, figures})),
);
