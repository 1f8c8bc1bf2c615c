// Partials: what records came to as bytes, the same for any cut, order and tree of merging.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {sales} from '../../source/analysis/builtin/sales.ts';
import {transactions} from '../../source/analysis/builtin/transactions.ts';
import {createDistinct, mergeDistinct} from '../../source/analysis/distinct.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {
	decodePartial,
	encodePartial,
	mergePartials,
	nameOfPartial,
	PartialError,
} from '../../source/analysis/partial/partial.ts';
import {readSet, writeSet} from '../../source/analysis/partial/set-bytes.ts';
import {sortTexts} from '../../source/analysis/partial/sort-texts.ts';
import {createState, stateInUtf8} from '../../source/analysis/state.ts';
import {defaultCaps, layOutStates} from '../../source/analysis/state-layout.ts';
import {VarintReader, VarintWriter} from '../../source/analysis/varints.ts';
import {forms, id, partialOf} from '../helpers/dense-ids.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {records, stateOf, tasks} from '../helpers/random-records.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const parts = fc.array(fc.array(records, {maxLength: 30}), {minLength: 1, maxLength: 5});
const encodings = fc.constantFrom('utf-8', 'windows-1252');

describe('for any declaration and records', () => {
	test('the bytes are those of one reader, for any cut, order and tree of merging', () => {
		fc.assert(
			fc.property(tasks, parts, encodings, (task, some, encoding) => {
				const layout = layOutStates(task.declaration, task.caps);
				const whole = hex(encodePartial(stateOf(task, some.flat(), encoding)));
				const partials = some.map(part => encodePartial(stateOf(task, part)));
				const merge = (one: Uint8Array, other: Uint8Array) => mergePartials(one, other, layout);
				const empty = encodePartial(createState(layout));
				// Parts of a file are merged as they are: which encoding it has, all of them say together.
				const merged = decodePartial(partials.reduce(merge, empty), layout);
				expect(hex(encodePartial(encoding === 'utf-8' ? merged : stateInUtf8(merged, 'windows-1252')))).toBe(whole);
				const forward = hex(partials.reduce(merge));
				expect(hex(partials.toReversed().reduce(merge, empty))).toBe(forward);
				const middle = Math.floor(partials.length / 2);
				const [left, right] = [partials.slice(0, middle), partials.slice(middle)];
				expect(hex(merge(right.reduce(merge, empty), left.reduce(merge, empty)))).toBe(forward);
			}),
			{numRuns: randomCases(120)},
		);
	});

	test('reading gives what was written: the same bytes, and the same result', () => {
		fc.assert(
			fc.property(tasks, fc.array(records, {maxLength: 60}), (task, all) => {
				const state = stateOf(task, all);
				const bytes = encodePartial(state);
				const read = decodePartial(bytes, state.layout);
				expect(hex(encodePartial(read))).toBe(hex(bytes));
				expect(JSON.stringify(finishState(read))).toBe(JSON.stringify(finishState(state)));
				const sent = encodePartial(state, 'between-threads');
				expect(hex(encodePartial(decodePartial(sent, state.layout, 'between-threads')))).toBe(hex(bytes));
				expect(() => decodePartial(sent, state.layout)).toThrow(
					'The partial is damaged: its check does not fit its bytes',
				);
				expect(nameOfPartial(bytes)).toBe(task.declaration.name);
			}),
			{numRuns: randomCases(120)},
		);
	});

	test('partials of other analyses, versions or caps are refused', () => {
		fc.assert(
			fc.property(tasks, fc.array(records, {maxLength: 5}), (task, all) => {
				const bytes = encodePartial(stateOf(task, all));
				const {declaration, caps} = task;
				const others = [
					layOutStates({...declaration, version: declaration.version + 1}, caps),
					layOutStates({...declaration, name: 'another'}, caps),
					layOutStates(declaration, {...caps, maxGroups: caps.maxGroups + 1}),
				];
				for (const layout of others) expect(() => decodePartial(bytes, layout)).toThrow(PartialError);
				const renamed = {...declaration, title: 'New title', views: []};
				expect(hex(encodePartial(decodePartial(bytes, layOutStates(renamed, caps))))).toBe(hex(bytes));
			}),
		);
	});

	test('bytes that are damaged in any way say so, and nothing else happens', () => {
		fc.assert(
			fc.property(
				tasks,
				fc.array(records, {maxLength: 20}),
				fc.nat(),
				fc.integer({min: 1, max: 255}),
				(task, all, at, change) => {
					const layout = layOutStates(task.declaration, task.caps);
					const bytes = encodePartial(stateOf(task, all));
					const place = at % bytes.length;
					expect(() => decodePartial(bytes.subarray(0, place), layout)).toThrow(PartialError);
					const changed = bytes.slice();
					changed[place] = (changed[place] ?? 0) ^ change;
					expect(() => decodePartial(changed, layout)).toThrow(PartialError);
					expect(() => decodePartial(Buffer.concat([bytes, Buffer.of(change)]), layout)).toThrow(PartialError);
					// Without the check, as between threads or where it was made to fit: then it is a partial, or none.
					const sent = encodePartial(stateOf(task, all), 'between-threads');
					const other = at % sent.length;
					sent[other] = (sent[other] ?? 0) ^ change;
					for (const unchecked of [changed, sent]) {
						try {
							encodePartial(decodePartial(unchecked, layout, 'between-threads'));
						} catch (error) {
							expect(error).toBeInstanceOf(PartialError);
						}
					}
				},
			),
			{numRuns: randomCases(300)},
		);
	});
});

