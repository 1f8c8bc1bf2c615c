// Declarations of any measures, and figures that records could have come to.
import fc from 'fast-check';
import {
	type AnalysisDeclaration,
	busiestHour,
	type ColumnDeclaration,
	count,
	countBy,
	dateRange,
	distinct,
	distinctKeys,
	firstKey,
	type GroupKey,
	groupCount,
	hour,
	lineCount,
	longest,
	type Measure,
	max,
	mean,
	min,
	nearest,
	type RowMeasure,
	share,
	sum,
	tableError,
	topValues,
	total,
	weekday,
} from '../../source/analysis/declaration.ts';
import {countDistinct, distinctOfRegisters} from '../../source/analysis/distinct.ts';
import type {Extremes} from '../../source/analysis/extremes.ts';
import {
	FIRST_SUM_WORD,
	KEY_END_WORD,
	RECORDS_WORD,
	type SetFigures,
	SUM_WORDS,
	type TableFigures,
} from '../../source/analysis/figures.ts';
import {
	FIRST_UNITS,
	type GroupShape,
	KEY,
	RECORDS,
	type RowFigures,
	type RowSum,
	type RowTable,
	type RowTop,
	rowShapeOf,
} from '../../source/analysis/file-rows.ts';
import {writeExtremes} from '../../source/analysis/groups/group-extremes.ts';
import {joinKeyParts} from '../../source/analysis/groups/key-parts.ts';
import {formatMoment, momentOf, numberOfMoment} from '../../source/analysis/moment.ts';
import {addSampled} from '../../source/analysis/position-sample.ts';
import {type AnalysisState, stateOfFigures} from '../../source/analysis/state.ts';
import {layOutStates, tableMeasure} from '../../source/analysis/state-layout.ts';
import {createTopValues, defaultTopCaps, giveUpCounts, type TopValues} from '../../source/analysis/top-values.ts';
import type {Units} from '../../source/analysis/units.ts';
import {writeWords} from '../../source/analysis/wide-sums.ts';

const columns: Readonly<Record<string, ColumnDeclaration>> = {
	price: {is: 'number'},
	weight: {is: 'number', optional: true},
	date: {is: 'date'},
	at: {is: 'timestamp', optional: true},
	shop: {is: 'text'},
	kind: {is: 'text'},
};

const number = fc.constantFrom('price', 'weight');

const rowMeasure: fc.Arbitrary<RowMeasure> = fc.oneof(
	fc.constant(count()),
	number.map(of => sum(of)),
	number.map(of => mean(of)),
	number.map(of => share(of)),
	fc.constantFrom('price', 'weight', 'date', 'at').map(of => min(of)),
	fc.constantFrom('price', 'weight', 'date', 'at').map(of => max(of)),
);
const key: fc.Arbitrary<GroupKey> = fc.constantFrom<GroupKey>(
	{name: 'shop', of: 'shop', part: 'text'},
	{name: 'kind', of: 'kind', part: 'text'},
	{name: 'year', of: 'date', part: 'year'},
	{name: 'month', of: 'date', part: 'month'},
	{name: 'day', of: 'date', part: 'day'},
	{name: 'weekday', of: 'at', part: 'weekday'},
	{name: 'hour', of: 'at', part: 'hour'},
);
/** A name that JSON writes in another way, or that acts on a terminal, and one that would go in front of others in an object. */
const name = fc.constantFrom('total', 'a "name"', 'ünicode', '\u202e', 'x'.repeat(50), 'b', 'cc', 'ddd', '7');

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
	fc.constantFrom(dateRange('date'), dateRange('at'), lineCount()),
	fc.constantFrom(countBy(hour('at')), countBy(weekday('at')), countBy(weekday('date'))),
	fc.constantFrom('shop', 'kind').map(of => distinct(of)),
	rows,
);

/** Measures that only lines have. */
const measureOfLines: fc.Arbitrary<Measure> = fc.oneof(
	number.map(of => total(of)),
	number.map(of => longest(of)),
	fc
		.record({of: fc.constantFrom('shop', 'kind'), limit: fc.constantFrom(1, 3, 10)})
		.map(({of, limit}) => topValues(of, {name: 'line', limit})),
);

