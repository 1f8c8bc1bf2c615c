import type {ByteSource} from '../../input/byte-source.ts';
import {identityOf} from './file-state.ts';
import type {SourceLocation} from './protocol.ts';
import type {RegularFile} from './regular-file.ts';

/** An archive that is open: of a file of this machine its bytes are there at once, of an object on another one when they have come. */
export interface ArchiveBytes {
	readonly size: number;
	/** See `MemberPlace`. */
	readonly identity: string;
	/** The bytes from a place on, or fewer where there are fewer. */
	readonly readBytes: (start: number, end: number) => Buffer | Promise<Buffer>;
	/** All of them, from the first to the last. */
	readonly whole: ByteSource;
}

/** An archive that is open, and where it lies. */
export interface ArchiveToList extends ArchiveBytes {
	readonly location: SourceLocation;
	/** What its ending is looked for in. */
	readonly name: string;
	readonly bytesRead: () => number;
	readonly assertUnchanged: () => void;
	readonly close: () => void;
}

export const bytesOfFile = (file: RegularFile): ArchiveBytes => ({
	size: file.stats.size,
	identity: identityOf(file.stats),
	readBytes: (start, end) => file.readBytes(start, end),
	whole: file,
});
