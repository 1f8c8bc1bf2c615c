// The files of a watched folder as a list for people: those that wait, those that are worked on, and the last ones that have ended.
import {basename, dirname, join} from 'node:path';
import type {Claim} from '../ledger/claims-reader.ts';
import type {WatchedFile, WatchedFileState} from '../model/watched-folder.ts';
import {displayPath} from '../text/path-text.ts';
import type {Inbox} from './inbox.ts';
import type {InboxFile, InspectedInbox} from './inspect-inbox.ts';
import {WAITING_LISTED} from './waiting-line.ts';

export interface FolderFiles {
	readonly inbox: InspectedInbox;
	readonly waitsFor: Inbox['waitsFor'];
	/** Files that wait and could not be moved, and why. */
	readonly blocked: ReadonlyMap<string, string>;
	/** Between their intent and their end. */
	readonly open: Iterable<Claim>;
	/** The last ones, in any order. */
	readonly ended: readonly Claim[];
}

export function listFolderFiles({inbox, waitsFor, blocked, open, ended}: FolderFiles): WatchedFile[] {
	const claims = [...open];
	const taken = new Set(claims.filter(({state}) => state === 'intended').map(({name}) => name));
	const waiting = inbox.waiting.filter(({name}) => !taken.has(name)).slice(0, WAITING_LISTED);
	return [
		...waiting.map(file => waitingFile(file, waitsFor(file.name), blocked.get(file.name))),
		...inbox.skipped.slice(0, WAITING_LISTED).map(skippedFile),
		...[...claims, ...ended].map(claimedFile),
	];
}

const NOT_CLAIMED = {
	...{claim: null, tag: null, step: null, attempts: 0, endedAt: null, rows: null, rejectedRows: null},
	isRetriable: false,
	note: null,
} as const;

function waitingFile(
	{name, bytes, changedAt}: InboxFile,
	waitsFor: ReturnType<Inbox['waitsFor']>,
	problem: string | undefined,
): WatchedFile {
	const marker = `${displayPath(basename(name))}.done`;
	const [code, message, note] =
		problem !== undefined
			? ['BLOCKED', `It cannot be taken: ${problem}. It is tried again now and then.`, `BLOCKED ${problem}`]
			: waitsFor === 'marker'
				? ['NO_MARKER', `It is taken when there is a file ${marker} beside it.`, `waits for ${marker}`]
				: [null, null, null];
	return {
		...NOT_CLAIMED,
		...{key: name, file: displayPath(name), bytes, cameAt: changedAt, code, message, note},
		state: waitsFor === 'rest' ? 'growing' : 'waiting',
		place: displayPath(join('unprocessed', name)),
	};
}

const skippedFile = ({file, bytes, reason, message}: InspectedInbox['skipped'][number]): WatchedFile => ({
	...NOT_CLAIMED,
	...{key: file, file, bytes, cameAt: null, message},
	state: 'skipped',
	code: reason,
	place: join('unprocessed', file),
});

export function claimedFile(claim: Claim): WatchedFile {
	const {id, name, tag, step, attempts, bytes, arrivedAt, decidedAt, rows, rejectedRows, code, duplicateOf} = claim;
	const isDuplicate = claim.status === 'duplicate';
	const first = displayPath(claim.duplicateOfName ?? duplicateOf ?? '');
	return {
		...{key: id, file: displayPath(name), claim: id, tag, step, attempts, bytes, rows, rejectedRows, code},
		...{state: stateOf(claim), cameAt: arrivedAt, endedAt: decidedAt},
		...(isDuplicate
			? {
					message: `Its content is that of ${first} (claim ${duplicateOf}), so it was not computed again.`,
					note: code === null ? `of ${first}` : `${code}, as ${first}`,
				}
			: {message: claim.message, note: null}),
		place: displayPath(placeOf(claim)),
		isRetriable: claim.state === 'finished' && claim.destination === 'failed',
	};
}

const stateOf = ({status}: Claim): WatchedFileState => status ?? 'processing';

function placeOf({state, destination, name, storedName}: Claim): string {
	if (state !== 'finished') return join('underprocess', basename(storedName));
	return join(destination ?? 'processed', dirname(name), basename(storedName));
}
