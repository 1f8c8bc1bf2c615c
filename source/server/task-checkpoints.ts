// How far tasks have read large data sets: after a restart they go on from there.
import {createHash} from 'node:crypto';
import {basename} from 'node:path';
import type {ResultStore} from '../engine/backend/keep-results.ts';
import type {ServerLedger} from '../ledger/server-ledger.ts';
import {mayPass} from '../ledger/start-commit-thread.ts';

export class TaskCheckpoints {
	readonly #ledger: ServerLedger;
	readonly #onFault: (error: unknown) => void;

	/** @param onFault - Called with what goes wrong, but for what may pass, as a full disk. */
	constructor(ledger: ServerLedger, onFault: (error: unknown) => void) {
		this.#ledger = ledger;
		this.#onFault = onFault;
	}

	/** @param reading - Names how data sets are read. */
	storeFor(reading: string): ResultStore {
		const key = createHash('sha256').update(reading).digest();
		/** Data sets whose checkpoint is on its way to the disk: one that comes meanwhile is not needed. */
		const writing = new Set<string>();
		return {
			mayKnow: path =>
				this.#ledger.get('SELECT 1 FROM task_checkpoints WHERE dataset = ? LIMIT 1', basename(path)) !== undefined,
			verifiesContent: false,
			find: async path => {
				const row = this.#ledger.get(
					'SELECT identity, state FROM task_checkpoints WHERE dataset = ? AND reading = ?',
					...[basename(path), key],
				);
				if (row === undefined) return null;
				return {identity: String(row.identity), result: null, contentHash: null, checkpoint: row.state as Uint8Array};
			},
			keepCheckpoint: (path, identity, checkpoint) => {
				const dataset = basename(path);
				if (writing.has(dataset)) return;
				writing.add(dataset);
				void this.#keep(dataset, [key, identity, checkpoint]).finally(() => writing.delete(dataset));
			},
		};
	}

	async #keep(
		dataset: string,
		values: readonly [key: Buffer, identity: string, checkpoint: Uint8Array],
	): Promise<void> {
		try {
			await this.#ledger.commit(
				{statement: 'keepCheckpoint', values: [dataset, ...values, this.#ledger.shared?.instance ?? null]},
				{statement: 'forgetDeaths', values: [dataset]},
			);
		} catch (error) {
			// The task itself goes on, and more of it would be read again.
			if (!mayPass(error)) this.#onFault(error);
		}
	}
}
