// What only the process that watches knows of how it takes files in, written down whenever it changes, for `status` and `doctor`: they run
// elsewhere and may ask nobody.
import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import type {Owner} from '../ledger/claims-reader.ts';
import {nameProcess} from '../ledger/process-name.ts';
import type {HealthReason} from '../model/watch-status.ts';
import {systemPath} from '../text/path-text.ts';
import type {WatchFolders} from './folders.ts';

export interface Intake extends IntakeRules, IntakeState {
	/** Names the process: what another one has left is not believed. See `ledger/process-name.ts`. */
	readonly process: string;
}

/** Which files are taken. */
export interface IntakeRules {
	readonly settleMs: number;
	readonly isRecursive: boolean;
	readonly needsMarker: boolean;
}

export interface IntakeState {
	/** By a person. */
	readonly isPaused: boolean;
	/** Whether it has met a full disk, which a quota may be as well. */
	readonly isFull: boolean;
	/** Names of files that could not be moved, with the reason. */
	readonly blocked: readonly (readonly [name: string, reason: string])[];
	/** Names in `underprocess/` of claims that could not be gone on with, with the reason. */
	readonly refused: readonly (readonly [storedName: string, reason: string])[];
	/** Of the routes that files take. */
	readonly tags: readonly string[];
}

/** How somebody who looks from outside has it that the folder is watched. */
export interface HowWatched {
	readonly said: Partial<IntakeRules>;
	/** What holds where neither they nor the process that watches have said anything. */
	readonly otherwise: IntakeRules;
}

/** As in the table of flags. */
export const USUALLY: HowWatched = {said: {}, otherwise: {settleMs: 2000, isRecursive: false, needsMarker: false}};

export function rulesOf({said, otherwise}: HowWatched, intake: Intake | null): IntakeRules {
	const {settleMs, isRecursive, needsMarker} = intake ?? otherwise;
	return {settleMs, isRecursive, needsMarker, ...said};
}

/** @returns Whether it is written: without room for it, the old one stays, which others believe until it is written. */
export function writeIntake({intake}: WatchFolders, rules: IntakeRules, state: IntakeState): boolean {
	const {settleMs, isRecursive, needsMarker} = rules;
	const all: Intake = {process: nameProcess(), settleMs, isRecursive, needsMarker, ...state};
	const temporary = `${intake}.tmp`;
	try {
		writeFileSync(systemPath(temporary), `${JSON.stringify(all)}\n`, {mode: 0o600});
		renameSync(systemPath(temporary), systemPath(intake));
		return true;
	} catch {
		return false;
	}
}

/** `null`: the process that watches has not said. */
export function readIntake({intake}: WatchFolders, owner: Owner | null): Intake | null {
	if (owner === null) return null;
	try {
		const value = JSON.parse(readFileSync(systemPath(intake), 'utf8')) as Intake;
		const {settleMs, isRecursive, needsMarker, isPaused, isFull, blocked, refused, tags} = value;
		const isWhole =
			typeof settleMs === 'number' &&
			[isRecursive, needsMarker, isPaused, isFull].every(each => typeof each === 'boolean') &&
			Array.isArray(blocked) &&
			Array.isArray(refused) &&
			Array.isArray(tags);
		return isWhole && value.process === owner.process ? value : null;
	} catch {
		return null;
	}
}

/** What of it is in the way of the work. */
export const intakeReasons = ({isPaused, isFull}: Pick<Intake, 'isPaused' | 'isFull'>): HealthReason[] => [
	...(isFull ? [DISK_FULL] : []),
	...(isPaused ? [PAUSED] : []),
];

const PAUSED: HealthReason = {
	code: 'INTAKE_PAUSED',
	message: 'No file is taken, because somebody has paused it: resume it in its dashboard.',
};

const DISK_FULL: HealthReason = {
	code: 'DISK_FULL',
	message: 'The disk is full, or a quota is used up, so no more files are taken: make room, and it goes on by itself.',
};
