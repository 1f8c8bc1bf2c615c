// What accounts are notified of that is no change of the ledger: a quota that is used up, and a watched folder that does not get on. Each is told once,
// however often it is found, also by a process that begins while it lasts.
import type {ServerLedger} from '../../ledger/server-ledger.ts';
import {LOCAL_USER, type User} from '../accounts.ts';
import type {ServedInbox} from '../served-inbox.ts';
import {noticeSince} from './notice.ts';

export interface OccasionsOptions {
	readonly ledger: ServerLedger;
	/** `null`: no folder is watched. */
	readonly inbox: ServedInbox | null;
	readonly onFault: (error: unknown) => void;
}

/** Of an account. */
export interface SpentRoom {
	readonly used_bytes: number;
	readonly quota_bytes: number | null;
	readonly used_files: number;
	readonly quota_files: number | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** A file that waits or is worked on for longer is stuck, as the alert rules have it. */
const STUCK_SECONDS = 900;

/** Accounts that may see the folder, and want to be told. */
const OPERATORS = `SELECT DISTINCT endpoints.account AS id FROM endpoints LEFT JOIN accounts ON accounts.id = endpoints.account
	WHERE endpoints.state = 'on' AND (endpoints.account = ? OR (role IN ('operator', 'admin') AND is_disabled = 0))
		AND EXISTS (SELECT 1 FROM json_each(types) WHERE value = 'inbox.stuck')`;

export class Occasions {
	readonly #options: OccasionsOptions;
	#isStuck = false;

	constructor(options: OccasionsOptions) {
		this.#options = options;
	}

	/** Once a day, for as long as it is so. */
	quotaExceeded({id}: Pick<User, 'id'>, room: SpentRoom): void {
		const {ledger, onFault} = this.#options;
		const data = {...room, links: {usage: '/api/v1/usage', files: '/api/v1/files'}};
		ledger.commit(...noticeSince(Date.now() - DAY_MS, id, 'quota.exceeded', data)).catch(onFault);
	}

	/** Once from when it gets on no more until it does again. */
	async lookAtInbox(): Promise<void> {
		const {ledger, inbox} = this.#options;
		if (inbox === null) return;
		const {oldest, health, files} = inbox.look().status;
		const isStuck = oldest !== null && oldest.age > STUCK_SECONDS;
		if (!isStuck || this.#isStuck) {
			this.#isStuck = isStuck;
			return;
		}
		// A process before may have told of this very file.
		const cameAt = Date.now() - oldest.age * 1000;
		const data = {
			...{file: oldest.file, age_seconds: Math.round(oldest.age), files, health},
			links: {inbox: '/api/v1/inbox'},
		};
		const accounts = ledger.all(OPERATORS, LOCAL_USER.id).map(({id}) => String(id));
		await ledger.commit(...accounts.flatMap(account => noticeSince(cameAt, account, 'inbox.stuck', data)));
		this.#isStuck = true;
	}
}
