// What a reading knows of a source before its first record.
import type {FirstCells} from '../../../analysis/first-cells.ts';
import type {Dialect} from '../../../input/dialect.ts';
import type {DialectFinder} from '../../../input/dialect-finder.ts';
import type {Header} from '../../../input/header.ts';
import type {TextEvidence} from '../../../input/text-evidence.ts';
import type {TableStructure} from '../../../model/report.ts';
import {allowSameRecords} from '../../shared/limits.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {findFirstCells} from './find-structure.ts';
import {LONG_HEADER_BYTES} from './look-bytes.ts';
import {areSameCandidates, type Candidates, type MatchedHeader, noCells} from './match-header.ts';

/** What the beginning of a source says of the rest. */
export interface Heading {
	readonly dialect: Dialect;
	readonly header: Header;
	/** `null` where the source has no record at all. */
	readonly columns: MatchedHeader | null;
	/** Of the header. */
	readonly textEvidence: TextEvidence;
	/** There where it was asked for; its texts are one character per byte. */
	readonly structure?: TableStructure;
}

export const headingBytes = ({dialect, header}: Pick<Heading, 'dialect' | 'header'>): number =>
	dialect.bomBytes + header.length;

interface RememberedHeading extends Heading {
	readonly candidates: Candidates;
	readonly settings: ReadSettings;
	/** What the first cells had to say. */
	readonly cells: FirstCells;
}

/** The last heading and its bytes: files that lie together mostly begin alike, and then nothing is looked at again. */
let known: {readonly heading: RememberedHeading; readonly bytes: Buffer} | null = null;

/** A heading that begins with its names and surely ends with its line says the same wherever it stands. */
export function rememberHeading(heading: RememberedHeading, bytes: Uint8Array, {bytesNeeded}: DialectFinder): void {
	const {position, nextLine, length} = heading.header;
	const isAlone = position.line === 1 && nextLine === 2 && bytesNeeded <= length && length <= LONG_HEADER_BYTES;
	if (isAlone && bytes.at(-1) === LF) known = {heading, bytes: Buffer.from(bytes)};
}

/**
The same heading, if a source begins with its bytes.

@param found - What is there of the source.
@param isAll - Whether there is no more.
*/
export function recallHeading(
	found: Uint8Array,
	isAll: boolean,
	candidates: Candidates,
	settings: ReadSettings,
): Heading | null {
	if (known === null || settings.dialect !== undefined || !saysTheSame(known.heading, candidates, settings))
		return null;
	const {heading, bytes} = known;
	if (found.length < bytes.length || bytes.compare(found, 0, bytes.length) !== 0) return null;
	if (heading.cells === noCells) return heading;
	const cells = findFirstCells(heading, found.subarray(bytes.length), isAll, settings.limits);
	return cells !== null && heading.cells.areLike(cells) ? heading : null;
}

/** Whether a heading says the same where it is read so; its bytes aside. */
const saysTheSame = (one: RememberedHeading, candidates: Candidates, settings: ReadSettings): boolean =>
	areSameCandidates(one.candidates, candidates) &&
	one.settings.where === settings.where &&
	one.settings.forced?.dialect.delimiter === settings.forced?.dialect.delimiter &&
	one.settings.forms === settings.forms &&
	allowSameRecords(one.settings.limits, settings.limits);

const LF = 0x0a;
