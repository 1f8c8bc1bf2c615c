// One action on all files of a server that a filter matches: what it would be done to, and then the action itself, which the server goes on with by itself.
import {setTimeout as wait} from 'node:timers/promises';
import {type Patience, untilItGoesWell} from './backoff.ts';
import type {Connection} from './connection.ts';

export interface BulkAsked {
	readonly action: 'cancel' | 'retry';
	/** Terms as in the filter of the dashboard. */
	readonly q: string;
}

export interface BulkPlanView {
	readonly total: number;
	/** How many of them it applies to. */
	readonly applies: number;
	/** The first ones. */
	readonly sample: readonly {readonly file_id: string; readonly name: string}[];
}

export interface BulkView {
	readonly id: string;
	readonly action: string;
	readonly q: string;
	readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED';
	readonly total: number;
	readonly pending: number;
	readonly done: number;
	readonly skipped: number;
	readonly failed: number;
	/** Files to which it was not done. */
	readonly remarks?: readonly {readonly file_id: string; readonly status: string; readonly reason: string}[];
}

const BULK = '/api/v1/bulk';
const LOOK_MS = 300;

/** @throws {ClientError} */
export async function planBulk(connection: Connection, asked: BulkAsked, patience: Patience): Promise<BulkPlanView> {
	const {signal} = patience;
	const ask = () => connection.ask<BulkPlanView>('POST', `${BULK}?dry_run=true`, {json: asked, signal});
	return (await untilItGoesWell(ask, patience)).body;
}

/**
Resolves with its end.

@param total - How many matched when somebody agreed to it.
@param onProgress - Called with how far it is.
@param leave - Cancels what is left of it.
@throws {ClientError} Where another number matches by now, too.
*/
export async function performBulk(
	connection: Connection,
	asked: BulkAsked & {readonly total: number},
	patience: Patience,
	{onProgress, leave}: {readonly onProgress: (bulk: BulkView) => void; readonly leave?: AbortSignal},
): Promise<BulkView> {
	const {total: expected_count, action, q} = asked;
	// Not tried again where its answer is lost: whether it was begun is in the list of bulk actions.
	const {body: begun} = await connection.ask<BulkView>('POST', BULK, {json: {action, q, expected_count}});
	const path = `${BULK}/${encodeURIComponent(begun.id)}`;
	let hasLeft = false;
	for (let bulk = begun; ; ) {
		if (leave?.aborted === true && !hasLeft) {
			hasLeft = true;
			await untilItGoesWell(() => connection.ask('DELETE', path), patience);
		}
		bulk = (await untilItGoesWell(() => connection.ask<BulkView>('GET', path), patience)).body;
		onProgress(bulk);
		if (bulk.status !== 'RUNNING') return bulk;
		await wait(LOOK_MS, undefined, leave === undefined || hasLeft ? {} : {signal: leave}).catch(() => {});
	}
}
