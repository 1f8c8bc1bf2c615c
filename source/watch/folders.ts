// The folders of a watched folder, and where the files of a claim lie in them.
import {basename, join} from 'node:path';
import {pathBytes, pathText} from '../text/path-text.ts';

/** Paths as texts of `text/path-text.ts`. */
export interface WatchFolders {
	readonly root: string;
	/** Where files are dropped. */
	readonly unprocessed: string;
	/** Where they lie while they are worked on, as `<claim>__<name>`; in the next three the same name. */
	readonly underprocess: string;
	readonly processed: string;
	/** With `<claim>__<name>.reason.json` beside each. */
	readonly failed: string;
	/** `<claim>__<name>.json`, and what the steps have written. */
	readonly results: string;
	/** The state of the program: the ledger, the lock and some room for bad times. */
	readonly state: string;
	readonly ledger: string;
	readonly lock: string;
	readonly ballast: string;
	/** See `intake-file.ts`. */
	readonly intake: string;
	/** See `retry-requests.ts`. */
	readonly retries: string;
	/** What steps write before the claim is decided. */
	readonly work: string;
}

export function watchFolders(root: string): WatchFolders {
	const state = join(root, '.state');
	return {
		root,
		unprocessed: join(root, 'unprocessed'),
		underprocess: join(root, 'underprocess'),
		processed: join(root, 'processed'),
		failed: join(root, 'failed'),
		results: join(root, 'results'),
		state,
		ledger: join(state, 'ledger.db'),
		lock: join(state, 'lock'),
		ballast: join(state, 'ballast'),
		intake: join(state, 'intake.json'),
		retries: join(state, 'retries'),
		work: join(state, 'work'),
	};
}

/** What file systems take. */
const MAX_NAME_BYTES = 255;
/** Room for what outputs add to the name. */
const SUFFIX_BYTES = 28;

/**
The name of a claimed file, cut to what file systems take, with its ending kept.

@param name - As it was dropped; its folder is no part of the result.
*/
export function storedName(claim: string, name: string): string {
	const own = basename(name);
	const bytes = pathBytes(own);
	const room = MAX_NAME_BYTES - SUFFIX_BYTES - claim.length - 2;
	if (bytes.length <= room) return `${claim}__${own}`;
	const ending = endingOf(bytes);
	return `${claim}__${pathText(Buffer.concat([wholeCharacters(bytes.subarray(0, room - ending.length)), ending]))}`;
}

/** `.csv.gz` of `export.csv.gz`; what is no ending for anybody is not one here. */
function endingOf(name: Buffer): Buffer {
	const [ending = ''] = /(?:\.[A-Za-z0-9_-]{1,12}){1,3}$/.exec(name.toString('latin1')) ?? [];
	return Buffer.from(ending, 'latin1');
}

/** Without the first bytes of a character of UTF-8 at the end. */
function wholeCharacters(bytes: Buffer): Buffer {
	let end = bytes.length;
	while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
	const lead = bytes[end - 1] ?? 0;
	const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	return end > 0 && end - 1 + length <= bytes.length ? bytes : bytes.subarray(0, Math.max(0, end - 1));
}
