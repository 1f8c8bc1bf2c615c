// Programs of any analyses, and tables for them: columns of numbers, dates, times and texts, mostly regular, with everything odd sprinkled in.
// A seed gives the same everywhere.
import type {AnalysisProgram, KeyProgram, Lane, Program, SumProgram} from '../../source/analysis/program.ts';
import type {FieldSyntax} from '../../source/input/dialect.ts';
import {badAmounts, badDates, type Dice, edgeAmounts, oddDates, oddTexts, quotedTexts} from './large-tables.ts';
import {anyFilter} from './random-filters.ts';
import {anyFunctions, computedLanes} from './random-functions.ts';
import {badTimes, oddTimes, usualTime} from './random-times.ts';

type Kind = 'number' | 'date' | 'timestamp' | 'text';

interface Column {
	readonly kind: Kind;
	/** What stands in a cell that is as most are. */
	readonly usual: () => string;
	/** One in so many cells, 0 for none. */
	readonly oddness: number;
	readonly badness: number;
	readonly emptiness: number;
}

export interface ProgramTable extends FieldSyntax {
	readonly program: Program;
	readonly columnCount: number;
	/** One of the records, where there is one: see `repeatableHeader`. */
	readonly header?: Uint8Array;
	/** Each with its line end. */
	readonly records: readonly Buffer[];
}

const MANY = 2 ** 30;

/** @param isTame - Whether most tables have nothing that does not fit in 64 bits, UTF-8 and caps. */
export function programTable(dice: Dice, mostRecords: number, isTame = false): ProgramTable {
	const isPlain = isTame && !dice.isOneIn(6);
	const columns = Array.from({length: 1 + dice.roll(7)}, () => anyColumn(dice, isPlain));
	const program = {
		...anyProgram(
			dice,
			isPlain,
			columns.map(({kind}) => kind),
		),
		...(dice.isOneIn(2) && {filter: anyFilter(dice, columns.length, place => cellOf(dice, columnAt(columns, place)))}),
	};
	const delimiter = dice.pick([',', ',', ',', ';', '\t', '|', ':', ' ', '~', '^', '\x01']);
	const quote = dice.pick(['"', '"', '"', "'", ''] as const);
	const lineEnd = dice.pick(['\n', '\n', '\r\n', '\r']);
	const [quoting, straying, raggedness] = [
		dice.pick([0, 0, 1, 2, 50]),
		dice.pick([0, 0, 0, 50]),
		dice.pick([0, 0, 30, 400]),
	];
	const nuls = dice.pick([0, 0, 0, 100]);
	const records = Array.from({length: 1 + dice.roll(mostRecords)}, () => {
		if (dice.isOneIn(nuls)) return Buffer.from(columns.map(() => dice.pick(['', '1', '\0'])).join(delimiter) + lineEnd);
		if (raggedness > 0 && dice.isOneIn(raggedness))
			return Buffer.from(dice.pick(['', 'x', `1${delimiter}`.repeat(9)]) + lineEnd);
		const cells = columns
			.map(column => cellOf(dice, column))
			.map(text => {
				const needsQuotes = quote !== '' && (text.includes(delimiter) || text.includes(quote) || /[\r\n]/.test(text));
				if (!needsQuotes && !dice.isOneIn(quoting)) return text;
				return `${quote}${text.replaceAll(quote, quote + quote)}${quote}${dice.isOneIn(straying) ? 'x' : ''}`;
			});
		return Buffer.from(cells.join(delimiter) + lineEnd, 'latin1');
	});
	const mayRepeat = columns.length > 1 && dice.isOneIn(3);
	const header = mayRepeat && dice.pick(records).subarray(0, -lineEnd.length);
	return {program, columnCount: columns.length, delimiter, quote, records, ...(header && {header})};
}

function columnAt(columns: readonly Column[], place: number): Column {
	const column = columns[place];
	if (column === undefined) throw new Error('Expected a column');
	return column;
}

function anyColumn(dice: Dice, isPlain: boolean): Column {
	const kind = dice.pick<Kind>(['number', 'number', 'date', 'timestamp', 'text', 'text']);
	const chances = [0, 0, 3, 20, 300];
	const [oddness, badness, emptiness] = [dice.pick(chances), dice.pick(chances), dice.pick([...chances, 3])];
	// Bad texts are odd ones.
	const isSafe = isPlain && kind !== 'date' && kind !== 'timestamp';
	return {
		...{kind, usual: usualCell(dice, kind, isPlain), emptiness},
		oddness: isSafe ? 0 : oddness,
		badness: isSafe && kind === 'text' ? 0 : badness,
	};
}

function usualCell(dice: Dice, kind: Kind, isPlain: boolean): () => string {
	if (kind === 'number') {
		const decimals = Array.from({length: dice.pick([1, 1, 4])}, () =>
			dice.roll(dice.pick(isPlain ? [3, 3, 7] : [3, 3, 7, 21])),
		);
		const whole = dice.pick(isPlain ? [1, 3, 3, 5] : [1, 3, 3, 5, 9, 17]);
		const mayBeNegative = dice.isOneIn(2);
		return () => {
			const scale = dice.pick(decimals);
			const digits = dice.digits(1 + dice.roll(whole));
			return (mayBeNegative && dice.isOneIn(3) ? '-' : '') + digits + (scale === 0 ? '' : `.${dice.digits(scale)}`);
		};
	}
	if (kind === 'timestamp') return usualTime(dice);
	if (kind === 'date') {
		const [years, first] = [dice.pick([1, 3, 80]), 1900 + dice.roll(120)];
		const two = (number: number): string => String(number).padStart(2, '0');
		const behind = dice.pick(['', '', '', 'T10:00']);
		return () => `${first + dice.roll(years)}-${two(1 + dice.roll(12))}-${two(1 + dice.roll(28))}${behind}`;
	}
	const different = dice.pick([1, 4, 16, 500, 9000]);
	const rest = 'r'.repeat(dice.pick([0, 0, 5, 9, 40, 900]));
	const width = dice.pick([1, 6]);
	return () => `c${String(dice.roll(different)).padStart(width, '0')}${rest}`;
}