const declarationsOf = (measures: fc.Arbitrary<Measure>): fc.Arbitrary<AnalysisDeclaration> =>
	fc
		.record({
			measures: fc.dictionary(name, measures, {maxKeys: 6}),
			abouts: fc.array(
				fc.record({
					place: fc.nat(),
					kind: fc.constantFrom<(table: string) => Measure>(firstKey, groupCount, tableError, distinctKeys),
				}),
			),
		})
		.map(({measures, abouts}) => {
			const tables = Object.entries(measures).filter(([, {kind}]) => kind === 'groups');
			const all: Record<string, Measure> = {...measures};
			for (const [name, measure] of Object.entries(measures))
				if (measure.kind === 'counts' && measure.by.part === 'hour') all[`busiest ${name}`] = busiestHour(name);
			for (const [index, {place, kind}] of abouts.entries()) {
				const [table, about] = tables[place % tables.length] ?? [];
				if (table === undefined || about?.kind !== 'groups') continue;
				if ((kind !== firstKey && kind !== distinctKeys) || about.keys.length === 1)
					all[`about ${index}`] = kind(table);
			}
			return {name: 'any', version: 1, title: 'Any', columns, measures: all, views: []};
		});

export const declarations = declarationsOf(measure);

const units = fc.oneof(
	{weight: 6, arbitrary: fc.bigInt(-(10n ** 7n), 10n ** 7n)},
	{weight: 2, arbitrary: fc.bigInt(-(2n ** 56n), 2n ** 56n)},
	{weight: 1, arbitrary: fc.bigInt(-(10n ** 120n), 10n ** 120n)},
);
const scale = fc.oneof({weight: 6, arbitrary: fc.constantFrom(0, 2)}, {weight: 2, arbitrary: fc.nat(12)}, fc.nat(60));
const recordCount = fc.oneof(fc.integer({min: 1, max: 300}), fc.integer({min: 1, max: 2 ** 40}));
const day = fc
	.record({
		year: fc.integer({min: 1, max: 9999}),
		month: fc.integer({min: 1, max: 12}),
		day: fc.integer({min: 1, max: 28}),
	})
	.map(each => each.year * 10_000 + each.month * 100 + each.day);

const moment = fc
	.record({day, hour: fc.integer({min: -1, max: 24}), second: fc.nat(3599)})
	.map(({day, hour, second}) => {
		const text = formatMoment(day);
		if (hour === -1) return momentOf(text);
		const clock = [hour, hour === 24 ? 0 : Math.floor(second / 60), hour === 24 ? 0 : second % 60];
		return momentOf(`${text}T${clock.map(part => String(part).padStart(2, '0')).join(':')}`);
	});

/** Bytes, one per character: of texts in UTF-8, and of anything. */
const keyText = fc.oneof(
	{weight: 3, arbitrary: fc.constantFrom('', 'a', 'food', 'toys "new"', 'back\\slash', '\u001b[31m', '\u0080\u00ff')},
	{weight: 3, arbitrary: fc.string({unit: 'binary', maxLength: 20}).map(each => Buffer.from(each).toString('latin1'))},
	{weight: 1, arbitrary: fc.string({unit: 'binary', minLength: 40, maxLength: 90}).map(asLatin1)},
);

function asLatin1(text: string): string {
	return Buffer.from(text).toString('latin1');
}

const countOf = (records: number, isCounted: boolean): fc.Arbitrary<number> =>
	isCounted ? fc.oneof(fc.constant(0), fc.nat(records)) : fc.constant(records);

const sumOf = (records: number, isCounted: boolean, hasExtremes: boolean): fc.Arbitrary<RowSum> =>
	fc.record({scale, units, count: countOf(records, isCounted), ends: fc.tuple(units, units)}).map(({ends, ...each}) => {
		const [lowest = 0n, highest = 0n] = each.count === 0 ? [] : ends.toSorted((one, other) => (one < other ? -1 : 1));
		return {
			...each,
			units: each.count === 0 ? 0 : asUnits(each.units),
			...(hasExtremes && {lowest: asUnits(lowest), highest: asUnits(highest)}),
		};
	});

/** As a reader of rows has it. */
const asUnits = (all: bigint): Units => (all >= -(2n ** 48n) && all < 2n ** 48n ? Number(all) : all);

