// What the thread of a shared ledger is started with, and what it says beside what all that write a ledger do.
import type {SecretAddress} from '../../text/secret-address.ts';
import type {NamedChange} from '../named-writer.ts';
import type {MemberTimes} from './members.ts';
import type {SnapshotLimits} from './snapshots.ts';

export interface SharedThreadData {
	readonly path: string;
	readonly address: SecretAddress;
	/** Of this program. */
	readonly version: string;
	/** Of this process. */
	readonly instance: string;
	readonly times: MemberTimes;
	readonly snapshotLimits: SnapshotLimits;
}

export interface OpenedShared {
	/** By which the log is known. */
	readonly log: string;
	/** What all instances know, and nobody else. */
	readonly secret: string;
}

/** Of no use after a moment, so that nothing of it is kept: `account`, `task`, and what is told of it. */
export type Progress = readonly [account: string, task: string, line: string];

export type Question =
	| {readonly type: 'progress'; readonly progress: Progress}
	| {readonly type: 'catch-up'}
	| {readonly type: 'stop'};

/** As it goes to the others. */
export type Told = readonly [instance: string, progress: Progress];

export type FromSharedThread =
	/** Others have written it. */
	| {readonly type: 'applied'; readonly changes: readonly NamedChange[]}
	| {readonly type: 'progress'; readonly progress: Progress}
	/** Times are by the clock of `monotonicNow`. `askedAt`: when it was asked for who is alive. `keeperUntil`, 0: another one is. */
	| {
			readonly type: 'members';
			readonly alive: readonly string[];
			readonly askedAt: number;
			readonly keeperUntil: number;
	  }
	/** For the log of the server: a sentence. */
	| {readonly type: 'said'; readonly sentence: string};

/** The same in all threads of a process, and goes on while it is frozen. */
export const monotonicNow = (): number => Number(process.hrtime.bigint() / 1_000_000n);
