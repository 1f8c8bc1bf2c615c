// How an attempt at a claim ends, and what is told where its file is at fault.
import type {Decision} from '../ledger/claims-protocol.ts';
import type {ErrorReport, FileReport} from '../model/report.ts';
import type {WayOutcome} from '../pipeline/run-steps.ts';
import {toError} from './claim-reports.ts';

export interface DecidedEnd {
	readonly type: 'decided';
	readonly decision: Decision;
	readonly document: string;
	readonly report: FileReport;
}

export interface PassingFailure {
	readonly type: 'again';
	readonly error: ErrorReport;
	readonly hasChanged: boolean;
	/** Its step has already tried again, so it is not done once more. */
	readonly wasRetried?: boolean;
	/** What it got to on its way, where that is of one version of the file. */
	readonly way?: WayOutcome;
	readonly contentHash?: string;
}

/** What an attempt came to. */
export type AttemptEnd =
	| DecidedEnd
	/** It may go well later. */
	| PassingFailure
	/** There is no time for it. */
	| {readonly type: 'stopped'};

export const NO_ROUTE = {
	code: 'NO_ROUTE',
	message:
		'No route takes this file: add one with "match": "any", or look at why each does not with fileproc-tui routes check.',
};
export const NOT_REGULAR = 'Expected a regular file; something else was put in its place as it was taken.';
export const CHANGED: PassingFailure = {
	type: 'again',
	error: toError(
		'CHANGED_WHILE_READING',
		'The file was changed while it was read, so its figures would be of two versions.',
	),
	hasChanged: true,
};
export const crashLoop = (count: number): string =>
	`${count} processes have died while they worked on this file, so it is not tried again by itself.`;