const tableOf = (
	{sumCount, extremePlaces, rangePlaces, countPlaces, countsKeys, stride}: GroupShape,
	keys: readonly (readonly string[])[],
	rangeNames: readonly string[],
	mayBeGivenUp: boolean,
): fc.Arbitrary<RowTable> => {
	const dates = fc.tuple(
		...rangeNames.map(of => {
			const each = of === 'at' ? moment : day;
			return fc.option(fc.tuple(each, each).map(sorted));
		}),
	);
	const sumsOf = (records: number): fc.Arbitrary<RowSum[]> =>
		fc.tuple(...countPlaces.map((place, sum) => sumOf(records, place !== RECORDS, extremePlaces[sum] !== -1)));
	const none = {length: 0, values: new Float64Array(0), wide: new Map()};
	const group = recordCount.chain(records => fc.tuple(fc.constant(records), sumsOf(records), dates));
	const given = fc
		.record({
			scales: fc.array(scale, {minLength: sumCount, maxLength: sumCount}),
			groups: fc.array(group, {maxLength: keys.length, size: 'max'}),
		})
		.map(({scales, groups}): RowTable => {
			const {length} = groups;
			const values = new Float64Array(length * stride);
			const wide = new Map<number, bigint>();
			const setUnits = (at: number, all: Units): void => {
				values[at] = Number(all);
				if (typeof all === 'bigint') wide.set(at, all);
			};
			for (const [place, [records, sums, days]] of groups.entries()) {
				const at = place * stride;
				values[at + KEY] = length - 1 - place;
				values[at + RECORDS] = records;
				for (const [sum, ofSum] of sums.entries()) {
					setUnits(at + FIRST_UNITS + sum, ofSum.units);
					values[at + (countPlaces[sum] ?? RECORDS)] = ofSum.count;
					const ofExtremes = extremePlaces[sum] ?? -1;
					if (ofExtremes === -1) continue;
					setUnits(at + ofExtremes, ofSum.lowest ?? 0);
					setUnits(at + ofExtremes + 1, ofSum.highest ?? 0);
				}
				for (const [range, ofRange] of rangePlaces.entries()) {
					values[at + ofRange] = days[range]?.earliest ?? 0;
					values[at + ofRange + 1] = days[range]?.latest ?? 0;
				}
			}
			const distinct = keys.slice(0, length).filter(parts => parts.join('') !== '').length;
			const distinctKeys = countsKeys ? {value: distinct, exact: true} : null;
			return {groupCount: length, distinctKeys, scales, length, values, wide};
		});
	if (!mayBeGivenUp) return given;
	const distinctKeys = countsKeys ? {value: estimates.keys().next().value ?? 0, exact: false} : null;
	const givenUp = {groupCount: null, distinctKeys, scales: Array.from({length: sumCount}, () => 0), ...none};
	return fc.oneof({weight: 9, arbitrary: given}, fc.constant(givenUp));
};

/** The most frequent values of any records, and their keys. */
const topFigures: fc.Arbitrary<{top: RowTop; keys: readonly (readonly string[])[]}> = fc
	.record({
		exact: fc.boolean(),
		values: fc.uniqueArray(
			fc.tuple(
				keyText.filter(text => text !== ''),
				fc.integer({min: 1, max: 1000}),
			),
			{
				maxLength: 12,
				selector: ([text]) => text,
			},
		),
	})
	.map(({exact, values}) => {
		const sorted = values.toSorted(([text, count], [other, more]) => more - count || (text < other ? -1 : 1));
		return {
			top: {exact: exact || values.length === 0, values: sorted.map(([, count], key) => ({key, count}))},
			keys: sorted.map(([text]) => [text]),
		};
	});

