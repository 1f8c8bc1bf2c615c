import {noBlankLines} from '../../source/input/blank-lines.ts';
import type {Dialect} from '../../source/input/dialect.ts';
import type {DialectSearch} from '../../source/input/record-reader.ts';

/** For a file whose dialect is known before it is read. */
export function knownDialect(dialect: Dialect): DialectSearch {
	let passed = false;
	return {
		scan(bytes, isAll) {
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
