import {DialectFinder} from '../../../input/dialect-finder.ts';
import {KnownDialect} from '../../../input/known-dialect.ts';
import type {DialectSearch} from '../../../input/record-reader.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {candidatesOf, rateNames} from './match-header.ts';

/** What says in which dialect a source is: its header, unless that is known. */
export const createDialectSearch = (settings: ReadSettings): DialectSearch =>
	settings.dialect === undefined
		? new DialectFinder(rateNames(candidatesOf(settings)), settings.limits)
		: new KnownDialect(settings.dialect);
