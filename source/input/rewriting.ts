// Which dialects readers read as they are, and what others are rewritten into.
import type {Dialect} from './dialect.ts';

/** What lines and cells mean, beside the dialect. */
export interface Rewriting {
	readonly dialect: Dialect;
	/** A cell that is it is empty; `null` where none is. One character per byte. */
	readonly nullText: string | null;
}

/** Whether readers read it as it is. */
export const isDirect = (dialect: Dialect): boolean =>
	dialect.delimiter.length === 1 &&
	dialect.escaping === 'doubled' &&
	dialect.comment === '' &&
	dialect.skipFooter === 0 &&
	!dialect.endsInDelimiter &&
	!dialect.isHeaderOpen &&
	dialect.unevenHeader === 'none';

/** The dialect of what is given out. */
export const rewrittenDialect = (dialect: Dialect): Dialect => ({
	...dialect,
	delimiter: dialect.delimiter.slice(0, 1),
	quote: dialect.quote === '' ? '"' : dialect.quote,
	escaping: 'doubled',
	comment: '',
	skipFooter: 0,
	endsInDelimiter: false,
	isHeaderOpen: false,
	unevenHeader: 'none',
});
