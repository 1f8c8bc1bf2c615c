// The analysis of lines against plain code, for any bytes in any pieces, and the laws of its partials.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {lines} from '../../source/analysis/builtin/lines.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {decodePartial, encodePartial, mergePartials, PartialError} from '../../source/analysis/partial/partial.ts';
import {seedOf} from '../../source/analysis/position-sample.ts';
import {LineFigures, type LineRecord, maskedBytesNeeded} from '../../source/analysis/reference/figures-of-lines.ts';
import {type AnalysisState, createState, stateInUtf8, stateOfFigures} from '../../source/analysis/state.ts';
import {type Caps, defaultCaps, layOutStates} from '../../source/analysis/state-layout.ts';

import {foldLinesWith} from '../../source/engine/worker/read/fold-lines.ts';
import {LineScanner} from '../../source/input/lines/line-scanner.ts';
import type {LinesResult} from '../../source/model/results.ts';
import {bytesInPieces} from '../helpers/fold-bytes.ts';
import {linesOracle, plainLines} from '../helpers/lines-oracle.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {readDefaults} from '../helpers/read-defaults.ts';
import {resultOf, takeState} from '../helpers/states.ts';

const foldLines = foldLinesWith(null);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const finishLines = (state: AnalysisState): LinesResult => finishState(state) as unknown as LinesResult;

const word = fc.constantFrom('a', 'ERROR', '[info]', '12', '7', 'x9y', '#', '\0', '\v', '\f', 'user', '10:00:00', '~');
const blank = fc.constantFrom(' ', '\t', '\r', '  ', '');
const end = fc.constantFrom('\n', '\r\n', '\n\n', '\r\r\n', ' \n');
const ascii = fc
	.array(fc.tuple(word, blank, fc.oneof({weight: 4, arbitrary: fc.constant('')}, {weight: 1, arbitrary: end})), {
		maxLength: 120,
	})
	.map(parts => parts.flat().join(''));
const anyText = fc.tuple(fc.constantFrom('', '\xef\xbb\xbf'), ascii).map(([mark, text]) => mark + text);
const pieces = fc.array(fc.integer({min: 1, max: 40}), {minLength: 1, maxLength: 4});

const settings = {...readDefaults, analysis: 'lines', chunkBytes: 50};

async function readLines(bytes: Uint8Array, sizes: readonly number[], chunkBytes = 50) {
	const source = bytesInPieces(bytes, sizes);
	const folded = await foldLines(source, {...settings, chunkBytes}, {report() {}, wait() {}});
	const named = takeState(folded);
	if (named === null) throw new Error('Expected a state');
	return {...folded, state: named.state, result: finishLines(named.state)};
}

test('the figures are those of plain code for any text, whatever the pieces', async () => {
	await fc.assert(
		fc.asyncProperty(anyText, pieces, async (text, sizes) => {
			const {result, rows} = await readLines(Buffer.from(text, 'latin1'), sizes);
			const {levels, ...others} = result;
			expect(others).toEqual(linesOracle(text));
			expect(rows).toBe(result.lines);
			expect(levels.every(({lines: count}) => count > 0)).toBe(true);
		}),
		{numRuns: randomCases(200)},
	);
});

test('lines and the characters in them may be cut anywhere: by the end of a large piece, too', async () => {
	const line = 'naïve 食品 😀 12 34 ';
	const text = `${`${line.repeat(300)}\n`.repeat(7)}${'x'.repeat(300_000)} ü`;
	const bytes = Buffer.from(text);
	const whole = await readLines(bytes, [1_000_000], 1_000_000);
	for (const size of [4093, 4097, 8191]) {
		const cut = await readLines(bytes, [size], size);
		expect(hex(encodePartial(cut.state))).toBe(hex(encodePartial(whole.state)));
		expect(cut.dialect.encoding).toBe('utf-8');
	}
	expect(whole.result.longest_line).toEqual({line: 8, bytes: 300_003});
	expect(whole.result.frequent[0]).toEqual({line: line.replace('12 34', '# #').repeat(300), count: 7, exact: true});
	// Names are cut in the report.
	expect(whole.result.frequent[1]).toEqual({line: `${'x'.repeat(65_536)}…`, count: 1, exact: true});
});

test('text that is not UTF-8 is read as Windows-1252, and gives the same result as it does in UTF-8', async () => {
	const text = 'müde 12\nmüde 13\n"schön" €\n';
	const encoded = Buffer.from(text.replaceAll('€', '\x80'), 'latin1');
	const {dialect, result} = await readLines(encoded, [5]);
	expect(dialect).toMatchObject({encoding: 'windows-1252', header: false, newline: '\n', delimiter: ''});
	expect(result.frequent).toEqual([
		{line: 'müde #', count: 2, exact: true},
		{line: '"schön" €', count: 1, exact: true},
	]);
	expect((await readLines(Buffer.from(text), [5])).result.frequent).toEqual(result.frequent);
});

