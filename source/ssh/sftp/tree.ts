// What a client of SFTP sees and may do. Where it comes from is nobody's business here: there need be no folder on any disk.
import type {SftpListing} from './listing.ts';

/** Below the root, without anything that leads out of it. */
export type SftpPath = readonly string[];

export interface SftpEntry {
	readonly name: string;
	readonly isFolder: boolean;
	/** `null`: not known before it is opened. */
	readonly bytes: number | null;
	/** In milliseconds since 1970. */
	readonly changedAt: number;
	/** Whether something may be put into it. */
	readonly mayWrite: boolean;
}

/** A file that goes out. */
export interface SftpSource {
	readonly entry: SftpEntry;
	/** @returns Less than was asked for only at the end; `null`: behind it. Called for one part after the other. */
	readonly read: (offset: number, length: number) => Promise<Buffer | null>;
	readonly close: () => void;
}

/** A file that comes in, from its beginning to its end. */
export interface SftpTarget {
	/** Resolves when more may follow. */
	readonly write: (bytes: Buffer) => Promise<void>;
	/** It is whole. Resolves when it has been taken. */
	readonly finish: () => Promise<void>;
	/** It is not whole, and nothing of it is to be left. */
	readonly abort: () => void;
}

/** All of it throws `SftpRefusal` where it is not possible. */
export interface SftpTree {
	readonly stat: (path: SftpPath) => Promise<SftpEntry>;
	readonly list: (path: SftpPath) => Promise<SftpListing>;
	readonly openToRead: (path: SftpPath) => Promise<SftpSource>;
	readonly openToWrite: (path: SftpPath) => Promise<SftpTarget>;
	readonly makeFolder: (path: SftpPath) => Promise<void>;
	/** Nothing is asked any more. Resolves when what has come whole has been taken. */
	readonly close: () => Promise<void>;
}

export type RefusalCode = 'NO_SUCH_FILE' | 'PERMISSION_DENIED' | 'FAILURE';

/** The message is a sentence for the person. */
export class SftpRefusal extends Error {
	override readonly name = 'SftpRefusal';
	readonly code: RefusalCode;
	/** Whether the person must be told more than clients make of the code. */
	readonly isToTell: boolean;

	constructor(code: RefusalCode, message: string, isToTell = true) {
		super(message);
		this.code = code;
		this.isToTell = isToTell;
	}
}

export const noSuchFile = (): SftpRefusal => new SftpRefusal('NO_SUCH_FILE', 'There is no such file.', false);
