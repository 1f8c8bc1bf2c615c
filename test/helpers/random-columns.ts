// Random tables for column analyses: cells of all classes, and headers with names that stand several times.
import fc from 'fast-check';
import {profile} from '../../source/analysis/builtin/profile.ts';
import {quality} from '../../source/analysis/builtin/quality.ts';
import {isNull} from '../../source/analysis/columns/cell.ts';
import {type ColumnCaps, defaultColumnCaps, faultCapsOf} from '../../source/analysis/columns/column-caps.ts';
import {addCell, sampleCell} from '../../source/analysis/columns/column-state.ts';
import {createColumns, inOrder} from '../../source/analysis/columns/columns.ts';
import {hashPosition, seedOf} from '../../source/analysis/position-sample.ts';
import {addKey, createKeyCounts} from '../../source/analysis/quality/key-counts.ts';
import {keyOfCell} from '../../source/analysis/quality/record-key.ts';
import {addRagged, addRecord} from '../../source/analysis/quality/table-faults.ts';
import {type AnalysisState, createState} from '../../source/analysis/state.ts';
import {defaultCaps, findsFaults, layOutStates, type StateLayout} from '../../source/analysis/state-layout.ts';

const digits = (min: number, max: number): fc.Arbitrary<string> =>
	fc.string({unit: fc.constantFrom('0', '1', '2', '5', '9'), minLength: min, maxLength: max});
const sign = fc.constantFrom('', '', '', '-', '+');
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> => fc.tuple(...parts).map(all => all.join(''));

/** By what they are meant to be. One character per byte. */
export const cells = {
	empty: fc.constantFrom('', '', ' ', '\t '),
	null: fc.constantFrom('NA', 'N/A', 'null', 'NULL', 'None', 'nan', '-', '?', '#N/A'),
	boolean: fc.constantFrom('true', 'false', 'TRUE', 'False'),
	integer: joined(sign, digits(1, 4)),
	large: joined(sign, digits(14, 40)),
	decimal: joined(sign, digits(0, 3), fc.constant('.'), digits(0, 5)),
	float: joined(sign, digits(1, 3), fc.constantFrom('e', 'E'), sign, digits(1, 2)),
	date: fc
		.date({min: new Date('1890-01-01'), max: new Date('2090-12-31'), noInvalidDate: true})
		.map(date => date.toISOString().slice(0, 10)),
	timestamp: fc
		.tuple(
			fc.date({min: new Date('2020-01-01'), max: new Date('2020-01-04'), noInvalidDate: true}),
			fc.constantFrom('Z', '', '+02:00', '.5Z', '.50', '-1130'),
			fc.constantFrom('T', ' '),
		)
		.map(([date, end, between]) => date.toISOString().slice(0, 19).replace('T', between) + end),
	time: fc.constantFrom('10:00', '10:00:00', '23:59:59.5', '00:00'),
	text: fc.oneof(
		fc.string({unit: fc.constantFrom('a', 'b', ' ', '\xe4', '\x80', '\x93', ','), maxLength: 20}),
		fc.constantFrom('Abc', 'abc', 'ABC ', '31.12.2023', '12/31/2023', '31.13.2023', '1.234,5', '$9'),
		fc.constantFrom('24:00', '2023-02-29', '1e999', '1e-999', '1,5', '.', '+', '1.2.3', '--1'),
	),
} satisfies Record<string, fc.Arbitrary<string>>;

export type Kind = keyof typeof cells;
export const kinds = Object.keys(cells) as Kind[];

const anyCell = fc.oneof(...Object.values(cells));
/** Of one kind mostly. */
const columnOf = (kind: Kind): fc.Arbitrary<string> =>
	fc.oneof({weight: 8, arbitrary: cells[kind]}, {weight: 1, arbitrary: cells.empty}, {weight: 1, arbitrary: anyCell});

export interface RandomTable {
	/** One character per byte. */
	readonly header: readonly string[];
	readonly records: readonly (readonly string[])[];
}

const names = fc.constantFrom('a', 'b', 'c', 'n\xe4me', '');

export const tables: fc.Arbitrary<RandomTable> = fc
	.array(fc.tuple(names, fc.constantFrom(...kinds)), {minLength: 1, maxLength: 4})
	.chain(columns =>
		fc.record({
			header: fc.constant(columns.map(([name]) => name)),
			records: fc.array(fc.tuple(...columns.map(([, kind]) => columnOf(kind))), {maxLength: 60, size: 'max'}),
		}),
	);

export const tightCaps: ColumnCaps = {
	maxValues: 12,
	maxValueBytes: 90,
	sample: {maxEntries: 5, maxBytes: 40, maxTextBytes: 6},
	registerBits: 6,
	fullColumns: 2,
	fullRegisterColumns: 2,
	faults: {keys: {maxValues: 10, maxValueBytes: 60, maxSampled: 4}},
};

export const someCaps = fc.constantFrom(
	tightCaps,
	{...tightCaps, maxValues: 40, maxValueBytes: 1000},
	defaultColumnCaps,
);

/** Of an analysis that reads columns. */
export type ColumnAnalysis = 'profile' | 'quality';
export const layoutWith = (columns: ColumnCaps, name: ColumnAnalysis = 'profile'): StateLayout =>
	layOutStates(name === 'profile' ? profile : quality, {...defaultCaps, columns});

/** What some records of a source come to. @param first - Which of its records is the first of these, where they are not all of it. */
export function stateOfTable(
	{header, records}: RandomTable,
	layout: StateLayout,
	source = 0,
	first: number | null = null,
): AnalysisState {
	const {columns = defaultColumnCaps} = layout.caps;
	const state: AnalysisState = {
		...createState(layout),
		columns: createColumns(columns, findsFaults(layout.declaration), header),
	};
	const all = inOrder(state.columns);
	const {faults} = state.columns;
	if (faults !== null) faults.sources = first === null ? 1 : 0;
	const key = all[0]?.state.faults ?? null;
	if (key !== null) key.key = createKeyCounts(faultCapsOf(columns).keys);
	const before = first ?? 0;
	for (const [place, record] of records.entries()) {
		const hash = hashPosition(seedOf(Uint8Array.of(source)), before + place);
		const at = {byteOffset: before + place, line: before + place + 2};
		// Now and then a record is not as the header says.
		if (faults !== null && (before + place) % 7 === 5) {
			addRagged(faults, record[0] ?? '', at);
			continue;
		}
		state.records++;
		if (faults !== null) addRecord(faults, record, ',', at);
		for (const [index, cell] of record.entries()) {
			const column = all[index]?.state;
			if (column === undefined) continue;
			addCell(column, cell, 1, [at]);
			if (column.faults?.key && !isNull(cell)) addKey(column.faults.key, keyOfCell(cell), cell, at);
			sampleCell(column, hash, cell);
		}
	}
	return state;
}
