// Reads a source in a dialect that readers do not know, by having it rewritten. What is told of it is told of the source as it is.
import type {ByteSource} from '../../../input/byte-source.ts';
import type {Dialect} from '../../../input/dialect.ts';
import {InputError} from '../../../input/input-error.ts';
import {type Rewriting, rewrittenDialect} from '../../../input/rewriting.ts';
import {RewrittenSource} from '../../../input/rewritten-source.ts';
import type {SourcePlaces} from '../../../input/source-places.ts';
import type {DialectReport} from '../../../model/report.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import type {Fold, Folded, FoldPulse} from './fold.ts';
import {reportDialect} from './report-dialect.ts';
import {errorAt, foldedAt, partAt} from './told-at.ts';

export async function foldRewritten(
	fold: Fold,
	source: ByteSource,
	settings: ReadSettings,
	rewriting: Rewriting,
	pulse: FoldPulse,
): Promise<Folded> {
	const {dialect} = rewriting;
	const rewritten = new RewrittenSource(source, rewriting);
	const {places} = rewritten;
	const inner: FoldPulse = {
		...pulse,
		report(bytesConsumed, rows, rejectedRows, look) {
			const lookAt =
				look === undefined
					? undefined
					: () => {
							const part = partAt(look(), places);
							return {...part, dialect: dialectOf(part.dialect, dialect)};
						};
			pulse.report(places.fileOffsetOf(bytesConsumed), rows, rejectedRows, lookAt);
		},
		places: () => chain(places, pulse.places?.() ?? null),
		inUtf8: async () => undefined,
	};
	try {
		const folded = await fold(rewritten, {...settings, dialect: rewrittenDialect(dialect)}, inner);
		const told = foldedAt(folded, places);
		return {...told, take: folded.take, dialect: dialectOf(told.dialect, dialect)};
	} catch (error) {
		throw error instanceof InputError ? errorAt(error, places) : error;
	}
}

const dialectOf = (
	{encoding, newline, header, encoding_assumed: assumed}: DialectReport,
	dialect: Dialect,
): DialectReport => ({
	...reportDialect(dialect, encoding, newline, header),
	...(assumed !== undefined && {encoding_assumed: assumed}),
});

/** Places of what was rewritten, in the file. */
function chain(own: SourcePlaces, inner: SourcePlaces | null): SourcePlaces {
	if (inner === null) return own;
	return {
		fileOffsetOf: place => inner.fileOffsetOf(own.fileOffsetOf(place)),
		keep(place) {
			own.keep(place);
			inner.keep(own.fileOffsetOf(place));
		},
		settle(place) {
			inner.settle(own.fileOffsetOf(place));
			own.settle(place);
		},
	};
}
