import type {Dialect} from '../../source/input/dialect.ts';
import {KnownDialect} from '../../source/input/known-dialect.ts';
import type {DialectSearch} from '../../source/input/record-reader.ts';

/** For a file whose dialect is known before it is read. */
export const knownDialect = (dialect: Dialect): DialectSearch => new KnownDialect(dialect);
