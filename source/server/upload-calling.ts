// What a request that concerns an upload in pieces is, and what becomes of one.
import type {Readable} from 'node:stream';
import type {ServerChange} from '../ledger/server-ledger.ts';
import type {User} from './accounts.ts';
import type {InboxDrops} from './served-inbox.ts';

/** Of a request. */
export interface Calling {
	readonly user: User;
	readonly checksum: {readonly algorithm: string; readonly expected: string} | null;
	/** Its body. `@tus/server` would take it through streams of the web, which cost twice as much as all else. */
	readonly bytes: Readable;
	/** How many they are, as it says itself; 0: it does not. */
	readonly announcedBytes: number;
	/** Whether it only asks how far the upload is. */
	readonly isReader: boolean;
	/** Whether it begins an upload and has bytes of it, too. */
	readonly beginsWithBytes: boolean;
	/** What is written in the transaction in which an upload is begun. */
	readonly remember: (id: string) => readonly ServerChange[];
	/** What went wrong; `@tus/server` itself knows a number of a status and a text. */
	failure: Error | null;
}

/** The watched folder that is served beside. */
export interface InboxDoor {
	readonly drops: InboxDrops;
	/** @throws {Problem} */
	readonly assertHarmless: (path: string) => Promise<void>;
}

export interface FinishedUpload {
	/** `null`: it is a file of the inbox, and none of the account's. */
	readonly fileId: string | null;
}
