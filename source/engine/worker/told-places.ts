// What is told of a file, with places in the file where its readers have counted bytes of its text in UTF-8, and with what it was packed and
// encoded with, which they do not know.
import {EncodingError} from '../../input/encodings/encoding-error.ts';
import {InputError} from '../../input/input-error.ts';
import type {DialectReport} from '../../model/report.ts';
import type {PartSoFar} from '../shared/protocol.ts';
import type {Folded} from './read/fold.ts';
import {errorAt, foldedAt, partAt} from './read/told-at.ts';
import type {OpenSource} from './source/open-source.ts';
import type {TextSource} from './source/text-source.ts';

type Told = Omit<Folded, 'take'>;

const dialectOf = (
	dialect: DialectReport,
	{compression}: Pick<OpenSource, 'compression'>,
	{encoding, places}: TextSource,
): DialectReport => ({
	...dialect,
	...(dialect.problems !== undefined && {
		problems: dialect.problems.map(problem => ({
			...problem,
			byte_offset: places?.fileOffsetOf(problem.byte_offset) ?? problem.byte_offset,
		})),
	}),
	encoding: encoding ?? dialect.encoding,
	compression,
});

export function foldedInFile(folded: Told, source: OpenSource, text: TextSource): Told {
	const dialect = dialectOf(folded.dialect, source, text);
	const {places} = text;
	return {...(places === null ? folded : foldedAt(folded, places)), dialect};
}

export function partInFile(part: PartSoFar, source: OpenSource, text: TextSource): PartSoFar {
	const dialect = dialectOf(part.dialect, source, text);
	const {places} = text;
	return {...(places === null ? part : partAt(part, places)), dialect};
}

/** An error of the reading; what the source itself has failed with is in places of the file. */
export function errorInFile(error: unknown, {places, failure}: TextSource): unknown {
	if (!(error instanceof InputError) || error.at.byteOffset === null) return error;
	if (places === null || error === failure || error instanceof EncodingError) return error;
	return errorAt(error, places);
}
