// How the folder is doing, for the process that watches it: counted as claims change, so that it may be asked for every second.

import type {ClaimChange} from '../ledger/claims-protocol.ts';
import type {Claim} from '../ledger/claims-reader.ts';
import {openClaims} from '../ledger/claims-reader.ts';
import {nameProcess} from '../ledger/process-name.ts';
import type {HealthReason, WatchStatus} from '../model/watch-status.ts';
import {type DiskRoom, readDiskRoom} from './disk-room.ts';
import type {WatchFolders} from './folders.ts';
import type {InspectedInbox} from './inspect-inbox.ts';
import {LiveStatistics} from './statistics.ts';
import {composeStatus, describeOwner, figuresOfInbox, missingOf} from './status.ts';

export interface LiveFacts {
	readonly inbox: InspectedInbox;
	readonly isPaused: boolean;
}

export class LiveStatus {
	readonly #folders: WatchFolders;
	readonly #startedAt: number;
	readonly #epoch: number;
	readonly #statistics: LiveStatistics;
	/** Those between their intent and their end. */
	readonly #open = new Map<string, Claim>();

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
		} finally {
			claims.close();
		}
	}

	/** Of a transaction that is on the disk. */
	apply(changes: readonly ClaimChange[]): void {
		for (const change of changes) {
			if (change.type === 'withdraw') {
				this.#statistics.drop(change.id);
				this.#open.delete(change.id);
				continue;
			}
			const before = this.#open.get('claim' in change ? change.claim.id : change.id);
			const claim = changed(before, change);
			if (claim === null) continue;
			this.#statistics.put(claim);
			if (change.type === 'finish') this.#open.delete(claim.id);
			else this.#open.set(claim.id, claim);
		}
	}

	status({inbox, isPaused}: LiveFacts): WatchStatus {
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
			ownReasons: isPaused ? [PAUSED] : [],
		});
	}
}

const PAUSED: HealthReason = {
	code: 'INTAKE_PAUSED',
	message: 'No file is taken, because somebody has paused it: resume it in its dashboard.',
};

/** `null`: nothing of it is shown. */
function changed(before: Claim | undefined, change: Exclude<ClaimChange, {type: 'withdraw'}>): Claim | null {
	if (change.type === 'intend' || change.type === 'adopt') {
		const state = change.type === 'intend' ? 'intended' : 'claimed';
		return {...NOT_DECIDED, ...change.claim, state, attempts: 0, startedAt: null};
	}
	if (before === undefined)
		throw new Error(`Expected the claim ${change.id} to be open when it comes to: ${change.type}`);
	if (change.type === 'start')
		return {...before, state: 'claimed', attempts: change.attempt, bytes: change.bytes, startedAt: change.at};
	if (change.type === 'finish') return {...before, state: 'finished', finishedAt: change.at};
	if (change.type === 'give-up') return null;
	const {status, destination, duplicateOf, code, message, tag, step, rows, rejectedRows} = change.decision;
	const decided = {status, destination, duplicateOf, code, message, tag, step, rows, rejectedRows};
	return {...before, ...decided, state: 'decided', decidedAt: change.at};
}

const NOT_DECIDED = {
	...{status: null, destination: null, duplicateOf: null, code: null, message: null, tag: null, step: null},
	...{rows: null, rejectedRows: null, decidedAt: null, finishedAt: null},
} as const;

function roomOf(root: string): DiskRoom | null {
	try {
		return readDiskRoom(root);
	} catch {
		return null;
	}
}
