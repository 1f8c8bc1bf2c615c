import {DialectFinder} from '../../../input/dialect-finder.ts';
import {KnownDialect} from '../../../input/known-dialect.ts';
import type {DialectSearch} from '../../../input/record-reader.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {candidatesOf, nameDecoderOf, rateNames} from './match-header.ts';

/** What says in which dialect a source is: its header, unless that is known. */
export function createDialectSearch(settings: ReadSettings): DialectSearch {
	if (settings.dialect !== undefined) return new KnownDialect(settings.dialect);
	const candidates = candidatesOf(settings);
	const delimiter = settings.forced?.dialect.delimiter;
	return new DialectFinder(rateNames(candidates), settings.limits, nameDecoderOf(candidates), delimiter);
}
