// What is told of a file, with places in the file where its readers have counted bytes of its text in UTF-8, and with what it was packed and
// encoded with, which they do not know.
import {EncodingError} from '../../input/encodings/encoding-error.ts';
import {InputError} from '../../input/input-error.ts';
import type {SourcePlaces} from '../../input/source-places.ts';
import type {DialectReport, ErrorReport, RejectReport} from '../../model/report.ts';
import type {AnalysisReading, PartSoFar, RangedReject} from '../shared/protocol.ts';
import type {Folded} from './read/fold.ts';
import type {OpenSource} from './source/open-source.ts';
import type {TextSource} from './source/text-source.ts';

type Told = Omit<Folded, 'take'>;

const dialectOf = (
	dialect: DialectReport,
	{compression}: Pick<OpenSource, 'compression'>,
	{encoding}: TextSource,
): DialectReport => ({...dialect, encoding: encoding ?? dialect.encoding, compression});

export function foldedInFile(folded: Told, source: OpenSource, text: TextSource): Told {
	const dialect = dialectOf(folded.dialect, source, text);
	const {places} = text;
	if (places === null) return {...folded, dialect};
	return {
		...folded,
		dialect,
		...mapAll(folded, reject => rejectInFile(reject, places), places),
		...structureInFile(folded, places),
	};
}

const rejectInFile = (reject: RejectReport, {fileOffsetOf}: SourcePlaces): RejectReport => ({
	...reject,
	byte_offset: fileOffsetOf(reject.byte_offset),
});

export function partInFile(part: PartSoFar, source: OpenSource, text: TextSource): PartSoFar {
	const dialect = dialectOf(part.dialect, source, text);
	const {places} = text;
	if (places === null) return {...part, dialect};
	return {
		...part,
		dialect,
		...mapAll(part, reject => rangedInFile(reject, places), places),
		...structureInFile(part, places),
	};
}

function structureInFile({structure}: Pick<Told, 'structure'>, places: SourcePlaces): Pick<Told, 'structure'> {
	if (structure === undefined) return {};
	const {header} = structure;
	return {
		structure: {
			...structure,
			header: header === null ? null : {...header, byte_offset: places.fileOffsetOf(header.byte_offset)},
		},
	};
}

function rangedInFile({range, reject}: RangedReject, {fileOffsetOf}: SourcePlaces): RangedReject {
	const {line, byteOffset} = reject.position;
	return {range, reject: {...reject, position: {line, byteOffset: fileOffsetOf(byteOffset)}}};
}

/** The rejects of a file, and those of each of several analyses. */
function mapAll<Reject>(
	{rejects, combined}: {readonly rejects: readonly Reject[]; readonly combined?: readonly AnalysisReading<Reject>[]},
	toFile: (reject: Reject) => Reject,
	places: SourcePlaces,
): {readonly rejects: readonly Reject[]; readonly combined?: readonly AnalysisReading<Reject>[]} {
	const all = combined?.map(reading => ({
		...reading,
		error: reading.error === null ? null : toldInFile(reading.error, places),
		rejects: reading.rejects.map(toFile),
	}));
	return {rejects: rejects.map(toFile), ...(all !== undefined && {combined: all})};
}

const toldInFile = (error: ErrorReport, {fileOffsetOf}: SourcePlaces): ErrorReport => ({
	...error,
	byte_offset: error.byte_offset === null ? null : fileOffsetOf(error.byte_offset),
});

/** An error of the reading; what the source itself has failed with is in places of the file. */
export function errorInFile(error: unknown, {places, failure}: TextSource): unknown {
	if (!(error instanceof InputError) || error.at.byteOffset === null) return error;
	if (places === null || error === failure || error instanceof EncodingError) return error;
	return error.movedTo({line: error.at.line, byteOffset: places.fileOffsetOf(error.at.byteOffset)});
}