test('garbage is no partial', () => {
	fc.assert(
		fc.property(fc.uint8Array({maxLength: 200}), garbage => {
			expect(() => decodePartial(garbage, layOutStates(sales))).toThrow('The bytes are not a partial');
		}),
	);
});

test('errors say what was expected', () => {
	const bytes = encodePartial(createState(layOutStates(sales)));
	expect(() => decodePartial(bytes, layOutStates(transactions))).toThrow(
		'Expected a partial of the analysis transactions, found one of sales',
	);
	const newer = bytes.slice();
	newer[4] = 2;
	expect(() => decodePartial(newer, layOutStates(sales))).toThrow(
		'The partial has version 2, and only version 1 can be read',
	);
	expect(() => decodePartial(bytes.subarray(0, -1), layOutStates(sales))).toThrow('The partial is damaged: ');
});

describe('sets', () => {
	const bytesOf = (set: ReturnType<typeof createDistinct>): string => {
		const writer = new VarintWriter();
		writeSet(writer, set);
		return hex(writer.take());
	};

	test('have the same bytes whether ids came as bits or as keys', () => {
		fc.assert(
			fc.property(
				fc.array(id, {maxLength: 200, size: 'max'}),
				fc.constantFrom(...forms),
				fc.constantFrom(...forms),
				(ids, form, other) => {
					const all = new Set(ids.filter(value => value !== ''));
					const expected = bytesOf(partialOf(all, null));
					expect(bytesOf(partialOf(all, form))).toBe(expected);
					const merged = createDistinct();
					const half = [...all].slice(all.size / 2);
					mergeDistinct(merged, partialOf(half, other));
					mergeDistinct(merged, partialOf(all, form));
					expect(bytesOf(merged)).toBe(expected);
					const read = readSet(new VarintReader(Buffer.from(expected, 'hex')), defaultCaps);
					expect(bytesOf(read)).toBe(expected);
					mergeDistinct(read, partialOf(half, form));
					expect(bytesOf(read)).toBe(expected);
				},
			),
			{numRuns: randomCases(200)},
		);
	});

	test('of ids that were counted up take a few bits an id, however they are written', () => {
		for (const pad of [0, 7]) {
			const ids = Array.from({length: 20_000}, (_, number) => `C${String(number).padStart(pad, '0')}`);
			expect(bytesOf(partialOf(ids, null)).length / 2).toBeLessThan(20_000 / 7);
		}
	});
});

test('texts are sorted by their bytes', () => {
	const text = fc.oneof(
		fc.string({unit: fc.constantFrom('\0', 'a', 'b', '\xff'), maxLength: 12}),
		fc.string({unit: fc.constantFrom('a', 'b'), maxLength: 4}).map(end => `what all have in front ${end}`),
	);
	fc.assert(
		fc.property(fc.uniqueArray(text, {maxLength: 120, size: 'max'}), texts => {
			const bytes = Buffer.from(texts.join(''), 'latin1');
			const starts = new Uint32Array(texts.length + 1);
			for (const [place, {length}] of texts.entries()) starts[place + 1] = (starts[place] ?? 0) + length;
			const sorted = Array.from(sortTexts({bytes, starts}), place => texts[place]);
			expect(sorted).toEqual(texts.toSorted((one, other) => (one < other ? -1 : 1)));
		}),
		{numRuns: randomCases(300)},
	);
});