/** What records could have come to for a declaration; keys by the place of their table, in one or two parts, then those of tops. */
export function figuresOf(
	declaration: AnalysisDeclaration,
): fc.Arbitrary<{figures: RowFigures; keys: readonly (readonly (readonly string[])[])[]}> {
	const shape = rowShapeOf(layOutStates(declaration));
	const layout = layOutStates(declaration);
	const tables = Array.from(layout.tables.keys(), table => tableMeasure(declaration, table));
	const isOfCounts = Array.from(layout.tables.keys(), table => declaration.measures[table]?.kind === 'counts');
	const rangeNames = Array.from(layout.tables.values(), ({ranges}) => [...ranges.keys()]);
	const allKeys = fc.tuple(
		...tables.map(({keys}, place) =>
			isOfCounts[place] === true
				? clockKeys(keys[0]?.part)
				: fc.uniqueArray(fc.array(keyText, {minLength: keys.length, maxLength: keys.length}), {
						maxLength: 130,
						size: 'max',
						selector: each => JSON.stringify(each),
					}),
		),
	);
	const allTops = fc.array(topFigures, {minLength: shape.topCount, maxLength: shape.topCount});
	return fc.tuple(fc.oneof(fc.constant(0), recordCount), allKeys, allTops).chain(([records, keys, tops]) =>
		fc
			.record({
				records: fc.constant(records),
				lines: layout.countsLines ? fc.nat() : fc.constant(0),
				sums: fc.tuple(
					...shape.sums.map((isCounted, place) => sumOf(records, isCounted, shape.hasExtremes[place] === true)),
				),
				ranges: fc.tuple(
					...Array.from(layout.ranges.keys(), of => {
						const each = of === 'at' ? moment.map(numberOf) : day;
						return fc.option(fc.tuple(each, each).map(sorted));
					}),
				),
				sets: fc.array(
					fc.oneof(
						fc.nat(300).map(value => ({value, exact: true})),
						fc.constantFrom(...estimates.keys()).map(value => ({value, exact: false})),
					),
					{
						minLength: shape.setCount,
						maxLength: shape.setCount,
					},
				),
				tables: fc.tuple(
					...shape.tables.map((group, place) =>
						tableOf(group, keys[place] ?? [], rangeNames[place] ?? [], isOfCounts[place] !== true),
					),
				),
				longest: fc.array(fc.option(fc.record({line: recordCount, bytes: fc.nat()})), {
					minLength: shape.longestCount,
					maxLength: shape.longestCount,
				}),
				tops: fc.constant(tops.map(({top}) => top)),
				columns: fc.constant(null),
			})
			.map(figures => ({
				figures: withWholeScales(declaration, figures),
				keys: [...keys, ...tops.map(each => each.keys)],
			})),
	);
}

/** Of hours or weekdays; there may be one of records without a time. */
const clockKeys = (part: GroupKey['part'] | undefined): fc.Arbitrary<string[][]> =>
	fc.subarray(
		part === 'hour'
			? ['', ...Array.from({length: 24}, (_, at) => String(at).padStart(2, '0'))].map(key => [key])
			: ['', '1', '2', '3', '4', '5', '6', '7'].map(key => [key]),
	);

/** Where only the day is known, it is a day. */
const numberOf = (each: number): number => numberOfMoment(formatMoment(each));

/** The sums of groups have the decimals of the whole. */
function withWholeScales(declaration: AnalysisDeclaration, figures: RowFigures): RowFigures {
	const layout = layOutStates(declaration);
	const tables = Array.from(layout.tables.values(), ({sums}, place): RowTable => {
		const table = figures.tables[place] ?? noTable;
		const scales = Array.from(sums, ([name, sum]) => {
			const whole = figures.sums[layout.sums.get(name) ?? -1];
			return table.groupCount === null ? 0 : (whole?.scale ?? table.scales[sum] ?? 0);
		});
		return {...table, scales};
	});
	return {...figures, tables};
}

const noTable: RowTable = {
	groupCount: 0,
	distinctKeys: null,
	scales: [],
	length: 0,
	values: new Float64Array(0),
	wide: new Map(),
};

/** Registers by what they are an estimate of. */
const estimates = new Map(
	Array.from({length: 30}, (_, rank) => {
		const registers = new Uint8Array(2 ** 14).fill(rank + 1);
		return [countDistinct(distinctOfRegisters(registers)).value, registers];
	}),
);

function sorted(pair: readonly [number, number]): {earliest: number; latest: number} {
	const [earliest, latest] = pair.toSorted((one, other) => (formatMoment(one) < formatMoment(other) ? -1 : 1));
	return {earliest: earliest ?? 0, latest: latest ?? 0};
}

export const declarationsWithFigures = declarationsOf(
	fc.oneof({weight: 3, arbitrary: measure}, {weight: 1, arbitrary: measureOfLines}),
).chain(declaration => figuresOf(declaration).map(given => ({declaration, ...given})));

/** The state of records that came to these figures. */
export function stateOf(
	declaration: AnalysisDeclaration,
	{records, lines, sums, ranges, sets, tables, longest, tops}: RowFigures,
	keys: readonly (readonly (readonly string[])[])[],
): AnalysisState {
	return stateOfFigures(
		layOutStates(declaration),
		{
			records,
			lines,
			sums: sums.map(({units: ofSum, lowest, highest, scale: ofScale, count: ofCount}) => ({
				...{units: BigInt(ofSum), scale: ofScale, count: ofCount},
				...(lowest !== undefined &&
					highest !== undefined && {extremes: ofCount === 0 ? null : extremesAt(lowest, highest, ofScale)}),
			})),
			ranges: ranges.map(range =>
				range === null ? null : {earliest: formatMoment(range.earliest), latest: formatMoment(range.latest)},
			),
			sets: sets.map(({value, exact}): SetFigures => {
				if (!exact) return {registers: estimates.get(value) ?? new Uint8Array(0)};
				const longValues = new Set(Array.from({length: value}, (_, index) => `a value longer than a key ${index}`));
				return {keys: new Uint32Array(0), longValues, denseIds: null, registers: null};
			}),
			tables: tables.map((table, place) => tableFigures(declaration, place, table, keys[place] ?? [])),
			longest,
			tops: tops.map((top, place) => topOf(top, keys[tables.length + place] ?? [])),
		},
		'utf-8',
	);
}

