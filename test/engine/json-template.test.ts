import fc from 'fast-check';
import {expect, test} from 'vitest';
import {decodeRow, encodeRow, rowShapeOf} from '../../source/analysis/file-rows.ts';
import {finishState} from '../../source/analysis/finish.ts';
import {joinKeyParts} from '../../source/analysis/groups/key-parts.ts';
import {KeyNumbers} from '../../source/analysis/row-keys.ts';
import {layOutStates} from '../../source/analysis/state-layout.ts';
import {VarintReader, VarintWriter} from '../../source/analysis/varints.ts';
import {laidOutStyle, oneLineStyle} from '../../source/engine/results/json-style.ts';
import {JsonTemplate} from '../../source/engine/results/json-template.ts';
import {escapeActing} from '../../source/text/escape.ts';
import {layOutSafely, RESULT_INDENT} from '../../source/text/json-layout.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {declarationsWithFigures, stateOf} from '../helpers/random-declarations.ts';

test('the text that is written from a row is that of the result of the same figures', () => {
	fc.assert(
		fc.property(declarationsWithFigures, ({declaration, figures, keys}) => {
			const shape = rowShapeOf(layOutStates(declaration));
			const writer = new VarintWriter();
			encodeRow(writer, shape, figures);
			const row = decodeRow(new VarintReader(writer.take()), shape);
			const encodedKeys = keys.map(ofTable => {
				const numbers = new KeyNumbers();
				for (const key of ofTable) numbers.numberOf(joinKeyParts(key));
				return numbers.encode();
			});
			const result = finishState(stateOf(declaration, figures, keys));
			for (const [style, expected] of [
				[laidOutStyle, layOutSafely(result, RESULT_INDENT)],
				[oneLineStyle, escapeActing(JSON.stringify(result))],
			] as const) {
				const template = new JsonTemplate(declaration, style);
				const names = template.namesOf(encodedKeys);
				expect(template.write(row, names)).toBe(expected);
				// Names are laid out once.
				expect(template.write(row, names)).toBe(expected);
			}
		}),
		{numRuns: randomCases(300)},
	);
});