const odd = {number: edgeAmounts, date: oddDates, timestamp: oddTimes, text: [...oddTexts, ...quotedTexts]};
const bad = {number: badAmounts, date: badDates, timestamp: badTimes, text: oddTexts};

function cellOf(dice: Dice, {kind, usual, oddness, badness, emptiness}: Column): string {
	if (dice.isOneIn(emptiness)) return '';
	if (dice.isOneIn(oddness)) return dice.pick(odd[kind]);
	return dice.isOneIn(badness) ? dice.pick(bad[kind]) : usual();
}

function anyProgram(dice: Dice, isPlain: boolean, kinds: readonly Kind[]): Program {
	const lanes: Lane[] = [{kind: 'absent'}];
	for (const [column, kind] of kinds.entries()) {
		if (kind === 'text') lanes.push({kind, column, isOptional: dice.isOneIn(2)});
		else for (const isOptional of dice.pick([[false], [true], [false, true]])) lanes.push({kind, column, isOptional});
		// The same cells may be read as days by another analysis.
		if (kind === 'timestamp' && dice.isOneIn(3)) lanes.push({kind: 'date', column, isOptional: dice.isOneIn(2)});
	}
	const places = (test: (lane: Lane) => boolean): number[] =>
		lanes.flatMap((lane, place) => (test(lane) ? [place] : []));
	const numbers = places(({kind}) => kind === 'number');
	for (let products = numbers.length === 0 ? 0 : dice.roll(3); products > 0; products--) {
		const factors = [dice.pick([...numbers, 0]), dice.pick(numbers)] as const;
		const isOptional = factors.some(factor => isOptionalLane(lanes[factor]));
		lanes.push({kind: 'product', factors, isOptional});
	}
	const optional = numbers.filter(place => isOptionalLane(lanes[place]));
	for (let differences = optional.length < 2 ? 0 : dice.roll(3); differences > 0; differences--)
		lanes.push({
			kind: 'difference',
			parts: [dice.pick(optional), dice.pick(optional)],
			isOptional: false,
		});
	const analyses = Array.from({length: dice.pick([1, 1, 2, 3])}, (_, analysis) => {
		const hasFunctions = dice.isOneIn(3);
		const own = hasFunctions ? computedLanes(dice, analysis).map(lane => lanes.push(lane) - 1) : [];
		const made = anyAnalysis(dice, isPlain, lanes, own);
		return hasFunctions ? {...made, functions: anyFunctions(dice, lanes, own)} : made;
	});
	return {lanes, analyses};
}

const isOptionalLane = (lane: Lane | undefined): boolean =>
	lane === undefined || !('isOptional' in lane) || lane.isOptional;

/** @param own - The places of what functions compute for it. */
function anyAnalysis(dice: Dice, isPlain: boolean, lanes: readonly Lane[], own: readonly number[]): AnalysisProgram {
	const required = new Set<number>();
	/** A lane of a kind; what is not optional is needed then. */
	const laneOf = (...kinds: readonly Lane['kind'][]): number => {
		const place = dice.pick(
			lanes.flatMap((lane, place) => {
				if (lane.kind === 'computed') return own.includes(place) && kinds.includes(lane.is) ? [place, place] : [];
				return kinds.includes(lane.kind) || lane.kind === 'absent' ? [place] : [];
			}),
		);
		const lane = lanes[place];
		const parts = lane?.kind === 'product' ? [...lane.factors] : [];
		for (const part of [place, ...parts]) {
			const kind = lanes[part]?.kind;
			if (!isOptionalLane(lanes[part]) && kind !== 'text') required.add(part);
		}
		return place;
	};
	const sumOf = (): SumProgram => {
		const lane = laneOf('number', 'product', 'difference');
		return {lane, isCounted: isOptionalLane(lanes[lane]), hasExtremes: dice.isOneIn(2)};
	};
	const keyOf = (): KeyProgram => {
		if (dice.isOneIn(2)) return {lane: laneOf('text'), part: 'text'};
		const part = dice.pick(['year', 'month', 'day', 'weekday', 'hour'] as const);
		return {lane: part === 'hour' ? laneOf('timestamp') : laneOf('date', 'timestamp'), part};
	};
	const several = <Item>(most: number, make: () => Item): Item[] => Array.from({length: dice.roll(most + 1)}, make);
	const made = {
		sums: several(3, sumOf),
		ranges: several(2, () => laneOf('date', 'timestamp')),
		sets: several(2, () => ({
			lane: laneOf('text'),
			maxValues: dice.pick(isPlain ? [MANY] : [MANY, MANY, 3, 700]),
			maxValueBytes: MANY,
		})),
		tables: several(3, () => ({
			keys: Array.from({length: dice.pick([1, 1, 2])}, keyOf),
			sums: several(3, sumOf),
			ranges: several(2, () => laneOf('date', 'timestamp')),
			maxGroups: dice.pick(isPlain ? [MANY] : [MANY, MANY, MANY, 2, 100]),
			maxKeyBytes: MANY,
		})),
	};
	return {
		name: 'any',
		digest: '',
		countsLines: dice.isOneIn(2),
		required: [...required].sort((one, other) => one - other),
		...made,
	};
}
