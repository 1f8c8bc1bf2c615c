// Results of small files with columns are kept packed: whatever is read of them, in any order, is what their states say.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {finishState} from '../../source/analysis/finish.ts';
import {layoutOf} from '../../source/analysis/registry.ts';
import {unpackOutcomes} from '../../source/engine/shared/packed-outcomes.ts';
import {PACKED_TOGETHER_BYTES} from '../../source/engine/shared/packed-rows.ts';
import {withResults} from '../../source/engine/small-files/group-outcomes.ts';
import {BufferedFiles} from '../../source/engine/worker/small/buffered-files.ts';
import type {DialectReport} from '../../source/model/report.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {stateOfTable, tables} from '../helpers/random-columns.ts';

const dialect: DialectReport = {
	delimiter: ',',
	quote: '"',
	encoding: 'utf-8',
	newline: '\n',
	header: true,
	compression: null,
};

test('each file has the result of its state, among so many files that they are packed apart', () => {
	const layout = layoutOf('profile');
	fc.assert(
		fc.property(fc.array(tables, {minLength: 1, maxLength: 5}), fc.nat(), (few, shift) => {
			// States are taken over, so each file has its own.
			const all = Array.from({length: 150}, (_, file) => few[file % few.length] ?? {header: [], records: []});
			const expected = few.map(table => JSON.stringify(finishState(stateOfTable(table, layout))));
			const buffered = new BufferedFiles();
			for (const table of all) {
				buffered.addFolded(
					{
						...{rows: table.records.length, rejectedRows: 0, rejects: [], dialect, bytesRead: 1, identity: null},
						folded: [{analysis: 'profile', state: stateOfTable(table, layout)}],
					},
					1,
				);
			}
			const {outcomes, rows} = buffered.take(true);
			const length = rows.reduce((sum, {rowBytes}) => sum + rowBytes, 0);
			expect(rows.length).toBeGreaterThanOrEqual(Math.floor(length / (2 * PACKED_TOGETHER_BYTES)));
			expect(rows.reduce((sum, {bytes}) => sum + bytes.length, 0)).toBeLessThan(Math.max(2000, length / 4));
			const results = withResults(unpackOutcomes(outcomes), rows);
			for (const file of all.keys()) {
				const place = (file * 7 + shift) % all.length;
				const outcome = results.at(place);
				if (outcome?.type !== 'summed' || outcome.row === null) throw new Error('Expected figures of each file');
				expect(outcome.row.onOneLine()).toBe(expected[place % few.length]);
			}
		}),
		{numRuns: randomCases(20)},
	);
});
