// How the folder is doing, for the process that watches it: counted as claims change, so that it may be asked for every second.

import type {ClaimChange} from '../ledger/claims-protocol.ts';
import type {Claim, ClaimsReader} from '../ledger/claims-reader.ts';
import {openClaims} from '../ledger/claims-reader.ts';
import {nameProcess} from '../ledger/process-name.ts';
import type {WatchStatus} from '../model/watch-status.ts';
import type {WatchedFile} from '../model/watched-folder.ts';
import {type DiskRoom, readDiskRoom} from './disk-room.ts';
import {type FolderFiles, listFolderFiles} from './folder-files.ts';
import type {WatchFolders} from './folders.ts';
import type {InspectedInbox} from './inspect-inbox.ts';
import {intakeReasons} from './intake-file.ts';
import {FILES_LISTED, LiveStatistics} from './statistics.ts';
import {composeStatus, describeOwner, figuresOfInbox, missingOf} from './status.ts';

export interface LiveFacts {
	readonly inbox: InspectedInbox;
	readonly isPaused: boolean;
	readonly isFull: boolean;
}

/** Files that have ended: all are in the ledger. */
const ENDED_LISTED = 1000;

export class LiveStatus {
	readonly #folders: WatchFolders;
	readonly #startedAt: number;
	readonly #epoch: number;
	readonly #statistics: LiveStatistics;
	/** Those between their intent and their end. */
	readonly #open = new Map<string, Claim>();
	/** The last ones that have ended and still have their file, in the order in which they ended. */
	#ended: Claim[];

	/** @param startedAt - As the ledger has it of this process. */
	constructor(folders: WatchFolders, {startedAt, epoch}: {readonly startedAt: number; readonly epoch: number}) {
		this.#folders = folders;
		this.#startedAt = startedAt;
		this.#epoch = epoch;
		const claims = openClaims(folders.ledger);
		try {
			this.#statistics = new LiveStatistics(claims, startedAt);
			const unfinished = claims.list({states: ['intended', 'claimed', 'decided']});
			for (const claim of unfinished) this.#open.set(claim.id, claim);
			const last = claims.list({statuses: ['completed', 'failed', 'duplicate'], limit: ENDED_LISTED});
			this.#ended = last.filter(({state}) => state === 'finished').reverse();
		} finally {
			claims.close();
		}
	}

	/** Of a transaction that is on the disk. */
	apply(changes: readonly ClaimChange[]): void {
		for (const change of changes) {
			if (change.type === 'withdraw') {
				this.#withdraw(change.id);
				continue;
			}
			if (change.type === 'intend' && change.claim.retryOf != null) this.#forget(change.claim.retryOf);
			const before = this.#open.get('claim' in change ? change.claim.id : change.id);
			const claim = changed(before, change);
			if (claim === null) continue;
			this.#statistics.put(claim);
			if (change.type === 'finish') {
				this.#open.delete(claim.id);
				this.#addEnded(claim);
			} else this.#open.set(claim.id, claim);
		}
	}

	/** A file is at a step of its way. */
	setStep(id: string, tag: string, step: string): void {
		const claim = this.#open.get(id);
		if (claim === undefined || claim.status !== null) return;
		const next = {...claim, tag, step};
		this.#open.set(id, next);
		this.#statistics.put(next);
	}

	files({inbox, waitsFor, blocked}: Pick<FolderFiles, 'inbox' | 'waitsFor' | 'blocked'>): WatchedFile[] {
		return listFolderFiles({inbox, waitsFor, blocked, open: this.#open.values(), ended: this.#ended});
	}

	#withdraw(id: string): void {
		const retryOf = this.#open.get(id)?.retryOf ?? null;
		this.#statistics.drop(id);
		this.#open.delete(id);
		const failed = retryOf === null ? null : this.#read(claims => claims.find(retryOf));
		if (failed === null) return;
		this.#statistics.restored(failed, this.#readFailed);
		this.#addEnded(failed);
	}

	/** Another claim has taken up its file. */
	#forget(id: string): void {
		const claim = this.#ended.find(known => known.id === id) ?? this.#read(claims => claims.find(id));
		if (claim === null) return;
		this.#ended = this.#ended.filter(known => known.id !== id);
		this.#statistics.retried(claim, this.#readFailed);
	}

	#addEnded(claim: Claim): void {
		this.#ended.push(claim);
		// Not one by one, because each time all of them move.
		if (this.#ended.length >= 2 * ENDED_LISTED) this.#ended = this.#ended.slice(-ENDED_LISTED);
	}

	readonly #readFailed = (): Claim[] => this.#read(claims => claims.list({statuses: ['failed'], limit: FILES_LISTED}));

	/** What is not kept in memory is in the ledger. Only a person asks for it. */
	#read<Value>(read: (claims: ClaimsReader) => Value): Value {
		const claims = openClaims(this.#folders.ledger);
		try {
			return read(claims);
		} finally {
			claims.close();
		}
	}

	status({inbox, isPaused, isFull}: LiveFacts): WatchStatus {
		const now = Date.now();
		const owner = describeOwner(
			{process: nameProcess(), epoch: this.#epoch, startedAt: this.#startedAt, endedAt: null},
			now,
		);
		return composeStatus({
			...{root: this.#folders.root, now, owner, lastWatched: null, statistics: this.#statistics.figures(now)},
			...{
				inbox: figuresOfInbox(inbox, now),
				room: roomOf(this.#folders.root),
				missingFolders: missingOf(this.#folders),
			},
			ownReasons: intakeReasons({isPaused, isFull}),
		});
	}
}

/** `null`: nothing of it is shown. */
function changed(before: Claim | undefined, change: Exclude<ClaimChange, {type: 'withdraw'}>): Claim | null {
	if (change.type === 'intend' || change.type === 'adopt') {
		const state = change.type === 'intend' ? 'intended' : 'claimed';
		return {...NOT_DECIDED, route: null, retryOf: null, ...change.claim, state, attempts: 0, startedAt: null};
	}
	if (before === undefined)
		throw new Error(`Expected the claim ${change.id} to be open when it comes to: ${change.type}`);
	if (change.type === 'start')
		return {...before, state: 'claimed', attempts: change.attempt, bytes: change.bytes, startedAt: change.at};
	if (change.type === 'finish') return {...before, state: 'finished', finishedAt: change.at};
	if (change.type === 'give-up') return null;
	const {status, destination, duplicateOf, duplicateOfName = null, code, message} = change.decision;
	const {tag, step, rows, rejectedRows} = change.decision;
	const decided = {status, destination, duplicateOf, duplicateOfName, code, message, tag, step, rows, rejectedRows};
	return {...before, ...decided, state: 'decided', decidedAt: change.at};
}

const NOT_DECIDED = {
	...{
		status: null,
		destination: null,
		duplicateOf: null,
		duplicateOfName: null,
		code: null,
		message: null,
		tag: null,
		step: null,
	},
	...{rows: null, rejectedRows: null, decidedAt: null, finishedAt: null, retriedBy: null},
} as const;

function roomOf(root: string): DiskRoom | null {
	try {
		return readDiskRoom(root);
	} catch {
		return null;
	}
}
