// Who writes to an upload. Of two at the same time one is refused at once: to wait would take processor time, and a client tries again anyway. Where several
// servers share a ledger, it says which of them writes; from one that has died another one takes over.
import {setTimeout as wait} from 'node:timers/promises';
import type {Lock, Locker} from '@tus/server';
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import {isConflict, mayPass} from '../ledger/start-commit-thread.ts';
import {problem} from './problem.ts';

export interface UploadLockerOptions {
	readonly ledger: Pick<ServerLedger, 'shared' | 'get' | 'commit'>;
	/** Whether the request only asks how far the upload is. */
	readonly isReader: () => boolean;
	/** Makes what has come of it a file of its own: who had it before writes into another one from then on. */
	readonly takeOver: (id: string) => Promise<void>;
	/** For tests. */
	readonly againMs?: number;
}

/** To open a file takes no longer, and no other instance takes one for dead so soon. */
const OPEN_MS = 5000;
/** Until it is tried again to let one go. */
const AGAIN_MS = 1000;

export class UploadLocker implements Locker {
	readonly #options: UploadLockerOptions;
	/** From when on, by the clock of `performance.now()`. */
	readonly #held = new Map<string, number>();
	/** Whose files those may still write that held them before. */
	readonly #toTakeOver = new Set<string>();

	constructor(options: UploadLockerOptions) {
		this.#options = options;
	}

	isHeld(id: string): boolean {
		return this.#held.has(id);
	}

	/** As the ledger has it, for one that is held here; `null`: there is one server only, or it is not held. */
	holderOf(id: string): string | null {
		return this.#held.has(id) ? (this.#options.ledger.shared?.instance ?? null) : null;
	}

	/**
	To be written with an upload that begins with its first bytes: another instance may be told of it at once, and would write into the same file.

	@param id - Of one that is held here.
	*/
	holdNew(id: string): readonly ServerChange[] {
		const holder = this.holderOf(id);
		return holder === null ? [] : [{statement: 'holdUpload', values: [holder, id, null], rows: 1}];
	}

	/** To be called when that is written. */
	noteHeld(id: string): void {
		if (this.#held.has(id)) this.#held.set(id, performance.now());
	}

	/**
	To be called when its file is open: who was frozen until then may have lost it to another instance, and would write into the file of that one.

	@throws {Problem}
	*/
	assertHeld(id: string): void {
		const since = this.#held.get(id);
		if (since !== undefined && performance.now() - since > OPEN_MS && this.#options.ledger.shared !== null)
			throw locked();
	}

	newLock(id: string): Lock {
		if (this.#options.isReader()) return {async lock() {}, async unlock() {}};
		return {
			lock: async () => {
				if (this.#held.has(id)) throw locked();
				this.#held.set(id, performance.now());
				try {
					await this.#hold(id);
					this.noteHeld(id);
				} catch (error) {
					this.#held.delete(id);
					throw error;
				}
			},
			unlock: async () => {
				this.#held.delete(id);
				await this.#release(id);
			},
		};
	}

	async #hold(id: string): Promise<void> {
		const {ledger, takeOver} = this.#options;
		const {shared} = ledger;
		if (shared === null) return;
		const {instance} = shared;
		const row = ledger.get('SELECT holder FROM uploads WHERE id = ?', id);
		// What is not there is told by who looks for it, and held by who makes it.
		if (row === undefined) return;
		const holder = row.holder as string | null;
		const isLeft = holder !== null && shared.isDead(holder, id);
		if (holder !== null && holder !== instance && !isLeft) throw locked();
		// First, and until it is done: who has it in the ledger, and not as a file of its own, may find itself the holder at the next try.
		if (isLeft) this.#toTakeOver.add(id);
		try {
			await ledger.commit({statement: 'holdUpload', values: [instance, id, isLeft ? holder : null], rows: 1});
		} catch (error) {
			throw isConflict(error) ? locked() : error;
		}
		if (!this.#toTakeOver.has(id)) return;
		await takeOver(id);
		this.#toTakeOver.delete(id);
	}

	/** What was received and written down has let it go already. */
	async #release(id: string): Promise<void> {
		const {ledger} = this.#options;
		const {shared} = ledger;
		if (shared === null) return;
		const isOurs = (): boolean => ledger.get('SELECT holder FROM uploads WHERE id = ?', id)?.holder === shared.instance;
		const release = () => ledger.commit({statement: 'releaseUpload', values: [id, shared.instance]});
		if (!isOurs()) return;
		try {
			await release();
		} catch {
			void this.#releaseLater(id, isOurs, release);
		}
	}

	async #releaseLater(id: string, isOurs: () => boolean, release: () => Promise<void>): Promise<void> {
		while (!this.#held.has(id)) {
			await wait(this.#options.againMs ?? AGAIN_MS, undefined, {ref: false});
			try {
				if (this.#held.has(id) || !isOurs()) return;
				await release();
				return;
			} catch (error) {
				// This process ends, whose uploads others take over then.
				if (!mayPass(error)) return;
			}
		}
	}
}

const locked = () => problem('LOCKED', 'Somebody is writing to this upload.');