test('a source without bytes has no lines and no longest one', async () => {
	const {result, dialect} = await readLines(new Uint8Array(0), [1]);
	expect(result).toEqual({
		lines: 0,
		blank_lines: 0,
		words: 0,
		bytes: 0,
		longest_line: null,
		levels: [],
		frequent: [],
	});
	expect(dialect.newline).toBe(null);
});

test('a look between pieces gives the lines that have ended, and changes nothing; waits come after every 100 lines', async () => {
	const text = Array.from({length: 1050}, (_, index) => `line ${'abcdefg'[index % 7]}\n`).join('');
	const seen: LinesResult[] = [];
	const waitedAt: number[] = [];
	let rowsSoFar = 0;
	const folded = await foldLines(
		bytesInPieces(Buffer.from(text), [97]),
		{...settings, simulateIoMs: 3},
		{
			report(bytesConsumed, rows, rejectedRows, look) {
				expect(rejectedRows).toBe(0);
				expect(rows).toBeGreaterThanOrEqual(rowsSoFar);
				rowsSoFar = rows;
				const result = resultOf(look?.().folded) as LinesResult;
				expect(result.lines).toBe(rows);
				expect(result.bytes).toBeLessThanOrEqual(bytesConsumed);
				seen.push(result);
			},
			wait: () => waitedAt.push(rowsSoFar),
		},
	);
	expect(waitedAt).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
	const state = takeState(folded)?.state ?? createState(layOutStates(lines));
	expect(seen.at(-1)).toEqual(finishLines(state));
	expect(seen[0]?.lines).toBeLessThan(1050);
	const unseen = await readLines(Buffer.from(text), [97]);
	expect(hex(encodePartial(state))).toBe(hex(encodePartial(unseen.state)));
});

test('a line that is too long to be kept is counted whole, and frequent lines become estimates', async () => {
	const text = `${'ab 1 '.repeat(500_000)}\n${'b\n'.repeat(3)}`;
	const {result} = await readLines(Buffer.from(text), [65_536], 65_536);
	expect(result).toMatchObject({lines: 4, words: 1_000_003, longest_line: {line: 1, bytes: 2_500_000}});
	expect(result.frequent.map(({count, exact}) => ({count, exact}))).toEqual([
		{count: 3, exact: false},
		{count: 1, exact: false},
	]);
	expect(result.frequent[1]?.line.length).toBe(4096);
});

test('foreign formats are refused as they are for records', async () => {
	await expect(readLines(Buffer.from('PK\x03\x04 and more', 'latin1'), [3])).rejects.toThrow('ZIP');
	await expect(readLines(Buffer.from(`${'file.txt'.padEnd(257, '\0')}ustar`, 'latin1'), [3])).rejects.toThrow('tar');
});

/** The lines of a source as the scanner gives them, each for itself. */
function scan(bytes: Buffer): LineRecord[] {
	const all: LineRecord[] = [];
	const scanner = new LineScanner(
		line => all.push({...line, masked: line.masked.slice()}),
		maskedBytesNeeded(layOutStates(lines)),
	);
	scanner.push(bytes);
	scanner.end();
	return all;
}

const caps = fc
	.record({
		maxValues: fc.integer({min: 1, max: 12}),
		maxBytes: fc.integer({min: 4, max: 120}),
		maxEntries: fc.integer({min: 1, max: 8}),
	})
	.map(
		({maxValues, maxBytes, maxEntries}): Caps => ({
			...defaultCaps,
			tops: {maxValues, maxBytes, sample: {maxEntries, maxBytes: 2 * maxBytes, maxTextBytes: 5}},
		}),
	);

