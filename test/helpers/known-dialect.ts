import {noBlankLines} from '../../source/csv/blank-lines.ts';
import type {Dialect} from '../../source/csv/dialect.ts';
import type {DialectSearch} from '../../source/csv/record-reader.ts';

/** For a file whose dialect is known before it is read. */
export function knownDialect(dialect: Dialect): DialectSearch {
	let passed = false;
	return {
		look(bytes, isAll) {
			if (passed || (bytes.length < dialect.bomBytes && !isAll)) return 0;
			passed = true;
			return Math.min(bytes.length, dialect.bomBytes);
		},
		get dialect() {
			return passed ? dialect : null;
		},
		blank: noBlankLines,
	};
}
