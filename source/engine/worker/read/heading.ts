// What a reading knows of a source before its first record.
import type {Dialect} from '../../../input/dialect.ts';
import type {Header} from '../../../input/header.ts';
import type {TextEvidence} from '../../../input/text-evidence.ts';
import type {TableStructure} from '../../../model/report.ts';
import {allowSameRecords} from '../../shared/limits.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {areSameCandidates, type Candidates, type MatchedHeader} from './match-header.ts';

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

/** The bytes of the last heading: files that lie together mostly begin alike, and then nothing is looked at again. */
export interface KnownHeading extends Heading {
	readonly bytes: Buffer;
	readonly candidates: Candidates;
	readonly settings: ReadSettings;
}

export const headingBytes = ({dialect, header}: Pick<Heading, 'dialect' | 'header'>): number =>
	dialect.bomBytes + header.length;

/** Whether a heading says the same where it is read so; its bytes aside. */
export const saysTheSame = (known: KnownHeading, candidates: Candidates, settings: ReadSettings): boolean =>
	areSameCandidates(known.candidates, candidates) &&
	known.settings.where === settings.where &&
	known.settings.forced?.dialect.delimiter === settings.forced?.dialect.delimiter &&
	known.settings.forms === settings.forms &&
	allowSameRecords(known.settings.limits, settings.limits);