describe('for any lines and caps', () => {
	/** Some sources, and of each the part of every line. */
	const sources = fc.array(fc.tuple(ascii, fc.array(fc.nat(3), {minLength: 1, maxLength: 9})), {
		minLength: 1,
		maxLength: 3,
	});

	test('the bytes are those of one reader, for any cut, order and tree of merging', () => {
		fc.assert(
			fc.property(caps, sources, fc.nat(), (someCaps, all, shift) => {
				const layout = layOutStates(lines, someCaps);
				const stateOf = (bytes: Buffer, records: readonly LineRecord[]): AnalysisState => {
					const figures = new LineFigures(layout, seedOf(bytes));
					for (const record of records) figures.add(record);
					return stateOfFigures(layout, figures.take(), 'utf-8');
				};
				const merge = (one: Uint8Array, other: Uint8Array) => mergePartials(one, other, layout);
				const empty = encodePartial(createState(layout));
				const wholes: Uint8Array[] = [];
				const parts: Uint8Array[] = [];
				for (const [text, places] of all) {
					const bytes = Buffer.from(text);
					const records = scan(bytes);
					wholes.push(encodePartial(stateOf(bytes, records)));
					for (const part of [0, 1, 2, 3]) {
						const own = records.filter((_, index) => places[index % places.length] === part);
						parts.push(encodePartial(stateOf(bytes, own.toReversed())));
					}
				}
				const expected = hex(wholes.reduce(merge, empty));
				const turned = [...parts.slice(shift % parts.length), ...parts.slice(0, shift % parts.length)];
				expect(hex(turned.reduce(merge, empty))).toBe(expected);
				const middle = Math.floor(turned.length / 2);
				expect(
					hex(merge(turned.slice(middle).reduce(merge, empty), turned.slice(0, middle).reduce(merge, empty))),
				).toBe(expected);
			}),
			{numRuns: randomCases(200)},
		);
	});

	test('reading gives what was written, in UTF-8 and transcoded', () => {
		fc.assert(
			fc.property(caps, fc.array(fc.constantFrom('ä', '€1', 'b', '\n', 'ERROR ', '\n')), (someCaps, some) => {
				const layout = layOutStates(lines, someCaps);
				const bytes = Buffer.from(some.join(''));
				const figures = new LineFigures(layout, seedOf(bytes));
				for (const record of scan(bytes)) figures.add(record);
				const state = stateInUtf8(stateOfFigures(layout, figures.take(), 'utf-8'), 'windows-1252');
				const partial = encodePartial(state);
				const read = decodePartial(partial, layout);
				expect(hex(encodePartial(read))).toBe(hex(partial));
				expect(finishLines(read)).toEqual(finishLines(state));
				for (let length = 0; length < partial.length; length++)
					expect(() => decodePartial(partial.subarray(0, length), layout)).toThrow(PartialError);
				expect(() => decodePartial(partial, layOutStates(lines, {...defaultCaps}))).toThrow(PartialError);
			}),
			{numRuns: randomCases(100)},
		);
	});

	test('what is counted is exact within the caps, and whatever is more than them is an estimate', () => {
		fc.assert(
			fc.property(caps, ascii, (someCaps, text) => {
				const layout = layOutStates(lines, someCaps);
				const bytes = Buffer.from(text);
				const figures = new LineFigures(layout, seedOf(bytes));
				for (const record of scan(bytes)) figures.add(record);
				const {frequent} = finishLines(stateOfFigures(layout, figures.take(), 'utf-8'));
				const masked = new Set(
					plainLines(text)
						.map(line => line.masked)
						.filter(line => line !== ''),
				);
				const size = [...masked].reduce((sum, line) => sum + line.length, 0);
				const {maxValues = 0, maxBytes = 0} = someCaps.tops ?? {};
				const isExact = masked.size <= maxValues && size <= maxBytes;
				expect(frequent.every(({exact}) => exact === isExact)).toBe(true);
				if (isExact) expect(frequent).toEqual(linesOracle(text).frequent);
			}),
		);
	});
});

test('estimates are near the counts, also of many sources that begin alike', async () => {
	const layout = layOutStates(lines);
	const merged = createState(layout);
	let partial = encodePartial(merged);
	const bytesOf = (source: number): Buffer => {
		const name = (index: number): string =>
			String.fromCharCode(97 + (index % 26), 97 + ((index / 26) % 26), 97 + ((index / 676) % 26), 97 + source);
		return Buffer.from(
			`# begins alike\n${Array.from({length: 3000}, (_, index) => (index % 5 === 0 ? 'common\n' : `rare ${name(index)}\n`)).join('')}`,
		);
	};
	for (let source = 0; source < 20; source++) {
		const {state} = await readLines(bytesOf(source), [10_000], 10_000);
		partial = mergePartials(partial, encodePartial(state), layout);
	}
	const {frequent} = finishLines(decodePartial(partial, layout));
	const [first] = frequent;
	expect(first).toMatchObject({line: 'common', exact: false});
	// Three times the standard error of a share of 0.2 in 4,096.
	expect(Math.abs((first?.count ?? 0) / 60_020 - 0.2)).toBeLessThan(3 * Math.sqrt((0.2 * 0.8) / 4096));
});