const extremesAt = (lowest: Units, highest: Units, scale: number): Extremes => ({
	lowest: {units: BigInt(lowest), scale},
	highest: {units: BigInt(highest), scale},
});

/** Of records that came to these values: counted, or all of them in the sample. */
function topOf({exact, values}: RowTop, keys: readonly (readonly string[])[]): TopValues {
	const top = createTopValues(defaultTopCaps);
	if (!exact) giveUpCounts(top);
	for (const {key, count} of values) {
		const text = keys[key]?.[0] ?? '';
		top.records += count;
		top.counts?.set(text, count);
		addSampled(top.sample, key, text, count);
	}
	return top;
}

const MOST_SCALE = 18;

function tableFigures(
	declaration: AnalysisDeclaration,
	place: number,
	table: RowTable,
	allKeys: readonly (readonly string[])[],
): TableFigures {
	const layout = Array.from(layOutStates(declaration).tables.values())[place];
	if (layout === undefined) throw new Error('Expected a table');
	const {entryWords: words, countWords, extremeWords, rangeWords} = layout;
	const {
		stride = 0,
		countPlaces = [],
		extremePlaces = [],
		rangePlaces = [],
	} = rowShapeOf(layOutStates(declaration)).tables[place] ?? {};
	const {length, values, wide, scales} = table;
	const entries = new Uint32Array(words * length);
	const additions: {group: number; sum: number; value: {units: bigint; scale: number}}[] = [];
	const wideExtremes: {group: number; sum: number; extremes: Extremes}[] = [];
	const names: Buffer[] = [];
	let end = 0;
	const setCount = (at: number, value: number): void => entries.set([value, value / 2 ** 32], at);
	for (let group = 0; group < length; group++) {
		const at = group * words;
		const from = group * stride;
		const name = Buffer.from(joinKeyParts(allKeys[values[from + KEY] ?? -1] ?? []), 'latin1');
		names.push(name);
		end += name.length;
		entries[at + KEY_END_WORD] = end;
		setCount(at + RECORDS_WORD, values[from + RECORDS] ?? 0);
		for (const [sum, countWord] of countWords.entries()) {
			const unitsAt = from + FIRST_UNITS + sum;
			const value = {units: wide.get(unitsAt) ?? BigInt(values[unitsAt] ?? 0), scale: scales[sum] ?? 0};
			const fits = value.scale <= MOST_SCALE && writeWords(entries, at + FIRST_SUM_WORD + SUM_WORDS * sum, value.units);
			if (!fits) additions.push({group, sum, value});
			const count = values[from + (countPlaces[sum] ?? RECORDS)] ?? 0;
			if (countWord !== -1) setCount(at + countWord, count);
			const word = extremeWords[sum] ?? -1;
			if (word === -1 || count === 0) continue;
			const endAt = from + (extremePlaces[sum] ?? 0);
			const [low = 0, high = 0] = [endAt, endAt + 1].map(end => wide.get(end) ?? values[end]);
			const extremes = extremesAt(low, high, scales[sum] ?? 0);
			const narrow = (scales[sum] ?? 0) <= MOST_SCALE ? (scales[sum] ?? 0) : 0;
			if (!writeExtremes(entries, at + word, extremes, narrow)) wideExtremes.push({group, sum, extremes});
		}
		for (const [range, word] of rangeWords.entries()) {
			setCount(at + word, values[from + (rangePlaces[range] ?? 0)] ?? 0);
			setCount(at + word + 2, values[from + (rangePlaces[range] ?? 0) + 1] ?? 0);
		}
	}
	return {
		isGivenUp: table.groupCount === null,
		entries,
		keys: Buffer.concat(names),
		scales: table.scales.map(each => (each <= MOST_SCALE ? each : 0)),
		additions,
		wideExtremes,
		...(table.distinctKeys?.exact === false && {
			registers: estimates.get(table.distinctKeys.value) ?? new Uint8Array(0),
		}),
	};
}
