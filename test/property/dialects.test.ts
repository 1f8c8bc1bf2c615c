// Tables are read as they were written, whatever the dialect: the dialect is found, and not one cell is misread.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {detectDialect} from '../../source/input/sniffing/detect-dialect.ts';
import {writtenTables} from '../helpers/written-tables.ts';

test('the dialect of a table is found, however it is written', () => {
	fc.assert(
		fc.property(writtenTables, ({bytes, dialect, names}) => {
			const detected = detectDialect(bytes, true);
			expect(detected.dialect).toEqual(dialect);
			expect(detected.names).toEqual(names);
		}),
		{numRuns: 500},
	);
});
