// What a reader has told in places of its source -> the same in places of what is behind the source.
import type {InputError} from '../../../input/input-error.ts';
import type {SourcePlaces} from '../../../input/source-places.ts';
import type {DialectReport, ErrorReport, RejectReport} from '../../../model/report.ts';
import type {AnalysisReading, PartSoFar, RangedReject} from '../../shared/protocol.ts';
import type {Folded} from './fold.ts';

type Told = Omit<Folded, 'take'>;

export const foldedAt = <Folded extends Told>(folded: Folded, places: SourcePlaces): Folded => ({
	...folded,
	...mapAll(folded, reject => rejectInFile(reject, places), places),
	...structureInFile(folded, places),
	dialect: dialectInFile(folded.dialect, places),
});

const rejectInFile = (reject: RejectReport, {fileOffsetOf}: SourcePlaces): RejectReport => ({
	...reject,
	byte_offset: fileOffsetOf(reject.byte_offset),
});

export const partAt = (part: PartSoFar, places: SourcePlaces): PartSoFar => ({
	...part,
	...mapAll(part, reject => rangedInFile(reject, places), places),
	...structureInFile(part, places),
	dialect: dialectInFile(part.dialect, places),
	textEvidence: evidenceInFile(part.textEvidence, places),
});

function dialectInFile(dialect: DialectReport, {fileOffsetOf}: SourcePlaces): DialectReport {
	const {encoding_assumed: assumed} = dialect;
	if (assumed === undefined) return dialect;
	return {...dialect, encoding_assumed: {...assumed, byte_offset: fileOffsetOf(assumed.byte_offset)}};
}

function evidenceInFile(
	{notUtf8, hasUtf8}: PartSoFar['textEvidence'],
	{fileOffsetOf}: SourcePlaces,
): PartSoFar['textEvidence'] {
	if (notUtf8 === null) return {notUtf8, hasUtf8};
	const {range, position} = notUtf8;
	return {notUtf8: {range, position: {...position, byteOffset: fileOffsetOf(position.byteOffset)}}, hasUtf8};
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

export const errorAt = (error: InputError, {fileOffsetOf}: SourcePlaces): InputError =>
	error.at.byteOffset === null || isBeforeText(error)
		? error
		: error.movedTo({line: error.at.line, byteOffset: fileOffsetOf(error.at.byteOffset)});

/** Its place is one of the data before any text is made of it: packed, or of the archive, or unpacked so far. */
const isBeforeText = ({code}: InputError): boolean => code.startsWith('CORRUPT_') || code === 'SUSPECTED_BOMB';
